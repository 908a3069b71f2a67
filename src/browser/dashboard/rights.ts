/** What to offer to whom, so that nobody is shown what the server would refuse. It decides anyway. */
import type { Action } from '../../protocol/permissions.ts';
import { isWithin, type Placed } from '../../protocol/reach.ts';
import type { Myself } from '../../protocol/sign-in.ts';
import { isBehind } from '../../protocol/training.ts';
import type { SettingsScreen } from './route.ts';

export type Me = Pick<Myself, 'id' | 'teams' | 'grants' | 'closed'>;

export function may(me: Me, action: Action, thing: Placed = {}): boolean {
  return !isClosed(me, action) && isWithin(me.grants[action], me, thing);
}

/** Whether there is anything at all of which they may do this. */
export function everMay(me: Pick<Me, 'grants' | 'closed'>, action: Action): boolean {
  return action in me.grants && !isClosed(me, action);
}

/** A lesson stands before it that they have to take first. */
function isClosed({ closed = [] }: Pick<Me, 'closed'>, action: Action): boolean {
  return closed.some((gate) => isBehind(gate, action, {}));
}

/** What it takes to open each of the settings. */
export const settingsRights = {
  people: 'people.list',
  roles: 'people.list',
  teams: 'teams.change',
  sites: 'sites.change',
  replies: 'replies.change',
  visitors: 'visitor.list',
  privacy: 'privacy.answer',
  organisation: 'organisation.change',
  keys: 'keys.rotate',
  backups: 'backup.begin',
  training: 'training.see',
  checks: 'checks.see',
  profiles: 'privacy.see',
  processing: 'privacy.see',
  live: 'live.see',
  alarms: 'alarms.read',
  incidents: 'incident.see',
  containment: 'incident.contain',
  ledger: 'ledger.read',
} as const satisfies Record<SettingsScreen, Action>;
