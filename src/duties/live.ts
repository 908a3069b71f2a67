/** What happens now in teams' inboxes. One that can't be reached hides none of the others. */
import { inboxOf } from '../chat/inbox.ts';
import type { Env } from '../config.ts';
import { logFault } from '../log.ts';
import type { TeamId } from '../protocol/ids.ts';
import type { LiveTeam } from '../protocol/live.ts';

export function liveTeams(env: Env, teams: readonly { id: TeamId }[]): Promise<LiveTeam[]> {
  return Promise.all(teams.map(({ id }) => liveTeam(env, id)));
}

async function liveTeam(env: Env, team: TeamId): Promise<LiveTeam> {
  try {
    return { team, inbox: await inboxOf(env, team).live() };
  } catch (error) {
    logFault('live.inbox', error);
    return { team, inbox: null };
  }
}
