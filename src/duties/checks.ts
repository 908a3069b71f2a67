/** Security checks: what is measured each night and on demand on the deployment as it runs (docs/CHECKS.md). */
import type { Env } from '../config.ts';
import { StaffDirectory } from '../people/staff.ts';
import { longestRun } from './checks/running.ts';
import { CheckStore } from './checks/store.ts';
import { beginRun } from './runs.ts';

export { exceptionPlace } from './checks/exceptions.ts';
export { lookedLately } from './checks/lately.ts';
export { rootView } from './checks/root.ts';
export { checkPortion } from './checks/running.ts';

/** Those of every night. */
export async function checkNightly(env: Env, now: number): Promise<void> {
  // Where nobody is yet there is nothing to look at, but perhaps a backup that is to be put back.
  if (await new StaffDirectory(env).store.isEmpty()) return;
  await begin(env, `checks-${new Date(now).toISOString().slice(0, 10)}`, null, now);
}

/** Those that somebody wants now. Where they are being made already, it is those. @returns the run's id */
export function checkNow(env: Env, askedBy: string, now: number): Promise<string> {
  return begin(env, `checks-${now}`, askedBy, now);
}

async function begin(env: Env, id: string, askedBy: string | null, now: number): Promise<string> {
  const run = await new CheckStore(env.DB).begin(id, askedBy, now, now - longestRun);
  await beginRun(env, 'checks', run, now);
  return run;
}
