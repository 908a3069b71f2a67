/** Incidents: declaring one, what is noted, done and decided in it, and how it stands. */
import type { InferOutput } from 'valibot';
import type { Env } from '../../config.ts';
import type { Staff } from '../../people/permission.ts';
import { profilesOn } from '../../people/profiles.ts';
import { type IncidentId, newId, type PersonId } from '../../protocol/ids.ts';
import {
  type changeIncidentRequest,
  type clockRequest,
  type declareRequest,
  type IncidentNote,
  type LegalClock,
  type noteRequest,
  openStates,
  type moveRequest,
  type taskRequest,
} from '../../protocol/incidents.ts';
import { limits } from '../../protocol/limits.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { peopleOfPlan, requireAble, runbooks } from '../incident-plan.ts';
import { clocksOf, dueAt, notMovable } from './rules.ts';
import { type IncidentRow, IncidentStore, type NewTask, type NoteRow } from './store.ts';
import { newWords, type Words, wordsOf } from './words.ts';

/** What whoever declares is given for a clock that is behind theirs. */
const ahead = 60_000;

/**
 * Declares an incident: with the tasks of its runbook, whoever the plan names, and, unless it is played, the law's clocks.
 * @throws {Refusal} invalid
 */
export async function declare(
  env: Env,
  by: PersonId,
  asked: InferOutput<typeof declareRequest>,
  now: number,
): Promise<IncidentRow> {
  const { kind, severity, noticedAt, beganAt, alarm, drill } = asked;
  if (noticedAt > now + ahead) throw new Refusal('invalid', 'noticedAt: not in the past');
  if (beganAt > noticedAt) throw new Refusal('invalid', 'beganAt: not before it was noticed');
  const id = newId('incident');
  const { words, record } = await newWords(env, id);
  const origin = drill ? 'drill' : alarm === null ? 'person' : 'alarm';
  const tasks = openStates.flatMap((phase) => runbooks[kind].tasks[phase].map((text) => ({ phase, text })));
  const store = new IncidentStore(env.DB);
  await store.add(
    {
      ...{ id, kind, severity, state: 'detect', origin, alarm, declaredBy: by, declaredAt: now },
      ...{ noticedAt, beganAt, things: [...new Set(asked.things)], people: await peopleOfPlan(env) },
      ...{ key: record, title: await words.seal('title', asked.title) },
    },
    await noteFrom(words, by, 'note', asked.what, now),
    await Promise.all(tasks.map(({ phase, text }) => taskFrom(words, { phase, text }))),
    clocksOf(drill, await profilesOn(env)).map((clock) => [clock, dueAt(clock, noticedAt)]),
  );
  return incidentOf(env, id);
}

/** The first that was declared as a drill since then, by this alarm or about this account. */
export async function drillIncident(
  env: Env,
  { about, since }: { about: readonly string[]; since: number },
): Promise<{ incident: IncidentId; at: number } | undefined> {
  return new IncidentStore(env.DB).drillAbout(about, since);
}

/** @throws {Refusal} not_found */
export async function incidentOf(env: Env, id: IncidentId): Promise<IncidentRow> {
  const row = await new IncidentStore(env.DB).find(id);
  if (row === undefined) throw new Refusal('not_found');
  return row;
}

/** @throws {Refusal} incident_closed, not_found: of people who can have no part in it, invalid */
export async function change(
  env: Env,
  row: IncidentRow,
  { severity, people, things, beganAt }: InferOutput<typeof changeIncidentRequest>,
): Promise<void> {
  await requireAble(
    env,
    Object.values(people ?? {}).flatMap((person) => person ?? []),
  );
  if (beganAt !== undefined && beganAt > row.noticedAt)
    throw new Refusal('invalid', 'beganAt: not before it was noticed');
  const changed = {
    severity: severity ?? row.severity,
    people: { ...row.people, ...people },
    things: things === undefined ? row.things : [...new Set(things)],
    beganAt: beganAt ?? row.beganAt,
  };
  if (!(await new IncidentStore(env.DB).change(row.id, changed))) throw new Refusal('incident_closed');
}

