/** HTTP bodies of putting a backup back. */
import * as v from 'valibot';
import { idSchema } from './ids.ts';

/**
 * `number`: null for the newest. `newest`: the SHA-256 of the newest manifest, if it is known from elsewhere. `passOver`:
 * those behind the one with this number are damaged, so that it counts as the newest.
 */
export const restoreRequest = v.pipe(
  v.strictObject({
    number: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
    newest: v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/, 'not a SHA-256 in base64'))),
    passOver: v.optional(v.boolean(), false),
  }),
  v.check(({ number, passOver }) => number !== null || !passOver, 'no number to pass over those behind it'),
);
export type RestoreWish = v.InferOutput<typeof restoreRequest>;
/**
 * `newest`: the backup whose register of what was erased holds, and whose ledger comes back. `stage`: what is being done;
 * null once it is over. `wrong`: what is not as it was signed. `counts`: what has come back and what was left out, so far.
 */
export type RestoreView = {
  number: number;
  newest: number;
  state: 'working' | 'done' | 'failed';
  stage: string | null;
  begunAt: number;
  overAt: number | null;
  wrong: string | null;
  counts: Readonly<Record<string, number>>;
};
export type RestoreAnswer = { restore: RestoreView | null };

/** From the backup with this number: a conversation, or all that there was of a visitor, by their id. */
export const returnRequest = v.strictObject({
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  id: v.union([idSchema('conversation'), idSchema('visitor')]),
});
export type ReturnWish = v.InferOutput<typeof returnRequest>;
/** As `RestoreView`. `wanted`: the id. */
export type ReturnView = Omit<RestoreView, 'newest'> & { wanted: string };
export type ReturnAnswer = { back: ReturnView | null };
