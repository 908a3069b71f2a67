/**
 * What is held back while an incident lasts. It stands in the database, in one place, and everybody who is about to let
 * something happen asks here: what was read there serves for at most a second in each isolate, so that whatever is held
 * back is so everywhere within that second, whoever could not be told of it.
 */
import type { Env } from '../config.ts';
import { logFault, raiseLogUntil } from '../log.ts';
import { type Held, heldAt, type HeldRow, nothingHeld, refusalOf } from './containment/rules.ts';
import { type ContainmentRow, ContainmentStore } from './containment/store.ts';
import type { HeldMode } from '../protocol/containment.ts';
import type { ContainmentId, PersonId } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';

export { type Held, isBlocked, refusalOf, shutBy } from './containment/rules.ts';
export type { ContainmentRow } from './containment/store.ts';

const reuse = 1_000;
let known: { at: number; rows: readonly HeldRow[] } | undefined;

/** What is held back, as it stood at most a second ago, or as it stands now. */
export async function heldNow(env: Env, needs?: 'now'): Promise<Held> {
  const now = Date.now();
  if (needs === undefined && known !== undefined && Math.abs(now - known.at) < reuse)
    return heldAt(known.rows, now);
  known = { at: now, rows: await new ContainmentStore(env.DB).held() };
  const held = heldAt(known.rows, now);
  raiseLogUntil(held.logging);
  return held;
}

/** As `heldNow`; where the database can't be asked, chat goes on by what was known of it last. */
export async function heldForChat(env: Env): Promise<Held> {
  try {
    return await heldNow(env);
  } catch (error) {
    logFault('containment.read', error);
    return known === undefined ? nothingHeld : heldAt(known.rows, Date.now());
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
export function isLocked(env: Env, person: PersonId): Promise<boolean> {
  return new ContainmentStore(env.DB).isHeld('person', person);
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
