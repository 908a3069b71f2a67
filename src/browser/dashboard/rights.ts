/** What to offer to whom, so that nobody is shown what the server would refuse. It decides anyway. */
import type { Action } from '../../protocol/permissions.ts';
import { isWithin, type Placed } from '../../protocol/reach.ts';
import type { Myself } from '../../protocol/sign-in.ts';
import type { SettingsScreen } from './route.ts';

export type Me = Pick<Myself, 'id' | 'teams' | 'grants'>;

export function may(me: Me, action: Action, thing: Placed = {}): boolean {
  return isWithin(me.grants[action], me, thing);
}

/** Whether there is anything at all of which they may do this. */
export function everMay({ grants }: Pick<Me, 'grants'>, action: Action): boolean {
  return action in grants;
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
  checks: 'checks.see',
  profiles: 'privacy.see',
  processing: 'privacy.see',
  live: 'live.see',
  alarms: 'alarms.read',
  ledger: 'ledger.read',
} as const satisfies Record<SettingsScreen, Action>;
