/**
 * What warns before something sensitive goes, and says what was masked. It is fetched with the first letter; should it
 * not come, nothing is held back: the server masks it all the same.
 */
import { richText } from '../../ui/rich-text.tsx';
import { lazy } from '../lazy.tsx';

const fetchWarning = () => import('./warning.tsx');

export const Guard = lazy(
  async () => (await fetchWarning()).Guard,
  () => null,
);

export const RichText = richText(
  lazy(
    async () => (await fetchWarning()).Masked,
    () => null,
  ),
);
