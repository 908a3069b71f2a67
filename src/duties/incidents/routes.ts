/** Incidents and the plan for them over HTTP. */
import { Hono } from 'hono';
import * as v from 'valibot';
import { idIn } from '../../chat/door.ts';
import { bodyOf, type Ctx, fitting, type Http } from '../../http.ts';
import { allow, requireStepUp, staffOf } from '../../people/guard.ts';
import type { Staff } from '../../people/permission.ts';
import { may } from '../../people/permission.ts';
import { note, seen } from '../../people/recording.ts';
import {
  changeIncidentRequest,
  clockRequest,
  closeRequest,
  declareRequest,
  type IncidentAnswer,
  type IncidentsAnswer,
  incidentsQuery,
  legalClockNames,
  moveRequest,
  noteRequest,
  type NoticesAnswer,
  taskRequest,
  tickRequest,
  type TimelineAnswer,
  timelineQuery,
} from '../../protocol/incidents.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { requireSeenAlarm } from '../alarms.ts';
import { placeOf } from './about.ts';
import { close } from './closing.ts';
import { noticesOf } from './notices.ts';
import { addNote, addTask, change, declare, incidentOf, move, setClock, tick } from './register.ts';
import { fullView, listed } from './showing.ts';
import type { IncidentRow } from './store.ts';
import { tellDeclared } from './telling.ts';
import { timelineOf } from './timeline.ts';

export const incidentRoutes = new Hono<Http>()
  .get('/incidents', async (c) => {
    const staff = await seeing(c);
    const { state, before = Number.MAX_SAFE_INTEGER } = fitting(incidentsQuery, c.req.query());
    const page = await listed(c.env, state === 'closed', before);
    await seen(c.env, staff, 'incident.see');
    return c.json<IncidentsAnswer>(page);
  })

  .post('/incidents', async (c) => {
    const staff = await staffOf(c.env, c.req.raw);
    allow(staff, 'incident.declare');
    const asked = await bodyOf(c, declareRequest);
    const alarm = asked.alarm === null ? null : await requireSeenAlarm(c.env, staff, asked.alarm);
    await requireStepUp(c.env, staff);
    // What a drill has raised is played, whoever forgets to say so.
    const drill = asked.drill || typeof alarm?.facts['drill'] === 'string';
    const row = await declare(c.env, staff.id, { ...asked, drill }, Date.now());
    const { kind, severity, origin } = row;
    note(c, {
      object: row.id,
      facts: { kind, severity, origin, ...(row.alarm !== null && { alarm: row.alarm }) },
    });
    c.executionCtx.waitUntil(tellDeclared(c.env, row));
    return answer(c, staff, 201, row);
  })

  .get('/incidents/:id', async (c) => {
    const staff = await seeing(c);
    const row = await incidentOf(c.env, idIn(c, 'incident', 'id'));
    await seen(c.env, staff, 'incident.see');
    return answer(c, staff, 200, row);
  })

  .get('/incidents/:id/timeline', async (c) => {
    const staff = await seeing(c);
    // What an incident names anybody can choose who declares one: it opens no ledger to whoever may not read it.
    allow(staff, 'ledger.read');
    const { before } = fitting(timelineQuery, c.req.query());
    const row = await incidentOf(c.env, idIn(c, 'incident', 'id'));
    const page = await timelineOf(c.env, row, before);
    await seen(c.env, staff, 'ledger.read');
    return c.json<TimelineAnswer>(page);
  })

  .get('/incidents/:id/notices', async (c) => {
    const { staff, row } = await working(c);
    const notices = await noticesOf(c.env, await fullView(c.env, row));
    await seen(c.env, staff, 'incident.see');
    return c.json<NoticesAnswer>({ notices });
  })

  .patch('/incidents/:id', async (c) => {
    const { staff, row } = await working(c);
    const asked = await bodyOf(c, changeIncidentRequest);
    await requireStepUp(c.env, staff);
    const { severity, people, things } = asked;
    note(c, {
      facts: {
        ...(severity !== undefined && { severity }),
        ...(people !== undefined && { changed: Object.keys(people) }),
        ...(things !== undefined && { things: [...things] }),
      },
    });
    await change(c.env, row, staff, asked);
    return answer(c, staff);
  })

  .post('/incidents/:id/move', async (c) => {
    const { staff, row } = await working(c);
    const asked = await bodyOf(c, moveRequest);
    await requireStepUp(c.env, staff);
    note(c, { facts: { from: row.state, state: asked.to } });
    await move(c.env, row, staff.id, asked, Date.now());
    return answer(c, staff);
  })

  .post('/incidents/:id/notes', async (c) => {
    const { staff, row } = await working(c);
    const asked = await bodyOf(c, noteRequest);
    note(c, { facts: { kind: asked.kind } });
    await addNote(c.env, row, staff.id, asked, Date.now());
    return answer(c, staff, 201);
  })

  .post('/incidents/:id/tasks', async (c) => {
    const { staff, row } = await working(c);
    const asked = await bodyOf(c, taskRequest);
    note(c, { facts: { state: asked.phase } });
    await addTask(c.env, row, asked);
    return answer(c, staff, 201);
  })

  .put('/incidents/:id/tasks/:task', async (c) => {
    const { staff, row } = await working(c);
    const { done } = await bodyOf(c, tickRequest);
    const task = c.req.param('task');
    if (!v.is(v.pipe(v.string(), v.uuid()), task)) throw new Refusal('not_found');
    note(c, { facts: { task, done } });
    await tick(c.env, row, task, done ? { by: staff.id, at: Date.now() } : null);
    return answer(c, staff);
  })

  .put('/incidents/:id/clocks/:clock', async (c) => {
    const { staff, row } = await working(c);
    const clock = legalClockNames.find((each) => each === c.req.param('clock'));
    if (clock === undefined) throw new Refusal('not_found');
    const asked = await bodyOf(c, clockRequest);
    await requireStepUp(c.env, staff);
    note(c, { facts: { clock, outcome: asked.outcome } });
    await setClock(c.env, row, clock, staff.id, asked, Date.now());
    return answer(c, staff);
  })

  .post('/incidents/:id/close', async (c) => {
    const { staff, row } = await working(c);
    const asked = await bodyOf(c, closeRequest);
    await requireStepUp(c.env, staff);
    note(c, { facts: { actions: asked.actions.length } });
    await close(c.env, row, staff, asked, Date.now());
    return answer(c, staff);
  });

async function seeing(c: Ctx): Promise<Staff> {
  const staff = await staffOf(c.env, c.req.raw);
  allow(staff, 'incident.see');
  return staff;
}

/** Whoever works on the incident in the path. */
async function working(c: Ctx): Promise<{ staff: Staff; row: IncidentRow }> {
  const staff = await seeing(c);
  const row = await incidentOf(c.env, idIn(c, 'incident', 'id'));
  allow(staff, 'incident.lead', placeOf(row, staff));
  return { staff, row };
}

/** As it stands now. */
async function answer(c: Ctx, staff: Staff, status: 200 | 201 = 200, known?: IncidentRow): Promise<Response> {
  const row = known ?? (await incidentOf(c.env, idIn(c, 'incident', 'id')));
  const mayLead = may(staff, 'incident.lead', placeOf(row, staff));
  return c.json<IncidentAnswer>({ incident: await fullView(c.env, row), mayLead }, status);
}
