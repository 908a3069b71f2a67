/**
 * Files: what arrives in parts is sealed part by part on its way into the bucket, looked at, scanned, and goes out again
 * to whoever opened it. Whose it is and who may see it is the conversation's to say, which keeps the rows.
 */
export {
  closed,
  isPassing,
  isScanned,
  stateAfter,
  partBytesOf,
  partsOf,
  roomFor,
  scanAgainAfter,
  coversOf,
} from './files/rules.ts';
export { deleteFilesOf, filePlace, StoredFile } from './files/stored.ts';
export { type FileRow, FileRows, goneFrom, Uploads } from './files/store.ts';
export type { Finished } from './files/taking.ts';
export { partOf, sealedAnswer } from './files/sending.ts';
export { scanFile, type Scanned } from './files/scanner.ts';
