/**
 * A backup of 10,000 conversations with a million messages, and one of what has changed since: how long each takes, how
 * large it is, and whether every step stays within what the platform allows.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { bundleInto } from '../bundle.ts';
import { download, linesOf, verify } from '../engine/backups.ts';
import { organise, unhurried } from '../engine/company.ts';
import { watchHeap } from '../engine/heap.ts';
import { migrate, startWorkerd, type Workerd } from '../engine/workerd.ts';
import { Mailbox } from '../start/mail.ts';
import type { Backup, Backups } from './backups/figures.ts';
import type { Agent, Counted, Filled, Filling, More } from './backups/steps.ts';

const WHOLE = { conversations: 10_000, messages: 100 };
/** So much is said before the second one: in a twentieth of the conversations, some messages each. */
const CHANGED = { share: 0.05, messages: 4 };
const VISITORS = 200;
const AT_ONCE = 250;
const LOOK_MS = 250;

/** @param part of the conversations, to try it. Each has its hundred messages. */
export async function backedUp(folder: string, part: number): Promise<Backups> {
  const state = join(folder, 'state');
  const settings = unhurried();
  const mailbox = new Mailbox(join(folder, 'mail'));
  const code = await bundleInto(
    join(folder, 'backups'),
    undefined,
    join(import.meta.dirname, 'backups/worker.ts'),
  );
  const start = () =>
    startWorkerd({ ...settings, code, state, inspected: true, onLog: (line) => mailbox.hear(line) });
  const conversations = Math.max(1, Math.round(WHOLE.conversations * part));
  let workerd = await start();
  try {
    await migrate(await workerd.database());
    const organisation = await organise(workerd.url, settings.bindings.SETUP_TOKEN, mailbox, 0);
    const { site, team, owner } = organisation;
    const customers = Array.from({ length: Math.min(VISITORS, conversations) }, () => organisation.visitor());
    const visitors = (await Promise.all(customers)).map(({ id }) => id);
    const who = { site, team, agent: { id: owner.id, session: 'ses_of-the-bench' } };
    const [filled, filling] = await taking(() => fill(workerd, { ...who, visitors }, conversations));
    // What the filling left in memory is not the backups'.
    await workerd.stop();
    workerd = await start();
    const full = await backup(workerd, 'full');
    const changed = await change(workerd, who, filled);
    const incremental = await backup(workerd, 'incremental');
    await workerd.stop();
    // Here what was restored from them is going to be held against what there is.
    const bucket = join(folder, 'bucket');
    download(state, bucket);
    const { ok, output } = await verify(bucket);
    return {
      ...{ conversations, messages: conversations * WHOLE.messages, changed, filling },
      ...{ full, incremental, verified: ok ? null : output },
      held: await held(bucket, settings.bindings.KEYRING),
    };
  } finally {
    await workerd.stop().catch(() => undefined);
  }
}

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

/** Begins one, and waits for its end. */
async function backup(workerd: Workerd, run: string): Promise<Backup> {
  const { url } = workerd;
  await ask(url, 'steps');
  const mostInMemory = await watchHeap(await workerd.inspector());
  const [, ms] = await taking(async () => {
    let stands = await ask<Stands>(url, `backup?run=${run}`, {});
    while (stands.overAt === null) {
      await wait(LOOK_MS);
      stands = await ask<Stands>(url, `backup?run=${run}`);
    }
  });
  const memory = await mostInMemory();
  const steps = await ask<Counted[]>(url, 'steps');
  const query = 'SELECT parts, bytes, state FROM backups WHERE run = ?';
  const row = await (await workerd.database()).prepare(query).bind(run).first<Omit<Made, 'steps'>>();
  if (row?.state !== 'whole') throw new Error(`the ${run} backup is ${row?.state ?? 'not there'}`);
  return { ms, memory, steps, parts: row.parts, bytes: row.bytes };
}

type Stands = { readonly overAt: number | null };
type Made = { readonly parts: number; readonly bytes: number; readonly state: string };

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

async function ask<Answer>(url: URL, what: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(
    new URL(`/bench/${what}`, url),
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  if (!answer.ok) throw new Error(`${what} was answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

async function taking<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const begun = performance.now();
  const result = await work();
  return [result, performance.now() - begun];
}
