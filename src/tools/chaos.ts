/**
 * The fault harness: `npm run chaos` lets many people talk through the real Worker while it is killed, cut off,
 * made to fail and taken back in time, and says whether anything was lost, doubled, disordered or shown wrongly.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBrowser } from './build.ts';
import { Run } from './chaos/run.ts';
import type { Measure } from './chaos/schedule.ts';
import { table } from './chaos/table.ts';
import { endCommands } from './command.ts';
import { Halt, orHalt } from './halt.ts';

const PROGRESS_MS = 5_000;

async function chaos(): Promise<void> {
  const { seed, ...measure } = wishes();
  await buildBrowser();
  // In memory where there is such a place, so that a disk is not what is measured.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'sotto-chaos-'));
  const run = new Run(measure, seed, folder);
  // In one go, since whoever hears a signal first may end this process at once.
  const clear = () => {
    run.end();
    void endCommands();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  process.once('exit', clear);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

  const progress = setInterval(() => console.log(line(run, measure)), PROGRESS_MS);
  try {
    const { findings, seconds } = await run.run();
    console.log(table(run.tally, seconds, findings));
    if (findings.length > 0) throw new Halt(`Not everything held, with --seed ${seed}.`);
  } finally {
    clearInterval(progress);
    clear();
  }
}

/** By default the long run. */
function wishes(): Measure & { seed: number } {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      kills: { type: 'string', default: '200' },
      drops: { type: 'string', default: '1000' },
      messages: { type: 'string', default: '100000' },
    },
  });
  const count = (name: keyof typeof values) => {
    if (!/^\d{1,7}$/.test(values[name])) throw new Halt(`--${name} takes a whole number.`);
    return Number(values[name]);
  };
  return {
    seed: count('seed'),
    kills: count('kills'),
    drops: count('drops'),
    messages: count('messages'),
  };
}

function line({ tally }: Run, { messages, kills, drops }: Measure): string {
  const { acknowledged } = tally;
  return `${acknowledged} of ${messages} messages, ${tally.kills} of ${kills} kills, ${tally.drops} of ${drops} drops`;
}

await orHalt(chaos);
