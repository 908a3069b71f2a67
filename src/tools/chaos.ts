/**
 * The fault harness: `npm run chaos` lets many people talk through the real Worker while it is killed, cut off,
 * made to fail and taken back in time, and says whether anything was lost, doubled, disordered or shown wrongly.
 * `npm run chaos -- --duties` kills it while copies, erasures, retention, backups, restores and a rotation go on.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBrowser } from './build.ts';
import { dutiesInWords, DutiesRun } from './chaos/duties.ts';
import { Run } from './chaos/run.ts';
import type { Measure } from './chaos/schedule.ts';
import { table } from './chaos/table.ts';
import { endCommands } from './command.ts';
import { Halt, orHalt } from './halt.ts';

const PROGRESS_MS = 5_000;
const MOST_ROUNDS = 6;

async function chaos(): Promise<void> {
  const wish = wishes();
  const { seed, ...measure } = wish;
  await buildBrowser();
  // In memory where there is such a place, so that a disk is not what is measured.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'sotto-chaos-'));
  const run = wish.duties ? new DutiesRun(wish, folder) : new Run(measure, seed, folder);
  // In one go, since whoever hears a signal first may end this process at once.
  const clear = () => {
    run.end();
    void endCommands();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  process.once('exit', clear);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

  const progress = setInterval(
    () => console.log(run instanceof Run ? line(run, measure) : run.progress),
    PROGRESS_MS,
  );
  try {
    const { findings, words } = await (run instanceof Run ? talked(run) : killed(run));
    console.log(words);
    if (findings.length > 0) throw new Halt(`Not everything held, with --seed ${seed}.`);
  } finally {
    clearInterval(progress);
    clear();
  }
}

async function talked(run: Run) {
  const { findings, seconds } = await run.run();
  return { findings, words: table(run.tally, seconds, findings) };
}

async function killed(run: DutiesRun) {
  const outcome = await run.run();
  return { findings: outcome.findings, words: dutiesInWords(outcome) };
}

/** By default the long run; with --duties that of long duties, where kills are those of a round. */
function wishes(): Measure & { seed: number; rounds: number; duties: boolean } {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      duties: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '4' },
      kills: { type: 'string' },
      drops: { type: 'string', default: '1000' },
      messages: { type: 'string', default: '100000' },
    },
  });
  const { duties, kills = duties ? '12' : '200', ...counts } = values;
  const count = (name: keyof typeof counts | 'kills') => {
    const text = { ...counts, kills }[name];
    if (!/^\d{1,7}$/.test(text)) throw new Halt(`--${name} takes a whole number.`);
    return Number(text);
  };
  // Copies are kept for a week, and each round is a night.
  if (duties && count('rounds') > MOST_ROUNDS) throw new Halt(`--rounds takes ${MOST_ROUNDS} at most.`);
  return {
    ...{ duties, rounds: count('rounds'), seed: count('seed'), kills: count('kills') },
    drops: count('drops'),
    messages: count('messages'),
  };
}

function line({ tally }: Run, { messages, kills, drops }: Measure): string {
  const { acknowledged } = tally;
  return `${acknowledged} of ${messages} messages, ${tally.kills} of ${kills} kills, ${tally.drops} of ${drops} drops`;
}

await orHalt(chaos);
