/** Teams: who belongs together, and so who may reach what. */
import type { Env } from '../config.ts';
import type { Team } from '../protocol/bodies.ts';
import { newId, type PersonId, type TeamId } from '../protocol/ids.ts';
import { Refusal } from '../protocol/refusals.ts';
import { accountOf } from './account.ts';
import { StaffDirectory, tellRights } from './staff.ts';
import { type MemberRow, TeamStore } from './teams/store.ts';

export async function listTeams(env: Env): Promise<Team[]> {
  return new TeamStore(env.DB).list();
}

export async function teamOf(env: Env, id: TeamId): Promise<Team | undefined> {
  return (await new TeamStore(env.DB).find(id)) ?? undefined;
}

export async function teamExists(env: Env, id: TeamId): Promise<boolean> {
  return (await teamOf(env, id)) !== undefined;
}

export async function teamsExist(env: Env, ids: readonly TeamId[]): Promise<boolean> {
  return new TeamStore(env.DB).knows(ids);
}

export async function createTeam(env: Env, name: string): Promise<Team> {
  const team = { id: newId('team'), name };
  await new TeamStore(env.DB).add(team, Date.now());
  return team;
}

export async function renameTeam(env: Env, id: TeamId, name: string): Promise<void> {
  await new TeamStore(env.DB).rename(id, name);
}

/** Everyone who is, or will once they have joined be, a member. */
export async function membersOf(env: Env, team: TeamId): Promise<PersonId[]> {
  return (await new TeamStore(env.DB).members(team)).map(({ id }) => id);
}

/** The members who can be at work. */
export async function activeMembersOf(env: Env, team: TeamId): Promise<PersonId[]> {
  const members = await new TeamStore(env.DB).members(team);
  return members.filter(({ state }) => state === 'active').map(({ id }) => id);
}

/**
 * Makes these people the team's members. Those who leave are told before the rows change, so that no right outlives
 * them; those who come only afterwards, so that none runs ahead of them. In the end everybody concerned is told what
 * the database says: whoever repeats a change that failed half-way repeats all of it.
 * @param mayMove throws if the asker may not move this person in or out
 */
export async function setMembers(
  env: Env,
  team: TeamId,
  ids: readonly PersonId[],
  mayMove: (person: MemberRow) => void,
): Promise<void> {
  const store = new TeamStore(env.DB);
  const wanted = new Set(ids);
  const [before, after] = await Promise.all([store.members(team), store.candidates([...wanted])]);
  if (after.length !== wanted.size) throw new Refusal('invalid', 'members: there is no such person');
  const leaving = before.filter(({ id }) => !wanted.has(id));
  const coming = after.filter(({ id }) => before.every((member) => member.id !== id));
  for (const person of [...leaving, ...coming]) mayMove(person);
  let moved: PersonId[] = [];
  try {
    await tellLeaving(env, leaving, team);
    moved = await store.setMembers(team, [...wanted]);
  } finally {
    await tellRights(env, [...new Set([...before.map(({ id }) => id), ...wanted, ...moved])]);
  }
  await inboxOf(env, team)
    .membersChanged()
    // An inbox that can't be reached looks for itself within a minute.
    .catch(() => undefined);
}

async function tellLeaving(env: Env, people: readonly MemberRow[], team: TeamId): Promise<void> {
  if (people.length === 0) return;
  const rows = await new StaffDirectory(env).store.list(people.map(({ id }) => id));
  const told = await Promise.allSettled(
    rows.map(({ id, role, teams, state }) =>
      accountOf(env, id).setRights({
        person: id,
        role,
        teams: teams.filter((other) => other !== team),
        active: state === 'active',
      }),
    ),
  );
  const failed = told.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** What every team's inbox offers, so that it shows its members at once. */
type Queue = { membersChanged(): Promise<void> };

function inboxOf(env: Env, team: TeamId): Queue {
  return env.Inbox.getByName(team) as unknown as Queue;
}
