/** Files, in both faces: how they are chosen, how they are on their way, how they stand in a thread. Fetched when needed. */
import type { FileView } from '../../protocol/frames.ts';
import { nameOf } from './files/saying.ts';
import { words } from './files/words.ts';

export { Uploads, type Upload, type UploadAccess } from '../connection/uploads.ts';
export { Choosing } from './files/choosing.ts';
export { File } from './files/file.tsx';
export { type As, openFile, save } from './files/open.ts';
export { Tray } from './files/tray.tsx';
export { dayOf, nameOf, sizeOf, standing, whyNot } from './files/saying.ts';
export { type FilesWords, speak } from './files/words.ts';

/** As it is read aloud when it comes. */
export function aloud(name: string, file: FileView): string {
  return words.sent(name, nameOf(file));
}

/** Its line in a transcript. */
export function lineOf(file: FileView): string {
  return words.line(nameOf(file));
}
