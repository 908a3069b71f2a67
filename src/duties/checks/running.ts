/** Looking at one check after another, and what the whole of a run says. */
import type { Env } from '../../config.ts';
import { idOf } from '../../ledger.ts';
import { logFault } from '../../log.ts';
import { enter } from '../../people/recording.ts';
import { type CheckRun, standingOf } from '../../protocol/checks.ts';
import { lifetimes } from '../../protocol/limits.ts';
import { watchOf } from '../alarms.ts';
import { askItself } from '../itself.ts';
import type { Portion } from '../runs.ts';
import { type Check, day, type Look, notRun, type Result } from './check.ts';
import { checks } from './list.ts';
import { CheckStore, type StoredResult } from './store.ts';

/** A run that takes longer is waited for no more. */
export const longestRun = day;
/** What takes longer could not be looked at. */
const patience = 25_000;
const outsidePatience = 8_000;
/** A portion asks for some hundreds of things, of which one check may ask for two hundred. */
const checksAtOnce = 8;
const enough = 1_000;

/**
 * One check after another, for a second or so, each kept as soon as it was looked at. `place`: the next one; what is no
 * check's id is the end.
 */
export const checkPortion: Portion = async (env, run, place) => {
  const begun = Date.now();
  const from = place === null ? 0 : checks.findIndex(({ id }) => id === place);
  if (from < 0) {
    await finish(env, run, begun);
    return { place: null, done: 0 };
  }
  let next = from;
  for (const check of checks.slice(from, from + checksAtOnce)) {
    await look(env, run, check);
    next += 1;
    if (Date.now() - begun >= enough) break;
  }
  return { place: checks[next]?.id ?? 'end', done: next - from };
};

async function look(env: Env, run: string, check: Check): Promise<void> {
  const store = new CheckStore(env.DB);
  const at = Date.now();
  const result = await lookAt(check, lookOf(env, at));
  const accepted = (await store.exceptions(at)).some(({ id }) => id === check.id);
  await store.put(run, { id: check.id, accepted, at, ...result });
}

/** What it finds. Whatever goes wrong is that it could not be looked at. */
export async function lookAt(check: Check, look: Look): Promise<Result> {
  const late = scheduler.wait(patience).then(() => notRun('It took too long to look at this.'));
  try {
    return await Promise.race([check.run(look), late]);
  } catch (error) {
    logFault(`checks.${check.id}`, error);
    return notRun('This could not be looked at: something that it asks did not answer as it should.');
  }
}

export function lookOf(env: Env, at: number): Look {
  return {
    env,
    at,
    own: (path, init) => askItself(env, path, init),
    outside: (address, init) =>
      fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(outsidePatience), ...init }),
  };
}

/** Tells what came of it, once, and only then is it over: whoever was cut off tells it again. */
async function finish(env: Env, id: string, now: number): Promise<void> {
  const store = new CheckStore(env.DB);
  const run = await store.run(id);
  if (run === undefined || run.overAt !== null) return;
  const results = await store.results(id);
  const before = await store.before(run);
  const worse = before === undefined ? [] : worseThan(await store.results(before.id), results);
  if (worse.length > 0)
    await watchOf(env).raise({ rule: 'checks.worse', about: null, facts: { checks: worse } });
  const [counted] = await store.counted([run]);
  await enter(
    env,
    { actor: null, action: 'checks.look', facts: factsOf(counted, worse, results) },
    idOf('checks.look', id),
  );
  await store.finish(id, now);
  await store.forget(now - lifetimes.checkHistory);
}

/** What stood well, or was accepted, and does not any more. */
export function worseThan(before: readonly StoredResult[], now: readonly StoredResult[]): string[] {
  const isWell = ({ outcome, accepted }: StoredResult) =>
    ['passed', 'accepted'].includes(standingOf(outcome, accepted));
  const well = new Set(before.filter(isWell).map(({ id }) => id));
  return now.filter((each) => well.has(each.id) && !isWell(each)).map(({ id }) => id);
}

function factsOf(run: CheckRun | undefined, worse: readonly string[], results: readonly StoredResult[]) {
  const changed = results.find(({ id }) => id === 'configuration-drift')?.found['changed'];
  return {
    run: run?.id ?? '',
    askedBy: run?.askedBy ?? null,
    passed: run?.counts.passed ?? 0,
    accepted: run?.counts.accepted ?? 0,
    failed: run?.counts.failed ?? 0,
    notRun: run?.counts['not-run'] ?? 0,
    worse,
    ...(Array.isArray(changed) && { changed: changed as string[] }),
  };
}
