import { delimiter, join } from 'node:path';
import { endCommands, type Outcome, run } from '../command.ts';
import { Halt } from '../halt.ts';
import { ROOT } from '../project.ts';

const STEP_SECONDS = 1_200;
/** As many as the smallest machine has cores that the check is made for. */
const LANES = 2;

export interface Step {
  readonly name: string;
  readonly command: string;
  /** It changes nothing that other steps use, so that neighbours of which that is said too may go on beside it. */
  readonly goesBeside?: true;
  /** It is left to `npm run check`, so that the rest is done while somebody waits. */
  readonly isLong?: true;
  /** Where the exit code does not say it all. */
  readonly verdict?: (outcome: Outcome) => Verdict;
}

export type Verdict = { is: 'passed' } | { is: 'failed'; why?: string } | { is: 'not run'; why: string };

export type Wanted = { names: readonly string[]; all: boolean };

/**
 * Runs the steps named, or those that are not long, or all; says how each went and, in the last line, how many passed
 * and failed.
 */
export async function runSteps(steps: readonly Step[], wish: Wanted): Promise<void> {
  const stop = () => void endCommands().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  // Nobody reads on, as in `npm test | head`.
  process.stdout.once('error', stop);

  const counts = { passed: 0, failed: 0, 'not run': 0 };
  const wanted = select(steps, wish);
  if (wish.names.length > 0) await runEach(wanted.values(), true, counts);
  else {
    for (const batch of batches(wanted)) {
      const left = batch.values();
      await Promise.all(Array.from({ length: LANES }, () => runEach(left, false, counts)));
    }
  }
  const left = steps.filter((step) => !wanted.includes(step)).map(({ name }) => name);
  if (wish.names.length === 0 && left.length > 0) console.log(`Left to npm run check: ${left.join(', ')}.`);
  if (counts['not run'] > 0) console.log(`${counts['not run']} could not be run and proved nothing.`);
  console.log(summary(counts));
  if (counts.failed > 0) process.exitCode = 1;
}

export function summary({ passed, failed }: { passed: number; failed: number }): string {
  return `${passed} passed, ${failed} failed`;
}

/** `types` stands for `types:browser` and its sisters too. */
export function select(steps: readonly Step[], { names, all }: Wanted): readonly Step[] {
  const belongs = (step: Step, name: string) => step.name === name || step.name.startsWith(`${name}:`);
  const unknown = names.filter((name) => !steps.some((step) => belongs(step, name)));
  if (unknown.length > 0) {
    throw new Halt(
      `There is no step ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}.`,
    );
  }
  if (names.length === 0) return steps.filter(({ isLong }) => all || isLong !== true);
  return steps.filter((step) => names.some((name) => belongs(step, name)));
}

/** What may go on side by side stands together, and every other step by itself. */
export function batches(steps: readonly Step[]): Step[][] {
  const found: Step[][] = [];
  for (const step of steps) {
    const last = found.at(-1);
    if (step.goesBeside === true && last?.[0]?.goesBeside === true) last.push(step);
    else found.push([step]);
  }
  return found;
}

/** Takes the next step that nobody has taken, until there is none. */
async function runEach(
  left: Iterable<Step>,
  live: boolean,
  counts: Record<Verdict['is'], number>,
): Promise<void> {
  for (const step of left) {
    const verdict = await runStep(step, live);
    counts[verdict.is] += 1;
  }
}

async function runStep(step: Step, live: boolean): Promise<Verdict> {
  const [command = '', ...args] = step.command.split(' ');
  const started = Date.now();
  const outcome = await run(command, args, {
    timeoutSeconds: STEP_SECONDS,
    env: {
      PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
    },
    live: live && step.verdict === undefined,
  });
  const verdict: Verdict = step.verdict?.(outcome) ?? { is: outcome.ok ? 'passed' : 'failed' };
  if (verdict.is === 'failed' && !live) console.log(`\n${verdict.why ?? outcome.output.trimEnd()}\n`);
  console.log(line(step, verdict, (Date.now() - started) / 1000));
  return verdict;
}

function line(step: Step, verdict: Verdict, seconds: number): string {
  const word = { passed: 'ok', failed: 'FAILED', 'not run': 'NOT RUN' }[verdict.is];
  const why = verdict.is === 'not run' ? `  could not run: ${verdict.why}` : '';
  return `${word.padEnd(8)} ${step.name.padEnd(20)} ${seconds.toFixed(1).padStart(6)} s${why}`;
}
