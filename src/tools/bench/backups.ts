/**
 * A backup of 10,000 conversations with a million messages, one of what has changed since, the drill of it, and both put
 * back into a deployment that is empty: how long each takes, how large it is, whether every step stays within what the
 * platform allows, and whether what came back is what there was.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RestoreAnswer } from '../../protocol/restore.ts';
import { bundleInto } from '../bundle.ts';
import { download, linesOf, verify } from '../engine/backups.ts';
import { organise, ORIGIN, unhurried } from '../engine/company.ts';
import { Customer, Shop } from '../engine/customers.ts';
import { watchHeap } from '../engine/heap.ts';
import { copyBucket } from '../engine/stored.ts';
import { migrate, startWorkerd, type Workerd } from '../engine/workerd.ts';
import { Mailbox } from '../start/mail.ts';
import type { Backup, Backups, Duty, Restored } from './backups/figures.ts';
import { compare } from './backups/same.ts';
import type { Agent, Counted, Filled, Filling, Held, More, Whose } from './backups/steps.ts';

const WHOLE = { conversations: 10_000, messages: 100 };
/** So much is said before the second one: in a twentieth of the conversations, some messages each. */
const CHANGED = { share: 0.05, messages: 4 };
/** Besides, some begin one with a word, and send a file in it. */
const FILES = { share: 0.01, messages: 2, bytes: 20_000 };
/** Each is known by name, with a key of their own. */
const CUSTOMERS = 2_000;
const LANES = 8;
const AT_ONCE = 250;
const LOOK_MS = 250;

/** @param part of the conversations, to try it. Each has its hundred messages. */
export async function backedUp(folder: string, part: number): Promise<Backups> {
  const settings = unhurried();
  const mailbox = new Mailbox(join(folder, 'mail'));
  const code = await bundleInto(
    join(folder, 'backups'),
    undefined,
    join(import.meta.dirname, 'backups/worker.ts'),
  );
  const start = (state: string) =>
    startWorkerd({ ...settings, code, state, inspected: true, onLog: (line) => mailbox.hear(line) });
  const [state, elsewhere] = [join(folder, 'state'), join(folder, 'elsewhere')];
  const conversations = Math.max(1, Math.round(WHOLE.conversations * part));
  let workerd = await start(state);
  try {
    await migrate(await workerd.database());
    const { team, owner } = await organise(workerd.url, settings.bindings.SETUP_TOKEN, mailbox, 0);
    const shop = await Shop.open(owner, team, 'Living');
    const customers = await come(workerd, shop, Math.min(CUSTOMERS, conversations));
    const visitors = customers.map(({ id }) => id);
    said('fill');
    const who = { site: shop.site.id, team, agent: { id: owner.id, session: 'ses_of-the-bench' } };
    const [filled, filling] = await taking(() => fill(workerd, { ...who, visitors }, conversations));
    const files = await send(customers, Math.ceil(conversations * FILES.share));
    // What one has left in memory, and awake, with two open files for each conversation, is not the next one's.
    const anew = async () => {
      await workerd.stop();
      workerd = await start(state);
    };
    await anew();
    said('full backup');
    const full = await backup(workerd, 'full');
    await anew();
    said('change');
    const changed = await change(workerd, who, filled);
    said('incremental backup');
    const incremental = await backup(workerd, 'incremental');
    await anew();
    said('drill');
    const drill = await drilled(workerd);
    await anew();
    said('read all');
    const before = { state, held: await readAll(workerd) };
    const ledger = await number(workerd, `SELECT MAX(ledger) AS n FROM backups`);
    await workerd.stop();
    said('verify');
    const bucket = join(folder, 'bucket');
    download(state, 'sotto-backups', bucket);
    const { ok, output } = await verify(bucket);

    for (const name of ['sotto-backups', 'sotto-keys']) copyBucket(state, name, elsewhere);
    workerd = await start(elsewhere);
    await migrate(await workerd.database());
    said('restore');
    const restored = await putBack(workerd, settings.bindings.SETUP_TOKEN);
    said('read all again');
    const after = { state: elsewhere, held: await readAll(workerd) };
    await workerd.stop();
    return {
      conversations: conversations + files,
      ...{ messages: conversations * WHOLE.messages + files * FILES.messages, changed, filling },
      ...{ full, incremental, drill, restored, verified: ok ? null : output },
      held: await held(bucket, settings.bindings.KEYRING),
      same: compare(before, after, ledger),
    };
  } finally {
    await workerd.stop().catch(() => undefined);
  }
}

// What there is ---------------------------------------------------------------------------------------------------

async function fill(
  { url }: Workerd,
  who: Omit<Filling, 'conversations' | 'messages'>,
  conversations: number,
): Promise<Filled[]> {
  const filled: Filled[] = [];
  while (filled.length < conversations) {
    const some = Math.min(AT_ONCE, conversations - filled.length);
    const wish: Filling = { ...who, conversations: some, messages: WHOLE.messages };
    filled.push(...(await ask<Filled[]>(url, 'fill', wish)));
  }
  return filled;
}

async function come({ url }: Workerd, shop: Shop, count: number): Promise<Customer[]> {
  const customers: Customer[] = [];
  while (customers.length < count) {
    const some = Math.min(LANES, count - customers.length);
    const names = Array.from({ length: some }, (_, n) => `customer ${customers.length + n}`);
    customers.push(...(await Promise.all(names.map((name) => Customer.come(url, shop, name)))));
  }
  return customers;
}

