/**
 * Rotation of Sotto's own keys: a key is retired and another made, what lies under it is wrapped anew, and once nothing
 * does it is thrown away. What was sealed stays as it is, and nobody signs in again.
 *
 * Round after round goes through everything that may lie under the key, until one finds nothing more of it. The first
 * begins when no isolate seals under it any more, and each when whoever read before it has done so: only then can
 * nothing come back that a round has seen.
 */
import { type Env, vaultOf } from '../config.ts';
import { idOf } from '../ledger.ts';
import { enter } from '../people/recording.ts';
import type { ConversationId } from '../protocol/ids.ts';
import type { KeyHolder, KeyPurpose } from '../protocol/keys.ts';
import { dueOf, keyTable, REFRESH_MS, RETIRING_MS, type ServiceKeyRow } from '../vault.ts';
import { watchOf } from './alarms.ts';
import { keepKeys } from './backups.ts';
export { keyPlaceOf } from './rotation/holders.ts';
import { begin, canBegin } from './rotation/emergency.ts';
import { type Holder, holders } from './rotation/holders.ts';
import { UnmovedStore } from './rotation/store.ts';
import { beginRun, newestRun, type Portion, type Run } from './runs.ts';

export { emergencyOf, emergencyPortion, sealReturned } from './rotation/emergency.ts';
export { isSealedUnder } from './rotation/rows.ts';
export { rootsFromKeys, rootsFromLedger, seeToRoots } from './rotation/roots.ts';

/** Something that keeps coming back is left for another night. */
const mostRounds = 6;
/** A portion waits no longer than this. */
const mostWaited = 5_000;

/** Retires this key, if it is active, and has what lies under it wrapped anew. Begun again it is the same. */
export async function rotate(env: Env, { id, purpose }: ServiceKeyRow, now: number): Promise<void> {
  await (await vaultOf(env)).replace(id, now);
  await keepKeys(env);
  if (purpose in holders) await goOn(env, id, now);
}

/** What tokens' keys of today have signed is believed no more, from when all isolates sign with another. */
export async function refuseTokens(env: Env, now: number): Promise<void> {
  await (await vaultOf(env)).renew('token', now);
  for (const { id, purpose, state } of await keyTable(env.DB).all())
    if (purpose === 'token' && state === 'retired') await beginRun(env, 'rotation', runName(id), now);
}

/**
 * What helps where keys have leaked: new ones, and everything that lay under those of before sealed anew; or one
 * conversation alone. Begun while it goes on it is the same.
 * @throws {Refusal} already_done: one conversation is being sealed anew
 */
export async function sealAnew(env: Env, only: ConversationId | null, now: number): Promise<void> {
  if (!(await canBegin(env, only))) return;
  if (only === null) {
    for (const key of await keyTable(env.DB).all())
      if (key.state === 'active' && key.purpose in holders) await rotate(env, key, now);
    await refuseTokens(env, now);
  }
  await begin(env, only, now);
}

/** Each night: what could not be wrapped anew is tried again, and an alarm says which keys should have been renewed. */
export async function seeToKeys(env: Env, now: number): Promise<void> {
  for (const { id, purpose, state } of await keyTable(env.DB).all())
    if (state === 'retired' && purpose in holders) await goOn(env, id, now);
  const purposes = await overdueKeys(env, now);
  if (purposes.length === 0) return;
  await watchOf(env).raise({ rule: 'keys.overdue', about: null, facts: { purposes } });
}

/** What the keys are for that should have been renewed. */
export async function overdueKeys(env: Env, now: number): Promise<KeyPurpose[]> {
  const keys = await keyTable(env.DB).all();
  const over = keys.filter((key) => key.state === 'active' && dueOf(key, now) === 'over');
  return over.map(({ purpose }) => purpose).toSorted();
}

/** Has what lies under this key wrapped anew, unless that goes on already; and once more where some of it was left. */
async function goOn(env: Env, id: number, now: number): Promise<void> {
  const run = await newestRun(env, runName(id));
  if (run?.overAt === null) return;
  await beginRun(env, 'rotation', run === undefined ? runName(id) : `${runName(id)}-${now}`, now);
}

