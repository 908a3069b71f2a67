/**
 * What is held back while an incident lasts. It stands in the database, in one place, and everybody who is about to let
 * something happen asks here: what was read there serves for at most a second in each isolate, so that whatever is held
 * back is so everywhere within that second, whoever could not be told of it.
 */
import type { Env } from '../config.ts';
import { logFault, raiseLogUntil } from '../log.ts';
import { type Held, heldAt, type HeldRow, nothingHeld, refusalOf } from './containment/rules.ts';
import { type ContainmentRow, ContainmentStore } from './containment/store.ts';
import type { ContainmentKind, HeldMode } from '../protocol/containment.ts';
import type { ContainmentId, PersonId } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';

export { type Held, isBlocked, refusalOf, shutBy } from './containment/rules.ts';
export type { ContainmentRow } from './containment/store.ts';

const reuse = 1_000;
/** So long chat waits for the database before it goes on by what was known, and does not wait again at once. */
const patience = 1_000;
const impatient = 10_000;

/**
 * `query`: the how manyeth it was in this isolate. `at`: when it was asked. What was read is kept, never a promise: that
 * belongs to the request that made it.
 */
let known: { query: number; at: number; rows: readonly HeldRow[] } | undefined;
let queries = 0;
let lateAt = -Infinity;

/** What is held back, as it stood at most a second ago, or as it stands now. */
export async function heldNow(env: Env, needs?: 'now'): Promise<Held> {
  if (needs === undefined && known !== undefined && isFresh()) return heldAt(known.rows, Date.now());
  return heldAt(await ask(env), Date.now());
}

/** As `heldNow`; where the database does not say it within a second, chat goes on by what was known of it last. */
export async function heldForChat(env: Env): Promise<Held> {
  if (!isFresh()) {
    const answer = ask(env).catch((error: unknown): undefined => {
      logFault('containment.read', error);
    });
    if (!isSince(lateAt, impatient) && (await within(patience, answer)) === undefined) lateAt = Date.now();
  }
  return heldAsKnown();
}

/** As it was known last in this isolate: for what is not worth waiting. */
export function heldAsKnown(): Held {
  return known === undefined ? nothingHeld : heldAt(known.rows, Date.now());
}

function isFresh(): boolean {
  return known !== undefined && isSince(known.at, reuse);
}

function isSince(moment: number, span: number): boolean {
  return Math.abs(Date.now() - moment) < span;
}

async function ask(env: Env): Promise<readonly HeldRow[]> {
  const [query, at] = [++queries, Date.now()];
  const rows = await new ContainmentStore(env.DB).held();
  // What was asked before this may not say what stood then.
  if (known === undefined || known.query < query) known = { query, at, rows };
  lateAt = -Infinity;
  raiseLogUntil(heldAt(known.rows, Date.now()).logging);
  return rows;
}

/** Undefined: it took longer than so many milliseconds. */
async function within<T>(most: number, work: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, most, undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** From when this is answered, every isolate that looks goes by it. */
export async function holdBack(env: Env, row: ContainmentRow): Promise<void> {
  await new ContainmentStore(env.DB).put(row);
  await heldNow(env, 'now');
}

export async function letGo(env: Env, id: ContainmentId): Promise<void> {
  await new ContainmentStore(env.DB).drop(id);
  await heldNow(env, 'now');
}

export function listContainments(env: Env, now: number): Promise<ContainmentRow[]> {
  return new ContainmentStore(env.DB).list(now);
}

/** Whether somebody is locked while an incident lasts. */
export async function isLocked(env: Env, person: PersonId): Promise<boolean> {
  return (await containmentOn(env, 'person', person)) !== undefined;
}

/** Somebody was disabled: if they are locked, they stay so once they are not. */
export function keepDisabled(env: Env, person: PersonId): Promise<void> {
  return new ContainmentStore(env.DB).disable(person);
}

/** What is held back of this kind and target, or was until its time was over. */
export function containmentOn(
  env: Env,
  kind: ContainmentKind,
  target: string,
): Promise<ContainmentRow | undefined> {
  return new ContainmentStore(env.DB).on(kind, target);
}

export function containmentOf(env: Env, id: ContainmentId): Promise<ContainmentRow | undefined> {
  return new ContainmentStore(env.DB).find(id);
}

/** Sent on only while this is not held back: what is under way is cut off within a second of it. */
export function unlessHeld(
  env: Env,
  mode: HeldMode,
  body: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: async (chunk, controller) => {
        if ((await heldNow(env)).modes.has(mode)) throw new Refusal(refusalOf[mode]);
        controller.enqueue(chunk);
      },
    }),
  );
}
