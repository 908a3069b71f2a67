/** Texts with marks and addresses, and their style, fetched with the first that has any. */
import { maskedIn, type MaskedKind } from '../../../protocol/marks.ts';
import css from '../../ui/rich-text.css?inline';
import { RichText as Marked } from '../../ui/rich-text.tsx';
import type { TextView } from '../../ui/thread.tsx';
import { later } from '../later.tsx';
import { wear } from '../sheet.ts';
import { warning } from '../warning.ts';

export { plainText } from '../../ui/rich-text/plain.ts';

wear(css);
const Masked = later<'Masked', { kinds: readonly MaskedKind[] }>(warning, 'Masked');

export const RichText: TextView = ({ text, markup }) => {
  const kinds = maskedIn(text);
  return (
    <>
      <Marked text={text} markup={markup} />
      {kinds.length > 0 && <Masked kinds={kinds} />}
    </>
  );
};
