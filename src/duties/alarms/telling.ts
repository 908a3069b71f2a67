/** Whom an alarm is told: who may see it, and is not whom it is about. */
import type { Env } from '../../config.ts';
import { mailAlarm } from '../../people/mail.ts';
import { may, type Person } from '../../people/permission.ts';
import { StaffDirectory } from '../../people/staff.ts';
import { type Alarm, type AlarmRule, alarmRules } from '../../protocol/alarms.ts';
import type { PersonId, TeamId } from '../../protocol/ids.ts';
import type { Action } from '../../protocol/permissions.ts';
import type { Mail } from './store.ts';

type Seeing = Extract<Action, 'alarms.read' | 'alarms.answer'>;

/**
 * Whether somebody may see or answer an alarm about whoever is in these teams; about nobody on staff, it takes the right
 * everywhere.
 */
export function mayOfAlarm(person: Person, action: Seeing, teams: readonly TeamId[]): boolean {
  const staff = { ...person, kind: 'staff' } as const;
  return may(staff, action) || teams.some((team) => may(staff, action, { team }));
}

/** Everybody who may see an alarm about this person. */
export async function toldOf(env: Env, about: Alarm['about']): Promise<PersonId[]> {
  const everybody = await new StaffDirectory(env).store.list();
  const teams = everybody.find(({ id }) => id === about)?.teams ?? [];
  const those = everybody.filter(
    (person) => person.state === 'active' && mayOfAlarm(person, 'alarms.read', teams),
  );
  // Where nobody else could look, whoever it is about hears of it.
  const others = those.filter(({ id }) => id !== about);
  return (others.length > 0 ? others : those).map(({ id }) => id);
}

/** What a rule has found, in words; of a drill it is said first that it is one. */
export function titleOf(rule: AlarmRule, isDrill: boolean): string {
  return `${isDrill ? 'DRILL, nothing has happened: ' : ''}${alarmRules[rule]}`;
}

/** Mails that there are alarms, and nothing else of what they say. Whoever has left meanwhile is not mailed. */
export async function mailTo(env: Env, person: PersonId, whats: Mail['whats']): Promise<void> {
  const [member] = await new StaffDirectory(env).list([person]);
  if (member?.row.state !== 'active') return;
  await mailAlarm(
    env,
    await member.address(),
    whats.map(({ rule, isDrill }) => titleOf(rule, isDrill)),
  );
}
