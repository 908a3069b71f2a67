/** What is masked, in words. */
import type { MaskedKind } from '../../../protocol/marks.ts';
import { locale } from '../words.ts';
import { words } from './words.ts';

export function kindsIn(kinds: readonly MaskedKind[]): string {
  return new Intl.ListFormat(locale).format(kinds.map((kind) => words.kinds[kind]));
}
