/** What warns before something sensitive goes. Should it not come, that goes all the same: the server masks it. */
import { part } from './parts.ts';

export const warning = part(() => import('./later/warning.tsx'));
