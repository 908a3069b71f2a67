/** How a backup is made step by step: what each step gets, and where it leaves off. */
import type { Env } from '../../config.ts';
import type { BackupStage } from '../../protocol/backups.ts';
import type { Backup } from './rules.ts';
import type { BackupShelf } from './shelf.ts';
import type { BackupStore } from './store.ts';

/** `root`: the active one, under which everything that is made lies. */
export type Making = { env: Env; store: BackupStore; shelf: BackupShelf; backup: Backup; root: number };
/** The number of the next part, what is next to be done, and from where on. */
export type Place = { n: number; stage: BackupStage; after: string };
export type Step = { next: Place | null; done: number };
