/** Does every check in order, and says how it went. */
import type { Check, Outcome } from './check.ts';
import type { Target } from './target.ts';

export interface Result extends Outcome {
  readonly check: Check;
  /** It can't be done on this machine, and is not missed there. */
  readonly isExcused: boolean;
}

export async function runChecks(
  checks: readonly Check[],
  target: Target,
  told: (result: Result) => void = () => undefined,
): Promise<Result[]> {
  const results: Result[] = [];
  // One after the other: the last one uses up what the door lets through.
  for (const check of checks) {
    const result = await resultOf(check, target);
    told(result);
    results.push(result);
  }
  return results;
}

async function resultOf(check: Check, target: Target): Promise<Result> {
  if (target.isLocal && check.notLocal !== undefined)
    return { check, is: 'not run', found: check.notLocal, isExcused: true };
  try {
    return { check, isExcused: false, ...(await check.look(target)) };
  } catch (error) {
    // Whatever keeps a check from its end, it has proved nothing.
    return { check, is: 'not run', found: `could not be done: ${saying(error)}`, isExcused: false };
  }
}

/** 0: all passed. 1: something failed. 2: nothing failed, and something that should have been done was not. */
export function exitCodeOf(results: readonly Result[]): number {
  if (results.some(({ is }) => is === 'failed')) return 1;
  const isMissed = ({ is, isExcused }: Result) => is === 'not run' && !isExcused;
  return results.length === 0 || results.some(isMissed) ? 2 : 0;
}

export function inWords({ check, is, found }: Result): string {
  const word = { passed: 'ok', failed: 'FAILED', 'not run': 'NOT RUN' }[is];
  const head = `${word.padEnd(8)} ${check.id.padEnd(20)} ${check.what}`;
  const more = [found, ...(is === 'failed' ? [check.why, `To mend it: ${check.fix}`] : [])];
  return [head, ...more.map((line) => `${' '.repeat(30)}${line}`)].join('\n');
}

export function summary(results: readonly Result[]): string {
  const count = (is: Outcome['is']) => results.filter((result) => result.is === is).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('not run')} not run`;
}

/** For a machine: all that is known of each. */
export function asJson(target: Target, at: Date, results: readonly Result[]): string {
  const checks = results.map(({ check: { look: _, notLocal: __, ...about }, is, found }) => {
    return { ...about, outcome: is, found };
  });
  return JSON.stringify(
    { format: 'sotto.outside.v1', origin: target.origin, at: at.toISOString(), checks },
    undefined,
    2,
  );
}

function saying(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return message === undefined || message === '' ? (code ?? 'nobody knows why') : message;
}
