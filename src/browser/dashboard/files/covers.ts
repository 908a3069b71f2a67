/** Why a file is covered, each in a sentence; nothing where it is not. */
import type { FileView } from '../../../protocol/frames.ts';
import { words } from './words.ts';

export function coversOf({ about }: FileView): string[] {
  return (about?.sensitive ?? []).map((cover) => words.covers[cover]);
}
