/** Who may see an alarm, where something else is about it. */
import type { Env } from '../../config.ts';
import type { Staff } from '../../people/permission.ts';
import { StaffDirectory } from '../../people/staff.ts';
import type { Alarm } from '../../protocol/alarms.ts';
import type { AlarmId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { mayOfAlarm } from './telling.ts';
import { watchOf } from './watching.ts';

/** @throws {Refusal} not_found: there is none, or it is not theirs to see */
export async function requireSeenAlarm(env: Env, staff: Staff, id: AlarmId): Promise<Alarm> {
  const alarm = await watchOf(env).find(id);
  const everybody = alarm === undefined ? [] : await new StaffDirectory(env).store.list();
  const teams = everybody.find(({ id: each }) => each === alarm?.about)?.teams ?? [];
  if (alarm === undefined || !mayOfAlarm(staff, 'alarms.read', teams)) throw new Refusal('not_found');
  return alarm;
}
