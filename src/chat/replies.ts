/** Canned replies: texts that staff have ready under a shortcut, for one team or for all. */
import type { Env } from '../config.ts';
import { allow } from '../people/guard.ts';
import { may, type Staff } from '../people/permission.ts';
import { teamExists } from '../people/teams.ts';
import type { CannedReply } from '../protocol/bodies.ts';
import { newId, type ReplyId, type TeamId } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';
import { ReplyStore } from './replies/store.ts';

type NewReply = Omit<CannedReply, 'id'>;
type ReplyChange = { [Field in keyof NewReply]?: NewReply[Field] | undefined };

/** Whoever may see every conversation sees every reply; others see those of their teams and of all teams. */
export async function repliesFor(env: Env, staff: Staff): Promise<CannedReply[]> {
  return new ReplyStore(env.DB).list(seesAll(staff) ? null : staff.teams);
}

/** @throws {Refusal} not_allowed, invalid, shortcut_taken, no_room */
export async function addReply(env: Env, staff: Staff, reply: NewReply): Promise<CannedReply> {
  requireRight(staff, reply.team);
  await requireTeam(env, reply.team);
  const row = { ...reply, id: newId('reply') };
  if (!(await new ReplyStore(env.DB).add(row, Date.now())))
    throw await whyNot(env, reply.team, reply.shortcut);
  return row;
}

/** @throws {Refusal} not_found, not_allowed, invalid, shortcut_taken, no_room */
export async function changeReply(
  env: Env,
  staff: Staff,
  id: ReplyId,
  change: ReplyChange,
): Promise<CannedReply> {
  const before = await changeable(env, staff, id);
  const { team = before.team, shortcut, text } = change;
  if (team !== before.team) {
    requireRight(staff, team);
    await requireTeam(env, team);
  }
  const store = new ReplyStore(env.DB);
  const changed = await store.change(id, { team: { from: before.team, to: team }, shortcut, text });
  if (changed !== null) return changed;
  const now = await store.find(id);
  // Somebody else was quicker: of what they made of it, this is another change, and perhaps not to be allowed.
  if (now?.team !== before.team) return changeReply(env, staff, id, change);
  throw await whyNot(env, team, shortcut ?? now.shortcut);
}

/** Why there can't be such a reply. */
async function whyNot(env: Env, team: TeamId | null, shortcut: string): Promise<Refusal> {
  return new Refusal((await new ReplyStore(env.DB).isTaken(team, shortcut)) ? 'shortcut_taken' : 'no_room');
}

/** @throws {Refusal} not_found, not_allowed */
export async function dropReply(env: Env, staff: Staff, id: ReplyId): Promise<void> {
  const { id: known } = await changeable(env, staff, id);
  await new ReplyStore(env.DB).drop(known);
}

/** One that this member of staff may change; one that they may not even see is not there. */
async function changeable(env: Env, staff: Staff, id: ReplyId): Promise<CannedReply> {
  const reply = await new ReplyStore(env.DB).find(id);
  if (reply === null || !sees(staff, reply.team)) throw new Refusal('not_found');
  requireRight(staff, reply.team);
  return reply;
}

function seesAll(staff: Staff): boolean {
  return may(staff, 'conversation.list');
}

function sees(staff: Staff, team: TeamId | null): boolean {
  return team === null || seesAll(staff) || staff.teams.includes(team);
}

/** What stands for all teams is for those to change who may change every team's. */
function requireRight(staff: Staff, team: TeamId | null): void {
  allow(staff, 'replies.change', team === null ? {} : { team });
}

async function requireTeam(env: Env, team: TeamId | null): Promise<void> {
  if (team !== null && !(await teamExists(env, team)))
    throw new Refusal('invalid', 'team: there is no such team');
}
