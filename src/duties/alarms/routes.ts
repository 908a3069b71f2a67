/** Alarms over HTTP: what is open, what was answered, and answering. */
import { Hono } from 'hono';
import type { Env } from '../../config.ts';
import { bodyOf, fitting, type Http } from '../../http.ts';
import { allowSomewhere, staffOf } from '../../people/guard.ts';
import type { Staff } from '../../people/permission.ts';
import { note, seen } from '../../people/recording.ts';
import { StaffDirectory } from '../../people/staff.ts';
import {
  type Alarm,
  type AlarmAnswer,
  alarmAnswerRequest,
  type AlarmsAnswer,
  alarmsQuery,
} from '../../protocol/alarms.ts';
import { isId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { alarmsSeenBy } from './seeing.ts';
import { mayOfAlarm } from './telling.ts';
import { watchOf } from './watching.ts';

export const alarmRoutes = new Hono<Http>()
  .get('/alarms', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allowSomewhere(staff, 'alarms.read');
    const { state, before = Number.MAX_SAFE_INTEGER } = fitting(alarmsQuery, c.req.query());
    const whom = await alarmsSeenBy(c.env, staff);
    const alarms = await watchOf(c.env).list(state, before, limits.listAlarms, whom);
    await seen(c.env, staff, 'alarms.read');
    const next = alarms.length < limits.listAlarms ? null : (alarms.at(-1)?.at ?? null);
    return c.json<AlarmsAnswer>({ alarms, next });
  })

  .post('/alarms/:id/answer', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allowSomewhere(staff, 'alarms.answer');
    const { reason } = await bodyOf(c, alarmAnswerRequest);
    const id = c.req.param('id');
    const alarm = isId('alarm', id) ? await watchOf(c.env).find(id) : undefined;
    if (alarm === undefined) throw new Refusal('not_found');
    await requireMayAnswer(c.env, staff, alarm);
    note(c, { ...(alarm.about !== null && { subject: alarm.about }), facts: { rule: alarm.rule } });
    const answered = await watchOf(c.env).answer(alarm.id, staff.id, reason);
    if (answered === undefined) throw new Refusal('already_done');
    return c.json<AlarmAnswer>({ alarm: answered });
  });

/** Nobody answers for what they did themselves, unless nobody else could. @throws {Refusal} not_found, not_allowed */
async function requireMayAnswer(env: Env, staff: Staff, { about }: Alarm): Promise<void> {
  const everybody = await new StaffDirectory(env).store.list();
  const teams = everybody.find(({ id }) => id === about)?.teams ?? [];
  if (!mayOfAlarm(staff, 'alarms.read', teams)) throw new Refusal('not_found');
  const others = everybody.some(
    (person) =>
      person.id !== staff.id && person.state === 'active' && mayOfAlarm(person, 'alarms.answer', teams),
  );
  if (!mayOfAlarm(staff, 'alarms.answer', teams)) throw new Refusal('not_allowed');
  if (about === staff.id && others)
    throw new Refusal('not_allowed', 'This alarm is about you. Somebody else has to answer it.');
}
