/** Backups, as whoever sees to them is shown them: numbers, times and hashes, and nothing of anybody. */

/** `broken`: of no use, and what is wrong with it is said. */
export type BackupState = 'making' | 'whole' | 'broken';

/** What is done of a backup, in its order; behind `check` it is whole or broken. */
export const backupStages = [
  'sweep',
  'conversations',
  'objects',
  'tables',
  'ledger',
  'close',
  'check',
  'tidy',
] as const;
export type BackupStage = (typeof backupStages)[number];

/**
 * Times are Unix milliseconds. `isFull`: it needs none before it. `parts`: of one that is being made, those so far.
 * `manifest`: the SHA-256 of its manifest in base64, to be kept elsewhere. `wrong`: the first object that is not as it was
 * signed, and what is wrong with it. `stage`: of one that is being made.
 */
export type BackupView = {
  number: number;
  isFull: boolean;
  state: BackupState;
  begunAt: number;
  overAt: number | null;
  parts: number | null;
  bytes: number | null;
  manifest: string | null;
  wrong: string | null;
  stage: BackupStage | null;
};

/**
 * The newest first. `nextAt`: when the next one is due; `isMissing`: there should be a newer one that is whole; `key`: what
 * signs from now on, as `name+id+key`.
 */
export type BackupsAnswer = { backups: BackupView[]; nextAt: number; isMissing: boolean; key: string };
