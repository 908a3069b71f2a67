/** Inboxes: the door to each team's live queue. */
import type { Env } from '../config.ts';
import type { TeamId } from '../protocol/ids.ts';
import { objectOf } from '../residency.ts';
import type { Inbox } from './inbox/object.ts';

export { mostPaced, paceWithin } from './inbox/rules.ts';

export function inboxOf(env: Env, team: TeamId): DurableObjectStub<Inbox> {
  return objectOf(env, 'Inbox', team) as DurableObjectStub<Inbox>;
}
