/** How the checks stand: by the last run that is over, with what is accepted now. */
import type { Env } from '../../config.ts';
import {
  type CheckAbout,
  type ChecksAnswer,
  type CheckStanding,
  standingOf,
  type StandingAnswer,
} from '../../protocol/checks.ts';
import { exceptionsOf } from './exceptions.ts';
import { checks } from './list.ts';
import { longestRun } from './running.ts';
import { CheckStore, type StoredResult } from './store.ts';

/** So many runs are told of. */
const shown = 90;

export async function standing(env: Env, now: number): Promise<ChecksAnswer> {
  const store = new CheckStore(env.DB);
  const [over, running, exceptions] = await Promise.all([
    store.over(shown),
    store.running(now - longestRun),
    exceptionsOf(env, now),
  ]);
  const [last, before] = over;
  const [results, earlier, history, goingOn] = await Promise.all([
    resultsOf(store, last?.id),
    resultsOf(store, before?.id),
    store.counted(over),
    running === undefined ? [] : store.counted([running]),
  ]);
  return {
    checks: checks.map((check) => {
      const result = results.get(check.id);
      const exception = exceptions.get(check.id) ?? null;
      const { outcome, found, words, at } = result ?? unseen;
      return {
        ...aboutOf(check),
        ...{ outcome, found, words, at, exception },
        standing: standingOf(outcome, exception !== null),
        before: standingIn(earlier.get(check.id)),
      };
    }),
    history,
    running: goingOn[0] ?? null,
  };
}

/** What whoever deploys is told, without who accepted what and why. */
export async function briefly(env: Env, now: number): Promise<StandingAnswer> {
  const { checks: all, history, running } = await standing(env, now);
  return {
    run: history[0] ?? null,
    running,
    checks: all.map(({ id, title, standing, words }) => ({ id, title, standing, words })),
  };
}

const unseen = {
  outcome: 'not-run',
  found: {},
  words: 'Nobody has looked at this yet.',
  at: null,
} as const;

async function resultsOf(store: CheckStore, run: string | undefined): Promise<Map<string, StoredResult>> {
  return new Map((run === undefined ? [] : await store.results(run)).map((each) => [each.id, each]));
}

function standingIn(result: StoredResult | undefined): CheckStanding | null {
  return result === undefined ? null : standingOf(result.outcome, result.accepted);
}

export function aboutOf({ id, group, title, measures, why, answers, fix }: CheckAbout): CheckAbout {
  return { id, group, title, measures, why, answers, fix };
}
