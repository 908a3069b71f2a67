/**
 * `npm run bench -- --only A1,B --rounds 5 --json figures.json`: Sotto beside rooms that do less, in one run.
 * `npm run bench -- --cost`: what it costs. `npm run bench -- --everybody`: how soon a thousand people are signed out.
 * `npm run bench -- --strangers`: whether the time of an answer tells who is here. `--files`: what sealing costs a file.
 * `--masking`: how long it takes to look for what is sensitive.
 * `--ledger-writes`, `--ledger-noise`, `--ledger-million`: what the ledger holds; `--backups`: what a backup takes and puts back;
 * `--part 0.1` with one of these tries a tenth of it.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ALONE } from './bench/alone.ts';
import { Book, openArena } from './bench/arena.ts';
import { judged } from './bench/figures.ts';
import { BOUNDS, SCENARIOS } from './bench/scenarios.ts';
import { inWords, verdictInWords } from './bench/table.ts';
import { buildBrowser } from './build.ts';
import { Halt, orHalt } from './halt.ts';

/** Memory, where the machine has such a file system: what a disk does is not what is measured. */
const MEMORY = '/dev/shm';
const ROUNDS = 5;

await orHalt(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'string' },
      part: { type: 'string' },
      cost: { type: 'boolean' },
      everybody: { type: 'boolean' },
      strangers: { type: 'boolean' },
      files: { type: 'boolean' },
      masking: { type: 'boolean' },
      'ledger-writes': { type: 'boolean' },
      'ledger-noise': { type: 'boolean' },
      'ledger-million': { type: 'boolean' },
      backups: { type: 'boolean' },
    },
  });
  const only = values.only?.split(',');
  const unknown = only?.find((key) => SCENARIOS.every((scenario) => scenario.key !== key));
  if (unknown !== undefined) throw new Halt(`There is no scenario ${unknown}.`);
  const rounds = Number(values.rounds ?? ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Halt('--rounds takes a whole number of at least 1.');
  const alone = Object.entries(ALONE).find(([name]) => values[name as keyof typeof ALONE])?.[1];
  const part = Number(values.part ?? 1);
  if (!(part > 0 && part <= 1)) throw new Halt('--part takes a share, such as 0.1.');
  if (!existsSync('/proc/self/stat'))
    throw new Halt('The bench reads processor time from /proc: it needs Linux.');

  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'sotto-bench-'));
  // Whatever the runtimes keep for the time of a run lies there too.
  process.env['TMPDIR'] = folder;
  try {
    await buildBrowser();
    if (alone !== undefined) {
      const { figures, words, misses } = await alone(folder, part);
      console.log(words);
      if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(figures, null, 2));
      if (misses !== undefined) throw new Halt(misses);
      return;
    }
    const arena = await openArena(folder);
    const book = new Book();
    try {
      for (const { key, title, prepare } of SCENARIOS) {
        if (only !== undefined && !only.includes(key)) continue;
        console.log(`\n${key}: ${title}`);
        const { round, close } = await prepare(arena);
        for (let n = 0; n < rounds; n++) await round(book.noting(key));
        await close?.();
        console.log(inWords(book.measured.filter(({ scenario }) => scenario === key)));
      }
    } finally {
      await arena.stop();
    }
    const verdicts = judged(book.measured, BOUNDS);
    console.log(`\n${verdicts.map(verdictInWords).join('\n')}`);
    if (values.json !== undefined)
      writeFileSync(values.json, JSON.stringify({ measured: book.measured, verdicts }, null, 2));
    if (verdicts.some(({ holds }) => !holds)) throw new Halt('Not every figure holds.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
