/** Whom an alarm is told: who may see it, and is not whom it is about. */
import type { Env } from '../../config.ts';
import { mailAlarm } from '../../people/mail.ts';
import { may, type Person } from '../../people/permission.ts';
import { StaffDirectory } from '../../people/staff.ts';
import { type Alarm, alarmRules } from '../../protocol/alarms.ts';
import type { TeamId } from '../../protocol/ids.ts';
import type { Action } from '../../protocol/permissions.ts';

type Seeing = Extract<Action, 'alarms.read' | 'alarms.answer'>;

/**
 * Whether somebody may see or answer an alarm about whoever is in these teams; about nobody on staff, it takes the right
 * everywhere.
 */
export function mayOfAlarm(person: Person, action: Seeing, teams: readonly TeamId[]): boolean {
  const staff = { ...person, kind: 'staff' } as const;
  return may(staff, action) || teams.some((team) => may(staff, action, { team }));
}

/** Everybody who may see it is mailed that there is one, and nothing of what it says. */
export async function tellOf(env: Env, alarm: Pick<Alarm, 'id' | 'rule' | 'about'>): Promise<void> {
  const directory = new StaffDirectory(env);
  const everybody = await directory.store.list();
  const teams = everybody.find(({ id }) => id === alarm.about)?.teams ?? [];
  const those = everybody.filter(
    (person) => person.state === 'active' && mayOfAlarm(person, 'alarms.read', teams),
  );
  // Where nobody else could look, whoever it is about hears of it.
  const others = those.filter(({ id }) => id !== alarm.about);
  const told = await directory.list((others.length > 0 ? others : those).map(({ id }) => id));
  for (const member of told) await mailAlarm(env, await member.address(), alarmRules[alarm.rule]);
}
