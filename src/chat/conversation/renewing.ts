/** A file that is sealed anew under a fresh key, part by part as it is read, so that one part of it is in memory at a time. */
import type { FileManifest, FilePart } from '../../vault.ts';
import type { FileRow, StoredFile } from '../files.ts';
import type { About, FileBook } from './file-book.ts';

/** What takes the place of what is known of it, and the parts that are the file from then on. */
export type Anew = Pick<FileRow, 'record' | 'about' | 'manifest'> & { parts: readonly FilePart[] };

/** Nothing of it counts before it stands in the file's row. @throws VaultError where what lies there is not this file */
export async function sealedFileAnew(
  book: FileBook,
  stored: StoredFile,
  row: FileRow,
  about: About,
): Promise<Anew> {
  const former = await book.keyOf(row);
  const manifest: FileManifest = await former.openManifest(row.manifest);
  const { key, record } = await book.newKey(row.id);
  const plain = await stored.read(former, manifest);
  const parts = await stored.putAll(key, plain);
  return {
    record,
    about: await book.sealedAbout(key, row.id, about),
    manifest: await key.sealManifest(parts, manifest.length),
    parts,
  };
}
