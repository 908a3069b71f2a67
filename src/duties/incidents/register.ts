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
import { isSameKey, keyStore } from '../../vault.ts';
import { peopleOfPlan, requireAble, runbooks } from '../incident-plan.ts';
import { requireOther } from './about.ts';
import { clocksOf, dueAt, notMovable } from './rules.ts';
import { type IncidentRow, IncidentStore, type Keyed, type NewTask, type NoteRow } from './store.ts';
import { newWords, type Words, wordsOf } from './words.ts';

/** What whoever declares is given for a clock that is behind theirs. */
const ahead = 60_000;
const hour = 3_600_000;

/**
 * Declares an incident: with the tasks of its runbook, whoever the plan names, and, unless it is played, the law's clocks.
 * @throws {Refusal} invalid, too_fast, no_room
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
  const isAdded = await store.add(
    {
      ...{ id, kind, severity, state: 'detect', origin, alarm, declaredBy: by, declaredAt: now },
      ...{ noticedAt, beganAt, things: [...new Set(asked.things)], people: await peopleOfPlan(env) },
      ...{ key: record, title: await words.seal('title', asked.title) },
    },
    await noteFrom(words, by, 'note', asked.what, now),
    await Promise.all(tasks.map(({ phase, text }) => taskFrom(words, { phase, text }))),
    clocksOf(drill, await profilesOn(env)).map((clock) => [clock, dueAt(clock, noticedAt)]),
    { open: limits.openIncidents, byOne: limits.incidentsAnHour, since: now - hour },
  );
  if (!isAdded) {
    await keyStore(env.KEYS).delete('incident', id);
    throw new Refusal((await store.countOpen()) < limits.openIncidents ? 'too_fast' : 'no_room');
  }
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

/**
 * What is left out stays, whoever changes it meanwhile.
 * @throws {Refusal} not_allowed, incident_closed, stale, not_found: of people who can have no part in it, invalid
 */
export async function change(
  env: Env,
  row: IncidentRow,
  staff: Pick<Staff, 'id'>,
  { severity, people, things, beganAt }: InferOutput<typeof changeIncidentRequest>,
): Promise<void> {
  const isNaming = people !== undefined || things !== undefined;
  if (isNaming) await requireOther(env, row, staff);
  await requireAble(
    env,
    Object.values(people ?? {}).flatMap((person) => person ?? []),
  );
  if (beganAt !== undefined && beganAt > row.noticedAt)
    throw new Refusal('invalid', 'beganAt: not before it was noticed');
  const changed = { severity, people, things: things && [...new Set(things)], beganAt };
  // Whom it is about is what was looked at: it may have come to be about whoever asks.
  if (!(await new IncidentStore(env.DB).change(row.id, changed, isNaming ? row.things : undefined)))
    throw new Refusal((await incidentOf(env, row.id)).state === 'closed' ? 'incident_closed' : 'stale');
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
  const store = new IncidentStore(env.DB);
  const isMoved = await underItsKey(env, row, async (words, { id, key }) => {
    const note = reason === null ? null : await noteFrom(words, by, 'back', reason, now);
    return store.move({ id, key, state: row.state }, to, note);
  });
  if (!isMoved) throw new Refusal('not_next');
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
  const store = new IncidentStore(env.DB);
  const isAdded = await underItsKey(env, row, async (words, keyed) =>
    store.addNote(keyed, await noteFrom(words, by, kind, text, now), limits.incidentNotes),
  );
  if (!isAdded) throw new Refusal('no_room');
}

/** @throws {Refusal} incident_closed, no_room */
export async function addTask(
  env: Env,
  row: IncidentRow,
  asked: InferOutput<typeof taskRequest>,
): Promise<void> {
  requireOpen(row);
  const store = new IncidentStore(env.DB);
  const isAdded = await underItsKey(env, row, async (words, keyed) =>
    store.addTask(keyed, await taskFrom(words, asked), limits.incidentTasks),
  );
  if (!isAdded) throw new Refusal('no_room');
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
  const { outcome } = asked;
  const isSettled = await underItsKey(env, row, async (words, keyed) => {
    const text = await words.seal(`clock/${clock}`, asked.text);
    return store.settle(keyed, clock, { by, at: now, outcome, text });
  });
  if (!isSettled) throw new Refusal('already_done');
}

/**
 * Has something stored that is sealed under the incident's key, and once more where that was sealed anew meanwhile.
 * @param store answers false where it could not be stored, for that or for another reason
 */
export async function underItsKey(
  env: Env,
  row: IncidentRow,
  store: (words: Words, keyed: Keyed) => Promise<boolean>,
): Promise<boolean> {
  for (let now = row; ;) {
    if (await store(await wordsOf(env, now), now)) return true;
    const next = await incidentOf(env, row.id);
    if (isSameKey(next.key, now.key)) return false;
    now = next;
  }
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
