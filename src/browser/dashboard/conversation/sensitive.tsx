/**
 * What warns before something sensitive goes, and says what was masked. It is fetched with the first letter; should it
 * not come, nothing is held back: the server masks it all the same.
 */
import { maskedIn } from '../../../protocol/marks.ts';
import { RichText } from '../../ui/rich-text.tsx';
import type { TextView } from '../../ui/thread.tsx';
import { lazy } from '../lazy.tsx';

const fetchWarning = () => import('./warning.tsx');

export const Guard = lazy(
  async () => (await fetchWarning()).Guard,
  () => null,
);
const Masked = lazy(
  async () => (await fetchWarning()).Masked,
  () => null,
);

/** What was said, and that something in it was masked. */
export const SaidText: TextView = ({ text, markup }) => {
  const kinds = maskedIn(text);
  return (
    <>
      <RichText text={text} markup={markup} />
      {kinds.length > 0 && <Masked kinds={kinds} />}
    </>
  );
};
