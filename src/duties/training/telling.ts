/** What is asked of people, or what they have taken, is another: their accounts hear what is closed to them now. */
import type { Env } from '../../config.ts';
import { StaffDirectory, tellRights } from '../../people/staff.ts';
import { tellInboxes } from '../../people/teams.ts';
import { trainingStore } from '../../people/training.ts';
import type { PersonId, TeamId } from '../../protocol/ids.ts';
import type { Role } from '../../protocol/roles.ts';

/** As many accounts are told at once. */
const atOnce = 50;

/** Open sockets close and come back under what holds now; what somebody had who may not have it any more waits again. */
export async function tellPeople(env: Env, people: readonly PersonId[]): Promise<void> {
  const { store } = new StaffDirectory(env);
  const teams = new Set<TeamId>();
  for (let from = 0; from < people.length; from += atOnce) {
    const some = people.slice(from, from + atOnce);
    await tellRights(env, some);
    for (const row of await store.list(some)) for (const team of row.teams) teams.add(team);
  }
  await tellInboxes(env, [...teams]);
}

export async function tellHolders(env: Env, roles: readonly Role[]): Promise<void> {
  await tellPeople(env, await trainingStore(env).holdersOf(roles));
}
