import { delimiter, join } from 'node:path';
import { endCommands, type Outcome, run } from '../command.ts';
import { Halt } from '../halt.ts';
import { ROOT } from '../project.ts';

const STEP_SECONDS = 1_200;

export interface Step {
  readonly name: string;
  readonly command: string;
  /** Where the exit code does not say it all. */
  readonly verdict?: (outcome: Outcome) => Verdict;
}

export type Verdict = { is: 'passed' } | { is: 'failed'; why?: string } | { is: 'not run'; why: string };

/** Runs the steps named, or all; says how each went and, in the last line, how many passed and failed. */
export async function runSteps(steps: readonly Step[], names: readonly string[]): Promise<void> {
  const stop = () => void endCommands().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  // Nobody reads on, as in `npm test | head`.
  process.stdout.once('error', stop);

  const counts = { passed: 0, failed: 0, 'not run': 0 };
  for (const step of select(steps, names)) {
    const verdict = await runStep(step, names.length > 0);
    counts[verdict.is] += 1;
  }
  if (counts['not run'] > 0) console.log(`${counts['not run']} could not be run and proved nothing.`);
  console.log(summary(counts));
  if (counts.failed > 0) process.exitCode = 1;
}

export function summary({ passed, failed }: { passed: number; failed: number }): string {
  return `${passed} passed, ${failed} failed`;
}

/** `types` stands for `types:browser` and its sisters too. */
export function select(steps: readonly Step[], names: readonly string[]): readonly Step[] {
  const belongs = (step: Step, name: string) => step.name === name || step.name.startsWith(`${name}:`);
  const unknown = names.filter((name) => !steps.some((step) => belongs(step, name)));
  if (unknown.length > 0) {
    throw new Halt(
      `There is no step ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}.`,
    );
  }
  return names.length === 0 ? steps : steps.filter((step) => names.some((name) => belongs(step, name)));
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