/** By their doors. @returns how many were sent */
async function send(customers: readonly Customer[], count: number): Promise<number> {
  for (let n = 0; n < count; n++) {
    const customer = customers[n % customers.length] as Customer;
    const bytes = Buffer.from(randomBytes(FILES.bytes / 2).toString('hex'));
    await customer.sends(await customer.begins('Here it is.'), `notes ${n}.txt`, bytes);
  }
  return count;
}

/** @returns how many messages were said */
async function change(
  { url }: Workerd,
  who: { site: string; team: string; agent: Agent },
  filled: readonly Filled[],
): Promise<number> {
  const some = filled.slice(0, Math.ceil(filled.length * CHANGED.share));
  const wish: More = { ...who, filled: some, messages: CHANGED.messages };
  await ask(url, 'more', wish);
  return some.length * CHANGED.messages;
}

/** Every conversation, as it reads. */
async function readAll(workerd: Workerd): Promise<Held[]> {
  const database = await workerd.database();
  const query = 'SELECT id, visitor FROM conversations ORDER BY id';
  const { results } = await database.prepare(query).all<Whose>();
  const all: Held[] = [];
  for (let from = 0; from < results.length; from += AT_ONCE)
    all.push(...(await ask<Held[]>(workerd.url, 'held', results.slice(from, from + AT_ONCE))));
  return all;
}

// What is measured ------------------------------------------------------------------------------------------------

/** Begins a long duty, and waits for its end. */
async function duty(
  workerd: Workerd,
  begin: () => Promise<unknown>,
  isOver: () => Promise<boolean>,
): Promise<Duty> {
  await ask(workerd.url, 'steps');
  const mostInMemory = await watchHeap(await workerd.inspector());
  const [, ms] = await taking(async () => {
    // On this machine it is answered once all is done, which may be longer than a client waits (a `TypeError` of fetch).
    let failed: unknown;
    begin().catch((error: unknown) => (failed = error));
    while (!(await isOver())) {
      if (failed instanceof Error && !(failed instanceof TypeError)) throw failed;
      await wait(LOOK_MS);
    }
  });
  return { ms, memory: await mostInMemory(), steps: await ask<Counted[]>(workerd.url, 'steps') };
}

async function backup(workerd: Workerd, run: string): Promise<Backup> {
  const path = `backup?run=${run}`;
  const over = `SELECT COUNT(*) AS n FROM runs WHERE id = '${run}' AND over_at IS NOT NULL`;
  const isOver = async () => (await number(workerd, over)) > 0;
  const measured = await duty(workerd, () => ask(workerd.url, path, {}), isOver);
  const query = 'SELECT parts, bytes, state FROM backups WHERE run = ?';
  const row = await (await workerd.database()).prepare(query).bind(run).first<Made>();
  if (row?.state !== 'whole') throw new Error(`the ${run} backup is ${row?.state ?? 'not there'}`);
  return { ...measured, parts: row.parts, bytes: row.bytes };
}

type Made = { readonly parts: number; readonly bytes: number; readonly state: string };

/** Until nothing of it is left. */
async function drilled(workerd: Workerd): Promise<Restored> {
  const isOver = async () => {
    const over = `SELECT COUNT(*) AS n FROM runs WHERE duty = 'drill' AND over_at IS NOT NULL`;
    return (await number(workerd, over)) > 0;
  };
  const measured = await duty(workerd, () => ask(workerd.url, 'drill'), isOver);
  const database = await workerd.database();
  const row = await database
    .prepare('SELECT state, wrong FROM restores')
    .first<Pick<Restored, 'state' | 'wrong'>>();
  const { results } = await database
    .prepare('SELECT what, SUM(count) AS count FROM restore_counts GROUP BY what')
    .all<{ what: string; count: number }>();
  const counts = Object.fromEntries(results.map(({ what, count }) => [what, count]));
  return { ...measured, state: row?.state ?? 'not there', wrong: row?.wrong ?? null, counts };
}

/** By the door through which it is done for good. */
async function putBack(workerd: Workerd, setup: string): Promise<Restored> {
  const headers = { authorization: `Bearer ${setup}`, origin: ORIGIN, 'content-type': 'application/json' };
  const door = async (posted: RequestInit) => {
    const answer = await fetch(new URL('/api/v1/setup/restore', workerd.url), { headers, ...posted });
    if (!answer.ok) throw new Error(`it was answered with ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as RestoreAnswer).restore;
  };
  const wish = { number: null, newest: null };
  const begin = () => door({ method: 'POST', body: JSON.stringify(wish) });
  // Past the worker, which answers nobody in time while it is at work.
  const over = `SELECT COUNT(*) AS n FROM restores WHERE state <> 'working'`;
  const measured = await duty(workerd, begin, async () => (await number(workerd, over)) > 0);
  const { state = 'not there', wrong = null, counts = {} } = (await door({})) ?? {};
  return { ...measured, state, wrong, counts };
}

/** How many conversations and messages both backups hold together. */
async function held(bucket: string, keyring: string): Promise<{ conversations: number; messages: number }> {
  const conversations = new Set<unknown>();
  let messages = 0;
  for (const number of [1, 2])
    for await (const lines of linesOf(bucket, number, keyring))
      for (const line of lines) {
        if ('message' in line) messages += 1;
        if ('beside' in line) conversations.add(line['conversation']);
      }
  return { conversations: conversations.size, messages };
}

async function number(workerd: Workerd, query: string): Promise<number> {
  return (await (await workerd.database()).prepare(query).first<number>('n')) ?? 0;
}

async function ask<Answer>(url: URL, what: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(
    new URL(`/bench/${what}`, url),
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  if (!answer.ok) throw new Error(`${what} was answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** Half an hour is long to hear nothing. */
function said(what: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${what}`);
}

async function taking<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const begun = performance.now();
  const result = await work();
  return [result, performance.now() - begun];
}
