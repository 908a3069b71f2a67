/** What is deleted because its time is over: how much another time would delete, and what each day has. */
import * as v from 'valibot';
import type { SiteId } from './ids.ts';

/**
 * `details`: what is personal in the ledger, of one person in one month. Files are those that went by their own time; those
 * of a conversation go with it.
 */
export const deletedKinds = ['conversations', 'files', 'visitors', 'details'] as const;
export type DeletedKind = (typeof deletedKinds)[number];

const days = v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}$/, 'not a number of days'), v.transform(Number));
/** Of so many days: how many would be deleted with the next night. */
export const overQuery = v.strictObject({ kind: v.picklist(['conversations', 'visitors']), days });
export const detailsOverQuery = v.strictObject({ days });
export type OverAnswer = { over: number };
/** `over`: of how many people what is personal in the ledger goes; `before`: of months before this one, in UTC. */
export type DetailsOverAnswer = { over: number; before: string };

/** `day`: in UTC. `site`: null for what is of none. */
export type DeletedAnswer = {
  deleted: { day: string; site: SiteId | null; kind: DeletedKind; count: number }[];
};
