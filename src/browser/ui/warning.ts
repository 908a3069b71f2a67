/** What warns before something sensitive goes, in both faces, and says what was masked. Fetched when needed. */
export { guard, type Guarded } from './warning/guard.ts';
export { Lookout } from './warning/lookout.ts';
export { Masked } from './warning/masked.tsx';
export { Warning } from './warning/warning.tsx';
export { speak, type WarningWords } from './warning/words.ts';
