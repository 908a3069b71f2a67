/** Incidents as whoever may see them is shown them. */
import type { Env } from '../../config.ts';
import type { IncidentsAnswer, FullIncident, ListedIncident } from '../../protocol/incidents.ts';
import { limits } from '../../protocol/limits.ts';
import { isSameKey, VaultError } from '../../vault.ts';
import { incidentOf } from './register.ts';
import { type ClockRow, type IncidentRow, IncidentStore } from './store.ts';
import { type Words, wordsOf } from './words.ts';

/** The newest first, declared before then. */
export async function listed(env: Env, isClosed: boolean, before: number): Promise<IncidentsAnswer> {
  const store = new IncidentStore(env.DB);
  const rows = await store.list(isClosed, before, limits.listIncidents);
  const due = await store.nextDue(rows.map(({ id }) => id));
  const incidents = await Promise.all(
    rows.map(async (row) => lineOf(row, await wordsOf(env, row), due.get(row.id) ?? null)),
  );
  const next = rows.length === limits.listIncidents ? (rows.at(-1)?.declaredAt ?? null) : null;
  return { incidents, next };
}

export async function fullView(env: Env, row: IncidentRow): Promise<FullIncident> {
  try {
    return await viewOf(env, row);
  } catch (error) {
    // Sealed anew between one look and the other.
    const now = await incidentOf(env, row.id);
    if (!(error instanceof VaultError) || isSameKey(now.key, row.key)) throw error;
    return fullView(env, now);
  }
}

async function viewOf(env: Env, row: IncidentRow): Promise<FullIncident> {
  const store = new IncidentStore(env.DB);
  const words = await wordsOf(env, row);
  const [notes, tasks, clocks] = await Promise.all([
    store.notes(row.id),
    store.tasks(row.id),
    store.clocks(row.id),
  ]);
  const running = clocks.flatMap(({ dueAt, settledAt }) =>
    settledAt === null && dueAt !== null ? [dueAt] : [],
  );
  const { declaredBy, noticedAt, beganAt, alarm, things, people, review, closedBy } = row;
  return {
    ...(await lineOf(row, words, running.length === 0 ? null : Math.min(...running))),
    ...{ declaredBy, noticedAt, beganAt, alarm, things, people },
    notes: await Promise.all(
      notes.map(async (note) => ({ ...note, text: await words.open(`note/${note.id}`, note.text) })),
    ),
    tasks: await Promise.all(
      tasks.map(async ({ id, phase, text, person, dueAt, doneBy, doneAt }) => ({
        ...{ id, phase, person, dueAt, text: await words.open(`task/${id}`, text) },
        done: doneBy === null || doneAt === null ? null : { by: doneBy, at: doneAt },
      })),
    ),
    clocks: await Promise.all(clocks.map((clock) => clockOf(clock, words))),
    review:
      review === null || closedBy === null
        ? null
        : { text: await words.open('review', review), by: closedBy },
  };
}

async function clockOf({ clock, dueAt, settledAt, settledBy, outcome, text }: ClockRow, words: Words) {
  if (settledAt === null || settledBy === null || outcome === null || text === null)
    return { clock, dueAt, settled: null };
  const said = await words.open(`clock/${clock}`, text);
  return { clock, dueAt, settled: { at: settledAt, by: settledBy, outcome, text: said } };
}

async function lineOf(
  { id, kind, severity, state, origin, declaredAt, closedAt, title }: IncidentRow,
  words: Words,
  nextDueAt: number | null,
): Promise<ListedIncident> {
  const drill = origin === 'drill';
  const opened = await words.open('title', title);
  return { id, title: opened, kind, severity, state, origin, drill, declaredAt, closedAt, nextDueAt };
}
