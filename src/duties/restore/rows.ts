/** Rows of tables as they are put back: whatever was erased is left out, and keys come from the store of keys alone. */
import type { Env } from '../../config.ts';
import { fromBase64url, keyStore, type KeyStoreKind, type Vault, VaultError } from '../../vault.ts';
import { type Table, tables } from '../backups.ts';
import { isSealedUnder, keyPlaceOf } from '../rotation.ts';
import type { Row } from './reading.ts';

/** One statement with one parameter, a list in JSON. */
export type Order = { sql: string; json: string };

/** D1 takes strings of 2 MB. */
const textAtOnce = 400_000;

export function tableOf(name: string): Table | undefined {
  return tables.find((each) => each.name === name);
}

/** Puts these rows in, whatever stood there under their keys, unless that stays. */
export function ordersFor(table: Table, rows: readonly Row[]): Order[] {
  return inPieces(rows).map((json) => ({ sql: putting(table, Object.keys(rows[0] ?? {})), json }));
}

/** Rows as JSON, bytes as `{"x": hex}`, in pieces that the database takes at once. */
function inPieces(rows: readonly Row[]): string[] {
  const pieces: string[] = [];
  let [some, length] = [[] as string[], 0];
  for (const row of rows) {
    const cells = Object.entries(row).map(([name, cell]) => [
      name,
      typeof cell === 'object' && cell !== null ? { x: fromBase64url(cell.b)?.toHex() ?? '' } : cell,
    ]);
    const text = JSON.stringify(Object.fromEntries(cells));
    if (length > 0 && length + text.length > textAtOnce) {
      pieces.push(`[${some.join(',')}]`);
      [some, length] = [[], 0];
    }
    some.push(text);
    length += text.length;
  }
  if (some.length > 0) pieces.push(`[${some.join(',')}]`);
  return pieces;
}

function putting(table: Table, columns: readonly string[]): string {
  const { name, by, mayRefer = {}, stays } = table;
  const cells = columns.map((column) => {
    const other = mayRefer[column];
    return other === undefined ? cellOf(column) : `iif(${isThere(column, other)}, ${cellOf(column)}, NULL)`;
  });
  const others = columns.filter((column) => !by.includes(column));
  const then =
    others.length === 0 || stays === true
      ? 'DO NOTHING'
      : `(${by.join(', ')}) DO UPDATE SET ${others.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  return `INSERT INTO ${name} (${columns.join(', ')}) SELECT ${cells.join(', ')} FROM json_each(?)
    WHERE ${comesBack(table)} ON CONFLICT ${then}`;
}

/** Whether whatever a row of a list in JSON refers to is there. */
export function comesBack({ refers = {} }: Table): string {
  const there = Object.entries(refers).map(
    ([column, other]) => `(${cellOf(column)} IS NULL OR ${isThere(column, other)})`,
  );
  return ['true', ...there].join(' AND ');
}

function isThere(column: string, other: string): string {
  const [place, key = 'id'] = other.split('.');
  return `EXISTS (SELECT 1 FROM ${place} WHERE ${key} = ${cellOf(column)})`;
}

/** A column of a list in JSON. */
export function cellOf(column: string): string {
  const path = `'$.${column}'`;
  return `CASE json_type(value, ${path}) WHEN 'object' THEN unhex(value ->> '$.${column}.x') ELSE value ->> ${path} END`;
}

/**
 * The service keys: those of several backups together, and what was renewed since. Of each purpose the newest seals.
 * Those that are there stay.
 */
export function ordersForKeys(rows: readonly Row[]): Order[] {
  const columns = ['id', 'purpose', 'root', 'wrapped', 'created_at', 'uses'];
  const put = `INSERT INTO keys (${columns.join(', ')}, state) SELECT ${columns.map(cellOf).join(', ')}, 'retired'
    FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`;
  const newest = `SELECT id FROM keys AS other WHERE other.purpose = keys.purpose ORDER BY created_at DESC, id DESC LIMIT 1`;
  return [
    ...inPieces(rows).map((json) => ({ sql: put, json })),
    { sql: `UPDATE keys SET state = 'retired' WHERE state = 'active' AND ?1 = ?1`, json: '[]' },
    { sql: `UPDATE keys SET state = 'active' WHERE id = (${newest}) AND ?1 = ?1`, json: '[]' },
  ];
}

/** Where the key of a row lies in the store of keys; undefined: it has none. */
export function keyOf(table: string, row: Row): { kind: KeyStoreKind; id: string } | undefined {
  const at = (column: string) => row[column] as string;
  switch (table) {
    case 'people':
      return { kind: 'person', id: at('id') };
    case 'visitors':
      return { kind: 'visitor', id: at('id') };
    case 'bans':
      return { kind: 'ban', id: at('id') };
    case 'requests':
      return { kind: 'visitor', id: `${at('visitor')}/${at('id')}` };
    case 'incidents':
      return { kind: 'incident', id: at('id') };
    case 'ledger_keys':
      return { kind: 'ledger', id: `${at('owner')}/${at('month')}` };
    default:
      return undefined;
  }
}

/** What somebody has asked about their data stays on record; the words of it go with its key. */
const words = { key: null, wish: null, how: null, extension: null, answer: null };

/**
 * The rows with their keys. Those whose key is nowhere any more are left out, and so are those that were sealed anew since,
 * which opens by another key.
 * @param vault of the service keys that there are: what lies under another one opens no more
 */
export async function withKeys(env: Env, table: Table, rows: readonly Row[], vault: Vault): Promise<Row[]> {
  const { name, without } = table;
  if (without === undefined) return [...rows];
  const store = keyStore(env.KEYS);
  const found = await Promise.all(
    rows.map(async (row): Promise<Row[]> => {
      const place = keyOf(name, row);
      const record = place && (await store.get(place.kind, place.id));
      if (record !== undefined && (await opens(vault, name, row, record)))
        return [{ ...row, [without]: { b: record.toBase64({ alphabet: 'base64url', omitPadding: true }) } }];
      if (name === 'requests') return [{ ...row, ...words }];
      // The key of somebody who was erased leaves its place, so that in this month they have no other.
      return name === 'ledger_keys' ? [{ ...row, [without]: { b: '' } }] : [];
    }),
  );
  return found.flat();
}

/** Whether this is the key of what is sealed in a row. */
export async function opens(vault: Vault, table: string, row: Row, record: Uint8Array): Promise<boolean> {
  const at = keyOf(table, row);
  if (at === undefined) return false;
  const key = await vault.dataKey(keyPlaceOf(at.kind, at.id), record).catch(ifRefused);
  if (key === undefined) return false;
  return isSealedUnder(key, table, row['id'] as string, (column) => {
    const cell = row[column];
    return typeof cell === 'object' && cell !== null ? (fromBase64url(cell.b) ?? undefined) : undefined;
  });
}

function ifRefused(reason: unknown): undefined {
  if (!(reason instanceof VaultError)) throw reason;
}
