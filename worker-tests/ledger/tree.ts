/** The ledger as tests of its writer look at it: its rows, the tree that they make, and the head that was signed. */
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { configOf, vaultOf } from '../../src/config.ts';
import { ledgerOf, type Told } from '../../src/ledger.ts';
import { leafBytes, leafHash, readCheckpoint, tilesOf } from '../../src/protocol/ledger-proof.ts';

type Stored = { seq: number; leaf: string; details: number[] | null };

export const told = (more: Partial<Told> = {}): Told => ({
  id: crypto.randomUUID(),
  at: Date.now(),
  actor: 'per_somebody',
  action: 'test.done',
  outcome: 'done',
  ...more,
});
export const many = (count: number, more?: Partial<Told>) => Array.from({ length: count }, () => told(more));
export const ledger = () => ledgerOf(env);
export const rows = async () =>
  (await env.DB.prepare('SELECT seq, leaf, details FROM ledger ORDER BY seq').all<Stored>()).results;

/** What only whoever administers the database can do. */
export async function behindItsBack(sql: string, ...values: (string | number)[]) {
  const triggers = await env.DB.prepare(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'",
  ).all<{ name: string; sql: string }>();
  for (const { name } of triggers.results) await env.DB.prepare(`DROP TRIGGER ${name}`).run();
  await env.DB.prepare(sql)
    .bind(...values)
    .run();
  for (const { sql } of triggers.results) await env.DB.prepare(sql).run();
}
export const refusal = () =>
  ledger()
    .checkpoint()
    .then(({ note }) => note, String);

export async function head() {
  const { publicKey } = await (await vaultOf(env)).ledgerKey(Date.now());
  const name = `${new URL(configOf(env).origin).host}/ledger`;
  return readCheckpoint((await ledger().checkpoint()).note, [{ name, publicKey }]);
}

/** The tree as a stranger makes it from the rows alone. */
export async function madeAnew() {
  const stored = await rows();
  expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, place) => place));
  const { edge, tiles } = tilesOf(stored.map(({ leaf }) => leafHash(leafBytes(leaf))));
  return { stored, size: edge.size, root: edge.root(), tiles };
}

/** The signed head is that of the rows. */
export async function agrees() {
  const signed = await head();
  const anew = await madeAnew();
  expect(signed).toEqual({ origin: 'sotto.test/ledger', size: anew.size, root: anew.root });
  return anew;
}
