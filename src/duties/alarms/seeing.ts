/** Who may see which alarms. */
import type { Env } from '../../config.ts';
import type { Staff } from '../../people/permission.ts';
import { StaffDirectory } from '../../people/staff.ts';
import type { Alarm } from '../../protocol/alarms.ts';
import type { AlarmId, PersonId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { mayOfAlarm } from './telling.ts';
import { watchOf } from './watching.ts';

/** About whom they may see alarms; null: about anybody and nobody. */
export async function alarmsSeenBy(env: Env, staff: Staff): Promise<PersonId[] | null> {
  if (mayOfAlarm(staff, 'alarms.read', [])) return null;
  const everybody = await new StaffDirectory(env).store.list();
  return everybody.filter(({ teams }) => mayOfAlarm(staff, 'alarms.read', teams)).map(({ id }) => id);
}

/** For what is about an alarm. @throws {Refusal} not_found: there is none, or it is not theirs to see */
export async function requireSeenAlarm(env: Env, staff: Staff, id: AlarmId): Promise<Alarm> {
  const alarm = await watchOf(env).find(id);
  const everybody = alarm === undefined ? [] : await new StaffDirectory(env).store.list();
  const teams = everybody.find(({ id: each }) => each === alarm?.about)?.teams ?? [];
  if (alarm === undefined || !mayOfAlarm(staff, 'alarms.read', teams)) throw new Refusal('not_found');
  return alarm;
}
