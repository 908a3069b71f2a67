/** The ledger as tests of it look at it: its size, what came since, and a minute that has passed. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { ledgerOf } from '../../src/ledger.ts';
import { readLeaf } from '../../src/protocol/ledger-proof.ts';
import type { Member } from '../cast.ts';

export const size = async () => Number((await ledgerOf(env).checkpoint()).note.split('\n')[1]);

/** The entries since then, without what differs each time. */
export async function since(before: number) {
  await ledgerOf(env).checkpoint();
  const { results } = await env.DB.prepare('SELECT leaf FROM ledger WHERE seq >= ? ORDER BY seq')
    .bind(before)
    .all<{ leaf: string }>();
  // Alarms come when whoever watches has looked, and so between any others.
  const own = results.filter(({ leaf }) => readLeaf(leaf)?.action !== 'alarm.raise');
  return own.map(({ leaf }) => {
    const entry = readLeaf(leaf);
    if (entry === undefined) throw new Error('not a leaf');
    const { id, at, ...others } = entry;
    expect([id.length, Math.abs(Date.now() - at) < 180_000]).toEqual([36, true]);
    return others;
  });
}

/** Lets what is begun and folded be old enough to be entered. */
export async function aMinuteLater() {
  await runInDurableObject(ledgerOf(env), async (object, { storage }) => {
    storage.sql.exec('UPDATE begun SET begun_at = 0');
    storage.sql.exec('UPDATE folded SET begun_at = 0');
    await object.alarm();
  });
}

export const own = (member: Member) => ({ actor: member.id, session: member.session });

/** Lets the ledger fail at what needs this table of its own, until the name is given back. */
export const rename = (from: string, to: string) =>
  runInDurableObject(ledgerOf(env), (_, { storage }) =>
    storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`),
  );
