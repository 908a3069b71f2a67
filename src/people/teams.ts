/** Teams: who belongs together, and so who may reach what. */
import type { Env } from '../config.ts';
import type { Team } from '../protocol/bodies.ts';
import { newId, type PersonId, type TeamId } from '../protocol/ids.ts';
import { limits } from '../protocol/limits.ts';
import { Refusal } from '../protocol/refusals.ts';
import { objectOf } from '../residency.ts';
import { accountOf } from './account.ts';
import { answersIn, mayHold } from './permission.ts';
import { StaffDirectory, tellRights } from './staff.ts';
import { type MemberRow, TeamStore } from './teams/store.ts';
import { closedTo, gatesOf } from './training.ts';

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

/** Whether each of these teams can have one member more. */
export async function teamsHaveRoom(env: Env, ids: readonly TeamId[]): Promise<boolean> {
  return new TeamStore(env.DB).haveRoom(ids);
}

/** @throws {Refusal} no_room */
export async function createTeam(env: Env, name: string, id = newId('team')): Promise<Team> {
  const team = { id, name };
  if (!(await new TeamStore(env.DB).add(team, Date.now()))) throw new Refusal('no_room');
  return team;
}

export async function renameTeam(env: Env, id: TeamId, name: string): Promise<void> {
  await new TeamStore(env.DB).rename(id, name);
}

/** Everyone who is, or will once they have joined be, a member. */
export async function membersOf(env: Env, team: TeamId): Promise<PersonId[]> {
  return idsOf(await new TeamStore(env.DB).members(team));
}

/** Somebody who is or was concerned with a team, and what they are there today. */
export type CrewMember = {
  id: PersonId;
  /** One of its members, who can be at work. */
  isMember: boolean;
  /** A member who may have its conversations. */
  answers: boolean;
  /** May have a conversation of the team, member or not. */
  mayHold: boolean;
};

/** Everybody of the team, and these others; whoever is not there (any more) is left out. */
export async function crewOf(env: Env, team: TeamId, others: readonly PersonId[]): Promise<CrewMember[]> {
  const rows = await new TeamStore(env.DB).crew(team, others);
  const closed = await closedTo(env, idsOf(rows), Date.now());
  return rows.map(({ id, role, grants, state, isMember }) => {
    const isActive = state === 'active';
    const person = { id, role, grants, teams: isMember ? [team] : [], closed: closed.get(id) ?? [] };
    return {
      id,
      isMember: isActive && isMember,
      answers: isActive && answersIn(person, team),
      mayHold: isActive && mayHold(person, team),
    };
  });
}

/**
 * Makes these people the team's members. Those who leave are told before the rows change, so that no right outlives
 * them; those who come only afterwards, so that none runs ahead of them. In the end everybody concerned is told what
 * the database says: whoever repeats a change that failed half-way repeats all of it. Nobody is moved but those who
 * were asked about: whoever came in by another change in the meantime stays.
 * @param mayMove throws if the asker may not move this person in or out
 * @throws {Refusal} invalid, no_room
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
  if (coming.some(({ teams }) => teams >= limits.teamsPerPerson))
    throw new Refusal('no_room', 'members: somebody is in as many teams as can be');
  let moved: PersonId[] = [];
  try {
    await tellLeaving(env, leaving, team);
    moved = await store.move(team, { leaving: idsOf(leaving), coming: idsOf(coming) });
  } finally {
    await tellRights(env, [...new Set([...idsOf(before), ...wanted, ...moved])]);
  }
  await tellInboxes(env, [team]);
}

/**
 * Tells these teams' inboxes that other people belong there now, or no longer: what somebody had who may not have it
 * any more waits again when this is done. An inbox that can't be reached looks for itself within a minute, or when
 * somebody opens it.
 */
export async function tellInboxes(env: Env, teams: readonly TeamId[]): Promise<void> {
  await Promise.allSettled(teams.map(async (team) => inboxOf(env, team).membersChanged()));
}

function idsOf(people: readonly Pick<MemberRow, 'id'>[]): PersonId[] {
  return people.map(({ id }) => id);
}

async function tellLeaving(env: Env, people: readonly MemberRow[], team: TeamId): Promise<void> {
  if (people.length === 0) return;
  const rows = await new StaffDirectory(env).store.list(idsOf(people));
  const gates = await gatesOf(env, idsOf(people));
  const told = await Promise.allSettled(
    rows.map(({ id, role, grants, teams, state }) =>
      accountOf(env, id).setRights({
        person: id,
        role,
        grants,
        teams: teams.filter((other) => other !== team),
        active: state === 'active',
        gates: gates.get(id) ?? {},
      }),
    ),
  );
  const failed = told.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** What every team's inbox offers, so that it knows its members at once. */
type Queue = { membersChanged(): Promise<void> };

function inboxOf(env: Env, team: TeamId): Queue {
  return objectOf(env, 'Inbox', team) as Queue;
}