/** The newest run of this key's rotation. */
export function rotationOf(env: Env, id: number): Promise<Run | undefined> {
  return newestRun(env, runName(id));
}

function runName(id: number): string {
  return `rotation-${id}`;
}

/** `from`: when the round may begin. `moved`: in this round. `after`: how far its holder has come. */
type Place = { round: number; from: number; moved: number; holder: string; after: string };

export const rotationPortion: Portion = async (env, run, text) => {
  const now = Date.now();
  const keys = await keyTable(env.DB).all();
  const key = keys.find(({ id }) => run.split('-')[1] === String(id));
  const active = keys.find(({ purpose, state }) => state === 'active' && purpose === key?.purpose);
  if (key?.state !== 'retired' || active === undefined) return { place: null, done: 0 };
  const all = holdersOf(key);
  const first = { round: 1, from: active.createdAt + settling(key), moved: 0, holder: '', after: '' };
  const place = text === null ? first : placeIn(text);
  // Before anything lies under the new one alone.
  if (text === null) await keepKeys(env);
  if (place.from > now) {
    await scheduler.wait(Math.min(place.from - now, mostWaited));
    return { place: textOf(place), done: 0 };
  }
  const holder = place.holder === '' ? all[0] : all.find(({ name }) => name === place.holder);
  if (holder === undefined) return { place: await endOfRound(env, key, place, now), done: 0 };
  const unmoved = new UnmovedStore(env.DB);
  if (place.holder === '') await unmoved.clear(key.id);
  const { next, moved, failed } = await holder.move(env, key.id, place.after);
  if (failed.length > 0) await unmoved.add(key.id, holder.name, failed);
  const then =
    next === null
      ? { holder: all[all.indexOf(holder) + 1]?.name ?? ended, after: '' }
      : { holder: holder.name, after: next };
  return { place: textOf({ ...place, ...then, moved: place.moved + moved }), done: moved };
};

/** Stands where a holder's name would, behind the last. */
const ended = 'end';

/** The next round, or null: nothing lies under the key, and it is gone; or what does could not be moved. */
async function endOfRound(
  env: Env,
  key: ServiceKeyRow,
  { round, moved }: Place,
  now: number,
): Promise<string | null> {
  const unmoved = new UnmovedStore(env.DB);
  const isLeft = (await unmoved.count(key.id)) > 0;
  // What a portion did that was cut off is not counted, so that one round alone proves nothing.
  const isProved = round > 1 || holdersOf(key).length === 0;
  if (moved === 0 && !isLeft && isProved) {
    await discard(env, key, now);
    return null;
  }
  if (round === mostRounds || (moved === 0 && isLeft)) return null;
  return textOf({ round: round + 1, from: now + settling(key), moved: 0, holder: '', after: '' });
}

async function discard(env: Env, { id, purpose }: ServiceKeyRow, now: number): Promise<void> {
  const once = idOf('keys.discard', String(id));
  await enter(env, { actor: null, action: 'keys.discard', facts: { purpose } }, once);
  await (await vaultOf(env)).discard(id, now);
}

function holdersOf({ purpose }: ServiceKeyRow): readonly Holder[] {
  return purpose === 'data' || purpose === 'pepper' ? holders[purpose] : [];
}

/** How long after a renewal others may still use the retired key: to seal for twice as long as they take to hear of it. */
function settling({ purpose }: ServiceKeyRow): number {
  return purpose === 'token' ? REFRESH_MS + 5_000 : RETIRING_MS;
}

/** What is next to be wrapped anew in a run; null: nothing yet, or nothing any more. */
export function holderAt(text: string | null): KeyHolder | null {
  const name = text === null ? '' : placeIn(text).holder;
  return [...holders.data, ...holders.pepper].find((holder) => holder.name === name)?.name ?? null;
}

function textOf({ round, from, moved, holder, after }: Place): string {
  return [round, from, moved, holder, after].join(' ');
}

function placeIn(text: string): Place {
  const [round, from, moved, holder = '', after = ''] = text.split(' ');
  return { round: Number(round), from: Number(from), moved: Number(moved), holder, after };
}
