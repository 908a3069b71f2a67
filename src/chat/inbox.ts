/** Inboxes: the door to each team's live queue. */
import type { Env } from '../config.ts';
import type { TeamId } from '../protocol/ids.ts';
import type { Inbox } from './inbox/object.ts';

export { mostPaced, paceWithin } from './inbox/rules.ts';

export function inboxOf(env: Env, team: TeamId): DurableObjectStub<Inbox> {
  return env.Inbox.getByName(team) as unknown as DurableObjectStub<Inbox>;
}
