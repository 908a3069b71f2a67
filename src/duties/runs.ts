/**
 * Duties that take longer than one request, driven by a Workflow portion by portion. How far each has come is kept here,
 * in the database, and not in the Workflow: it may be lost or begun again at any moment, and whatever drives the duty next
 * goes on where the last finished portion ended. A portion can therefore be done twice, and must come to the same.
 */
import type { Env } from '../config.ts';
import { logFault } from '../log.ts';
import { type Driven, type Duty, type Run, RunStore } from './runs/store.ts';

export type { Duty, Run } from './runs/store.ts';

/**
 * Does a bounded stretch of a duty: at most a few hundred requests and a few seconds.
 * @param place where the last portion ended; null: at the beginning
 * @returns where the next begins, null if nothing is left, and how many things this one has done
 */
export type Portion = (
  env: Env,
  id: string,
  place: string | null,
) => Promise<{ place: string | null; done: number }>;

/** One that has not moved for so long is driven anew. */
const patience = 10 * 60_000;

/**
 * Begins it, once: whoever begins it again finds it as it stands.
 * @param id unique among all, and of a Workflow's letters
 * @param place what its first portion is told; null: nothing
 */
export async function beginRun(
  env: Env,
  duty: Duty,
  id: string,
  now: number,
  place: string | null = null,
): Promise<void> {
  await new RunStore(env.DB).add(duty, id, now, place);
  await drive(env, id);
}

/** How far it is; one that stands still is set going again by whoever looks. */
export async function runOf(env: Env, id: string, now: number): Promise<Run | undefined> {
  const run = await new RunStore(env.DB).find(id);
  if (run?.overAt === null && run.movedAt < now - patience) await driveAnew(env, id, now);
  return run;
}

/** The newest run of what is begun again under another id: this one, and a hyphen with whatever follows. */
export function newestRun(env: Env, id: string): Promise<Run | undefined> {
  return new RunStore(env.DB).newest(id);
}

/** How many whose id begins with this one and a hyphen were begun since then. */
export function countRuns(env: Env, id: string, since: number): Promise<number> {
  return new RunStore(env.DB).count(id, since);
}

/** All that stand still are set going again. */
export async function seeToRuns(env: Env, now: number): Promise<void> {
  for (const { id } of await new RunStore(env.DB).still(now - patience)) await driveAnew(env, id, now);
}

async function driveAnew(env: Env, id: string, now: number): Promise<void> {
  // Moved first, so that many who look at once do not begin it again and again.
  await new RunStore(env.DB).touch(id, now);
  // As a new instance: one that was cut off while it began can neither be restarted nor made once more.
  await env.RUNS.create({ params: { run: id } satisfies Driven });
}

async function drive(env: Env, id: string): Promise<void> {
  try {
    await env.RUNS.create({ id, params: { run: id } satisfies Driven });
  } catch (error) {
    // It is driven already, or will be once somebody sees that it stands still.
    if (!/already[ _.]exists/.test(String(error))) logFault('run', error);
  }
}