/** @throws {Refusal} incident_closed, not_next */
export async function move(
  env: Env,
  row: IncidentRow,
  by: PersonId,
  { to, reason }: InferOutput<typeof moveRequest>,
  now: number,
): Promise<void> {
  const refused = notMovable(row.state, to, reason);
  if (refused !== undefined) throw new Refusal(refused);
  const note = reason === null ? null : await noteFrom(await wordsOf(env, row), by, 'back', reason, now);
  if (!(await new IncidentStore(env.DB).move(row.id, row.state, to, note))) throw new Refusal('not_next');
}

/** @throws {Refusal} incident_closed, no_room */
export async function addNote(
  env: Env,
  row: IncidentRow,
  by: PersonId,
  { kind, text }: InferOutput<typeof noteRequest>,
  now: number,
): Promise<void> {
  requireOpen(row);
  const note = await noteFrom(await wordsOf(env, row), by, kind, text, now);
  if (!(await new IncidentStore(env.DB).addNote(row.id, note, limits.incidentNotes)))
    throw new Refusal('no_room');
}

/** @throws {Refusal} incident_closed, no_room */
export async function addTask(
  env: Env,
  row: IncidentRow,
  asked: InferOutput<typeof taskRequest>,
): Promise<void> {
  requireOpen(row);
  const task = await taskFrom(await wordsOf(env, row), asked);
  if (!(await new IncidentStore(env.DB).addTask(row.id, task, limits.incidentTasks)))
    throw new Refusal('no_room');
}

/** What its review asks for is done after it was closed; all else before. @throws {Refusal} not_found, incident_closed, already_done */
export async function tick(
  env: Env,
  row: IncidentRow,
  task: string,
  done: { by: PersonId; at: number } | null,
): Promise<void> {
  const store = new IncidentStore(env.DB);
  const found = (await store.tasks(row.id)).find(({ id }) => id === task);
  if (found === undefined) throw new Refusal('not_found');
  if (found.phase !== 'after') requireOpen(row);
  if (!(await store.tick(row.id, task, done))) throw new Refusal('already_done');
}

/** A clock begins, or is settled. @throws {Refusal} incident_closed, already_done, not_found, not_allowed: of a drill */
export async function setClock(
  env: Env,
  row: IncidentRow,
  clock: LegalClock,
  by: PersonId,
  asked: InferOutput<typeof clockRequest>,
  now: number,
): Promise<void> {
  requireOpen(row);
  if (row.origin === 'drill') throw new Refusal('not_allowed', 'In a drill no clock of the law runs.');
  const store = new IncidentStore(env.DB);
  if (asked.outcome === 'begun') {
    if (!(await store.begin(row.id, clock, dueAt(clock, row.noticedAt)))) throw new Refusal('already_done');
    return;
  }
  if (!(await store.clocks(row.id)).some((each) => each.clock === clock)) throw new Refusal('not_found');
  const text = await (await wordsOf(env, row)).seal(`clock/${clock}`, asked.text);
  if (!(await store.settle(row.id, clock, { by, at: now, outcome: asked.outcome, text })))
    throw new Refusal('already_done');
}

/** Who may work on it: whoever may on all, and whoever has a part in it. */
export function placeOf(row: IncidentRow, staff: Pick<Staff, 'id'>): { person: PersonId | null } {
  return { person: Object.values(row.people).includes(staff.id) ? staff.id : null };
}

function requireOpen({ state }: IncidentRow): void {
  if (state === 'closed') throw new Refusal('incident_closed');
}

export async function noteFrom(
  words: Words,
  by: PersonId,
  kind: IncidentNote['kind'],
  text: string,
  at: number,
): Promise<NoteRow> {
  const id = crypto.randomUUID();
  return { id, at, by, kind, text: await words.seal(`note/${id}`, text) };
}

export async function taskFrom(
  words: Words,
  { phase, text, ...more }: Pick<NewTask, 'phase'> & { text: string; person?: PersonId; dueAt?: number },
): Promise<NewTask> {
  const id = crypto.randomUUID();
  const sealed = await words.seal(`task/${id}`, text);
  return { id, phase, text: sealed, person: more.person ?? null, dueAt: more.dueAt ?? null };
}
