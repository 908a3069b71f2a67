/** Why a file is covered, in a sentence; nothing where it is not. */
import type { FileView } from '../../../protocol/frames.ts';
import { locale } from '../../ui/words.ts';
import { words } from './words.ts';

export function coversOf({ about }: FileView): string[] {
  const reasons = (about?.sensitive ?? []).map((cover) => words.covers[cover]);
  return reasons.length === 0 ? [] : [words.covered(new Intl.ListFormat(locale).format(reasons))];
}
