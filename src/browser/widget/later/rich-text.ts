/** Texts with marks and addresses, and their style, fetched with the first that has any. */
import css from '../../ui/rich-text.css?inline';
import { wear } from '../sheet.ts';

export { plainText } from '../../ui/rich-text/plain.ts';
export { RichText } from '../../ui/rich-text.tsx';

wear(css);
