/** Whether the ledger's one writer keeps up: two hundred entries a second for a minute, none of them lost. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readLedger } from '../../protocol/ledger-proof.ts';
import { type Company, startCompany } from '../engine/company.ts';
import { exportLedger } from '../engine/ledger.ts';
import type { Database } from '../engine/workerd.ts';
import { beats } from './beats.ts';
import { bundleChecks } from './checks.ts';
import { anId, type Entry, entryOf, sizeOf, tell } from './entries.ts';
import { quantile } from './figures.ts';
import { type Told, toldMisses } from './ledger-writes/judged.ts';
import { differences } from './ledger-writes/kept.ts';
import { type Busy, busyInWords, watchProcessors } from './processors.ts';

const PER_SECOND = 200;
const SECONDS = 60;
/** They come in one after the other: for each, and month, there is a key to make when the first details come. */
const PEOPLE = 100;
/** Every so manieth says what is personal, which is sealed on its way in. */
const PERSONAL = 4;
/** A head is asked for once a second, and what was begun before has ended by then. */
const SETTLED_MS = 2_000;
/** What is compiled once is no entry's. */
const WARM = 200;
const LOOK_MS = 2;
const PATIENCE_MS = 60_000;

export interface Written extends Told {
  readonly busy: Busy;
  /** From when the last was durable until D1 had it, in milliseconds. */
  readonly lag: number;
}

/** @param part of the minute, to try it */
export async function written(folder: string, part: number): Promise<Written> {
  const company = await startCompany(folder, 0, { code: await bundleChecks(folder) });
  try {
    return await measured(company, join(folder, 'ledger.ndjson'), SECONDS * part);
  } finally {
    await company.stop();
  }
}

async function measured({ workerd, owner }: Company, file: string, seconds: number): Promise<Written> {
  const { url } = workerd;
  const database = await workerd.database();
  for (let n = 0; n < WARM; n++) await tell(url, [entryOf(anId('per'), false)]);
  await wait(SETTLED_MS);
  const before = await sizeOf(url);
  const people = Array.from({ length: PEOPLE }, () => anId('per'));

  const entries: Entry[] = [];
  const durable: number[] = [];
  const telling: Promise<void>[] = [];
  const busySince = watchProcessors(workerd.pid);
  const begun = performance.now();
  for await (const due of beats(PER_SECOND, seconds)) {
    const known = 1 + Math.floor((PEOPLE * entries.length) / (PER_SECOND * seconds));
    const entry = entryOf(people[entries.length % known] ?? '', entries.length % PERSONAL === 0);
    entries.push(entry);
    telling.push(tell(url, [entry]).then(() => void durable.push(performance.now() - due)));
  }
  await Promise.all(telling);
  const ended = performance.now();
  const busy = busySince();
  await until(async () => (await endOf(database)) >= before + entries.length);
  const lag = performance.now() - ended;

  await wait(SETTLED_MS);
  const grown = (await sizeOf(url)) - before;
  const rows = await rowsFrom(database, before);
  await exportLedger(url, owner, file);
  const { verification, heads } = await readLedger(createReadStream(file), { notes: [], keys: [] });
  const verdict = verification.verdict(heads);
  return {
    ...differences(
      entries.map(({ id }) => id),
      rows.map(({ id }) => id),
    ),
    ...{ told: entries.length, durable, took: (ended - begun) / 1000, busy, lag, grown },
    sealed: rows.filter(({ isSealed }) => isSealed === 1).length,
    personal: entries.filter(({ personal }) => personal !== undefined).length,
    findings: verdict.findings.map(({ what, seq }) => `${what} at entry ${seq}`),
    proved: verdict.proved - before,
  };
}

async function endOf(database: Database): Promise<number> {
  const query = 'SELECT IFNULL(MAX(seq) + 1, 0) AS size FROM ledger';
  return (await database.prepare(query).first<number>('size')) ?? 0;
}

async function rowsFrom(database: Database, seq: number): Promise<{ id: string; isSealed: number }[]> {
  const query = 'SELECT id, details IS NOT NULL AS isSealed FROM ledger WHERE seq >= ?';
  return (await database.prepare(query).bind(seq).all<{ id: string; isSealed: number }>()).results;
}

/** Whoever waits in vain goes on: what is missing then is found. */
async function until(look: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await look()) && performance.now() - start < PATIENCE_MS) await wait(LOOK_MS);
}

/** @param part of the minute for which they were due */
export function writesMisses(writes: Written, part: number): string | undefined {
  return toldMisses(writes, SECONDS * part);
}

export function writesInWords(writes: Written): string {
  const {
    told,
    durable,
    took,
    busy,
    lag,
    grown,
    proved,
    lost,
    doubled,
    strange,
    sealed,
    personal,
    findings,
  } = writes;
  const ms = (share: number) => `${quantile(durable, share).toFixed(1)} ms`;
  return [
    `${told} entries, ${PER_SECOND} due each second, ${personal} with personal details, all durable after ${took.toFixed(1)} s`,
    `durable after ${ms(0.5)} (median), ${ms(0.99)} (99 %), ${ms(1)} (all); D1 had the last ${Math.round(lag)} ms later; processors kept busy: ${busyInWords(busy)}`,
    `in the tree ${grown} more, in D1 ${lost} lost, ${doubled} doubled, ${strange} strange, ${sealed} sealed; a signed head proves ${proved} of the export: ${findings.length === 0 ? 'whole' : findings.join(', ')}`,
  ].join('\n');
}
