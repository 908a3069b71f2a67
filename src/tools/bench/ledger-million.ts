/** A ledger of a million entries: how long a stranger verifies its file, and how long staff wait for a page of it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.ts';
import type { Caller } from '../engine/caller.ts';
import { organise, unhurried } from '../engine/company.ts';
import { exportLedger } from '../engine/ledger.ts';
import { type Database, migrate, startWorkerd } from '../engine/workerd.ts';
import { ROOT } from '../project.ts';
import { Mailbox } from '../start/mail.ts';
import { bundleChecks } from './checks.ts';
import { anId, type Entry, entryOf, sizeOf, tell } from './entries.ts';
import { quantile } from './figures.ts';

const ENTRIES = 1_000_000;
const AT_ONCE = 500;
const PEOPLE = 200;
const THINGS = 20_000;
const ACTIONS = ['conversation.claim', 'conversation.reopen', 'conversation.handOver', 'customer.change'];
/** Every so manieth says what is personal, which a page opens. */
const PERSONAL = 4;
const TIMES = 20;
/** In milliseconds. */
const BOUNDS = { verify: 60_000, page: 200 };
const PATIENCE_SECONDS = 900;

export interface Million {
  /** As the verifier has them proved by a signed head; and whether it finds the file whole. */
  readonly entries: number;
  readonly isWhole: boolean;
  readonly bytes: number;
  /** What the entries take in D1, with their indexes. */
  readonly inDatabase: number;
  /** Milliseconds: until all were durable, until a head was signed over them, for the file, for its verification. */
  readonly told: number;
  readonly signed: number;
  readonly exported: number;
  readonly verified: number;
  /** Of each kind of page, milliseconds. */
  readonly pages: Readonly<Record<string, number[]>>;
}

/** Takes about fifteen minutes. @param part of the entries, to try it */
export async function million(folder: string, part: number): Promise<Million> {
  const mailbox = new Mailbox(join(folder, 'mail'));
  const settings = unhurried();
  const workerd = await startWorkerd({
    ...settings,
    code: await bundleChecks(folder),
    state: join(folder, 'state'),
    onLog: (line) => mailbox.hear(line),
  });
  try {
    const database = await workerd.database();
    await migrate(database);
    const { url } = workerd;
    const empty = await bytesOf(database);
    const growth = await grown(url, Math.round(ENTRIES * part));
    const inDatabase = (await bytesOf(database)) - empty;
    // Only now: whoever takes the file along has just proved who they are.
    const { owner } = await organise(url, settings.bindings.SETUP_TOKEN, mailbox, 0);
    const proof = await proved(url, owner, join(folder, 'ledger.ndjson'));
    return { ...growth, ...proof, inDatabase, pages: await pagesOf(owner, growth.person, growth.thing) };
  } finally {
    await workerd.stop();
  }
}

async function grown(url: URL, count: number) {
  const people = Array.from({ length: PEOPLE }, () => anId('per'));
  const things = Array.from({ length: THINGS }, () => anId('cnv'));
  const entry = (n: number): Entry => ({
    ...entryOf(people[n % PEOPLE] ?? '', n % PERSONAL === 0),
    object: things[n % THINGS] ?? '',
    action: ACTIONS[n % ACTIONS.length] ?? '',
  });
  const told = await taking(async () => {
    for (let from = 0; from < count; from += AT_ONCE) {
      const length = Math.min(AT_ONCE, count - from);
      await tell(
        url,
        Array.from({ length }, (_, n) => entry(from + n)),
      );
    }
  });
  const signed = await taking(async () => {
    while ((await sizeOf(url)) < count);
  });
  return { told, signed, person: people[0] ?? '', thing: things[0] ?? '' };
}

/** As D1 says itself, and is billed by. */
async function bytesOf(database: Database): Promise<number> {
  const { meta } = await database.prepare('SELECT 1').run();
  return meta.size_after;
}

async function proved(url: URL, owner: Caller, file: string) {
  const exported = await taking(() => exportLedger(url, owner, file));
  const verifying = [join(ROOT, 'src/tools/ledger.ts'), 'verify', file];
  let said = { ok: false, output: '' };
  const verified = await taking(async () => {
    said = await run(process.execPath, verifying, { timeoutSeconds: PATIENCE_SECONDS });
  });
  const entries = Number(/the first (\d+) entries are as they were signed/.exec(said.output)?.[1] ?? 0);
  return { exported, verified, entries, bytes: statSync(file).size, isWhole: said.ok };
}

async function pagesOf(owner: Caller, person: string, thing: string): Promise<Record<string, number[]>> {
  const middle = (await owner.get<{ next: string }>(`/ledger?actor=${person}`)).next;
  const asked = {
    'of everything': '',
    'further back': `?before=${middle}`,
    'of a person': `?actor=${person}`,
    'of an action': `?action=${ACTIONS[0] ?? ''}`,
    'of a thing': `?about=${thing}`,
    'of a person and an action': `?actor=${person}&action=${ACTIONS[0] ?? ''}`,
    'of a person and what they did not do': `?actor=${person}&action=${ACTIONS[1] ?? ''}`,
    'of a person and a thing': `?actor=${person}&about=${thing}`,
  };
  const pages: Record<string, number[]> = {};
  for (const [kind, query] of Object.entries(asked)) {
    const times: number[] = [];
    for (let n = 0; n < TIMES; n++) times.push(await taking(() => owner.get(`/ledger${query}`)));
    pages[kind] = times;
  }
  return pages;
}

/** Milliseconds. */
async function taking(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** @param part of the entries that there had to be */
export function millionMisses(
  { entries, isWhole, verified, pages }: Million,
  part: number,
): string | undefined {
  if (!isWhole || entries < ENTRIES * part) return 'The ledger is not what it was told.';
  if (verified > BOUNDS.verify) return 'It takes too long to verify.';
  return Math.max(...Object.values(pages).flat()) > BOUNDS.page ? 'A page takes too long.' : undefined;
}

export function millionInWords(all: Million): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const { entries, isWhole, bytes, inDatabase, told, signed, exported, verified, pages } = all;
  const page = ([kind, times]: [string, number[]]) =>
    `  ${kind.padEnd(40)}${quantile(times, 0.5).toFixed(1)} ms, ${quantile(times, 1).toFixed(1)} ms`;
  return [
    `told in ${seconds(told)}, in D1 and signed ${seconds(signed)} later, exported in ${seconds(exported)} (${Math.round(bytes / 1e6)} MB)`,
    `${Math.round(inDatabase / 1e6)} MB in D1, ${Math.round(inDatabase / entries)} bytes an entry: ${(inDatabase / entries / 1e3).toFixed(2)} GB a million`,
    `verified in ${seconds(verified)}: ${entries} entries proved, ${isWhole ? 'whole' : 'NOT WHOLE'}`,
    'pages of 50, the median and the longest:',
    ...Object.entries(pages).map(page),
  ].join('\n');
}
