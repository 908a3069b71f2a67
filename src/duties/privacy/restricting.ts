/**
 * Restricting somebody's data (GDPR, article 18), and lifting that. The register has it first; then each conversation that
 * they had begun until then hears it, a portion at a time, as the register stands at that moment.
 */
import { conversationOf } from '../../chat/conversation.ts';
import { conversationsBegunBy } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { logFault, settled } from '../../log.ts';
import { may, type Staff } from '../../people/permission.ts';
import { restrictionOf, RestrictionStore } from '../../people/restrictions.ts';
import { isId, type PersonId, type VisitorId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { beginRun, type Portion } from '../runs.ts';
import { RequestStore } from '../requests.ts';

/** Each costs a few requests, of which a portion has 1,000. */
const toldAtOnce = 100;
/** Whoever could not hear that it was lifted has heard it by then. */
const remembered = 7 * 86_400_000;

/** Done again it is the same. What was begun last is told before this returns, the rest soon after. */
export async function restrict(
  env: Env,
  visitor: VisitorId,
  by: PersonId,
  on: boolean,
  now: number,
): Promise<void> {
  const store = new RestrictionStore(env.DB);
  await (on ? store.put(visitor, by, now) : store.lift(visitor, now));
  const run = `restriction-${visitor}-${now}`;
  await restrictPortion(env, run, null).catch((error: unknown) => {
    logFault('privacy.restrict', error);
  });
  await beginRun(env, 'restriction', run, now);
}

/** Tells the conversations of one visitor, or, once a night, of everybody whose data are or were restricted. */
export const restrictPortion: Portion = async (env, run, place) => {
  const store = new RestrictionStore(env.DB);
  const [current = '', after = ''] = place?.split(' ') ?? [];
  const only = visitorIn(run);
  const known = await (only === undefined ? store.firstFrom(current) : store.find(only));
  if (known === undefined) return { place: null, done: 0 };
  const { visitor, since } = known;
  const ids = await conversationsBegunBy(env, visitor, since, visitor === current ? after : '', toldAtOnce);
  const heard = { on: known.liftedAt === null, at: known.liftedAt ?? since, by: known.by };
  // One that can't hear it now hears it in the night.
  await settled('privacy.restrict', ids, (id) => conversationOf(env, id).restrict(heard));
  const last = ids.at(-1);
  if (last !== undefined) return { place: `${visitor} ${last}`, done: ids.length };
  // `~` is behind every id.
  return { place: only === undefined ? `${visitor}~` : null, done: 0 };
};

function visitorIn(run: string): VisitorId | undefined {
  const [, visitor = ''] = /^restriction-(.*)-\d+$/.exec(run) ?? [];
  return isId('visitor', visitor) ? visitor : undefined;
}

/** Once a day: a conversation whose line was told late hears it too. */
export async function seeToRestrictions(env: Env, now: number): Promise<void> {
  await new RestrictionStore(env.DB).dropLiftedBefore(now - remembered);
  await beginRun(env, 'restriction', `restrictions-${new Date(now).toISOString().slice(0, 10)}`, now);
}

/**
 * Of restricted data staff take a copy along for their person alone, while they wait for it.
 * @throws {Refusal} restricted
 */
export async function refuseCopyOfRestricted(env: Env, staff: Staff, visitor: VisitorId): Promise<void> {
  if ((await restrictionOf(env, visitor)) === undefined) return;
  const store = new RequestStore(env.DB);
  const waiting = await Promise.all(
    (['access', 'portability'] as const).map((kind) => store.waitingFor(visitor, kind)),
  );
  if (may(staff, 'privacy.answer') && waiting.some((request) => request !== undefined)) return;
  throw new Refusal('restricted');
}
