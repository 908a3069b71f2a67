/**
 * Containing an incident, each in one act: it is written down first, so that it holds wherever anybody looks; then
 * whoever it shuts out, and has something open, is told. What was cut off in between is done by doing it again.
 */
import type { Env } from '../config.ts';
import { blockNetwork, expelVisitorsOf } from '../chat/bans.ts';
import { siteOf } from '../chat/sites.ts';
import { banOn, liftBan, listBans, networkPrefix } from '../people/bans.ts';
import {
  containmentOf,
  type ContainmentRow,
  holdBack,
  isLocked,
  letGo,
  listContainments,
} from '../people/containment.ts';
import { allow } from '../people/guard.ts';
import type { Staff } from '../people/permission.ts';
import { callEverybodyBack } from '../people/recall.ts';
import { StaffDirectory, type StaffMember, tellRights } from '../people/staff.ts';
import { tellInboxes } from '../people/teams.ts';
import type { InferOutput } from 'valibot';
import type { Containment, containmentRequest } from '../protocol/containment.ts';
import { type ContainmentId, newId, type PersonId } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';
import { grantsOf } from '../protocol/roles.ts';

export type Wish = InferOutput<typeof containmentRequest>;

/**
 * @param from the address that whoever asks comes from
 * @throws {Refusal} not_found, not_allowed, invalid, no_room, would_lock_out
 */
export async function contain(env: Env, staff: Staff, wish: Wish, from: string | null): Promise<Containment> {
  const now = Date.now();
  const until = 'lasts' in wish ? now + wish.lasts : null;
  const row = (target: string): ContainmentRow => {
    const { kind, reason } = wish;
    return { id: newId('containment'), kind, target, reason, by: staff.id, at: now, until };
  };
  switch (wish.kind) {
    case 'site': {
      if ((await siteOf(env, wish.target)) === undefined) throw new Refusal('not_found');
      const shut = row(wish.target);
      await holdBack(env, shut);
      await expelVisitorsOf(env, wish.target);
      return viewOf(shut);
    }
    case 'person': {
      const locked = row(wish.target);
      await lock(env, staff, wish.target, locked);
      return viewOf(locked);
    }
    case 'network': {
      const prefix = networkPrefix(wish.target.replace(/\/(?:24|48)$/, ''));
      if (prefix !== undefined && from !== null && networkPrefix(from) === prefix)
        throw new Refusal('would_lock_out', 'You are in this network now, so you would lock yourself out.');
      const { banned, expel } = await blockNetwork(env, staff, wish.target, wish, now);
      const blocked = row(banned.lookup.toHex());
      await holdBack(env, blocked);
      await Promise.all([expel(), callEverybodyBack(env)]);
      return { ...viewOf(blocked), target: banned.target };
    }
    case 'readOnly':
    case 'exports':
    case 'files':
    case 'logging': {
      const held = row('');
      await holdBack(env, held);
      return viewOf(held);
    }
  }
}

/** They are out wherever they are, and can't sign in. @throws {Refusal} not_found, not_allowed, already_done */
async function lock(env: Env, staff: Staff, id: PersonId, row: ContainmentRow): Promise<void> {
  const { member } = await personOf(env, staff, id);
  if (id === staff.id) throw new Refusal('not_allowed', 'Nobody locks themselves.');
  if (member.row.state === 'invited') throw new Refusal('not_allowed', 'This person has not joined yet.');
  // Whoever was disabled for another reason is not let in again by undoing this.
  if (member.row.state === 'disabled' && !(await isLocked(env, id))) throw new Refusal('already_done');
  await holdBack(env, row);
  try {
    await shutOut(env, staff, member);
  } catch (error) {
    if (error instanceof Refusal) await letGo(env, row.id);
    throw error;
  }
  await tellRights(env, [id]);
  await tellInboxes(env, member.row.teams);
}

/** As whom it was asked whether they may be locked: of whoever has another role since, that is asked anew. */
async function shutOut(env: Env, staff: Staff, { id, row }: StaffMember): Promise<void> {
  const { store } = new StaffDirectory(env);
  for (let { role } = row; !(await store.disable(id, role));) {
    const { member } = await personOf(env, staff, id);
    if (member.row.state === 'disabled') return;
    if (member.row.role === role) throw new Refusal('not_allowed', 'An owner has to remain.');
    ({ role } = member.row);
  }
}

/** Ends what is held back. @throws {Refusal} not_found, not_allowed */
export async function release(env: Env, staff: Staff, id: ContainmentId): Promise<ContainmentRow> {
  const row = await containmentOf(env, id);
  if (row === undefined) throw new Refusal('not_found');
  if (row.kind === 'person') await unlock(env, staff, row);
  if (row.kind === 'network') {
    const ban = await banOfNetwork(env, row);
    // One that was there before, or was set since, goes on.
    if (ban?.at === row.at) await liftBan(env, ban.id);
  }
  await letGo(env, id);
  return row;
}

/** Whoever was disabled besides stays so, and nobody has to be let in who is not there any more. */
async function unlock(env: Env, staff: Staff, { id, target }: ContainmentRow): Promise<void> {
  const person = target as PersonId;
  if ((await new StaffDirectory(env).byId(person)) === undefined) return;
  const { member, store } = await personOf(env, staff, person);
  await store.unlock(person, id);
  await tellRights(env, [person]);
  await tellInboxes(env, member.row.teams);
}

/** Nobody locks or lets go of somebody who may do more than they. @throws {Refusal} not_found, not_allowed */
async function personOf(env: Env, staff: Staff, id: PersonId) {
  const directory = new StaffDirectory(env);
  const member = await directory.byId(id);
  if (member === undefined) throw new Refusal('not_found');
  allow(staff, 'incident.contain', { grants: grantsOf(member.row) });
  return { member, store: directory.store };
}

/** What is held back now, the newest first. */
export async function containments(env: Env): Promise<Containment[]> {
  const now = Date.now();
  const rows = await listContainments(env, now);
  const isAny = rows.some(({ kind }) => kind === 'network');
  const bans = new Map(isAny ? (await listBans(env, now)).map(({ id, target }) => [id, target]) : []);
  const view = async (row: ContainmentRow) => {
    if (row.kind !== 'network') return viewOf(row);
    const ban = await banOfNetwork(env, row);
    return { ...viewOf(row), target: (ban && bans.get(ban.id)) ?? null };
  };
  return Promise.all(rows.map(view));
}

/** The ban that says which network it is; undefined: somebody has lifted it, and the network is blocked all the same. */
function banOfNetwork(env: Env, { target }: ContainmentRow): ReturnType<typeof banOn> {
  const banned = { kind: 'network', lookup: Uint8Array.fromHex(target), target: null } as const;
  return banOn(env, banned, Date.now());
}

function viewOf({ target, ...row }: ContainmentRow): Containment {
  return { ...row, target: target === '' ? null : target };
}
