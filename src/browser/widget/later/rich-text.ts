/** Texts with marks and addresses, and their style, fetched with the first that has any. */
import type { MaskedKind } from '../../../protocol/marks.ts';
import css from '../../ui/rich-text.css?inline';
import { richText } from '../../ui/rich-text.tsx';
import { later } from '../later.tsx';
import { wear } from '../sheet.ts';
import { warning } from '../warning.ts';

export { plainText } from '../../ui/rich-text/plain.ts';

wear(css);

export const RichText = richText(later<'Masked', { kinds: readonly MaskedKind[] }>(warning, 'Masked'));
