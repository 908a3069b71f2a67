/** Consents: what customers agreed to before they wrote, for themselves to see and to take back. */
export { withdrawPortion } from './consents/withdrawing.ts';
