/** Backups, as whoever sees to them is shown them: numbers, times and hashes, and nothing of anybody. */
import * as v from 'valibot';
import { daySchema, reasonSchema } from './fields.ts';
import type { ReturnView } from './restore.ts';

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
 * How the last weekly drill ended, or that it goes on: of which backup, what is wrong with it, and how much of it was
 * compared and opened so far. `sealed`: it could open nothing, for the backup is sealed to an OpenPGP key.
 */
export type DrillView = {
  number: number;
  state: 'working' | 'done' | 'failed' | 'sealed';
  begunAt: number;
  wrong: string | null;
  rows: number;
  conversations: number;
  opened: number;
};

/**
 * The newest first. `nextAt`: when the next one is due; `isMissing`: there should be a newer one that is whole; `key`: what
 * signs from now on, as `name+id+key`. `drill`: null where there was none; `isDrillMissing`: there was no good one of late.
 * `tried`: on which day one was put back by hand last; null: never. `isTryDue`: there should be a newer one, as none can be
 * opened here. `back`: what was put back last from one, or is being put back; null: nothing.
 */
export type BackupsAnswer = {
  backups: BackupView[];
  nextAt: number;
  isMissing: boolean;
  key: string;
  drill: DrillView | null;
  isDrillMissing: boolean;
  tried: string | null;
  isTryDue: boolean;
  back: ReturnView | null;
};

/** That one which is sealed to an OpenPGP key was put back by hand: on which day, and where or how. */
export const triedRequest = v.strictObject({ on: daySchema, note: reasonSchema });
