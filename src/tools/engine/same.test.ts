import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { differencesOf } from './same.ts';

const root = mkdtempSync(join(tmpdir(), 'sotto-same-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A deployment whose one person has a data-key record (docs/ENVELOPE.md) of this commitment, wrapped under this key. */
function deployment(name: string, { commitment, wrapped }: { commitment: number; wrapped: number }): string {
  const state = join(root, name);
  const folder = join(state, 'd1/miniflare-D1DatabaseObject');
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, `${'a'.repeat(64)}.sqlite`));
  database.exec('CREATE TABLE people (id TEXT PRIMARY KEY, key BLOB NOT NULL, role TEXT NOT NULL)');
  const record = Buffer.concat([
    Buffer.from([0x21, 0, 0, 0, wrapped]),
    Buffer.alloc(32, commitment),
    Buffer.alloc(60, wrapped),
  ]);
  database.prepare("INSERT INTO people VALUES ('per_1', ?, 'owner')").run(record);
  database.close();
  return state;
}

const before = deployment('before', { commitment: 1, wrapped: 1 });

test('A row whose key was wrapped anew is the same row', () => {
  expect(differencesOf(before, deployment('moved', { commitment: 1, wrapped: 2 }), 0)).toEqual([]);
});

test('A row that has another key is another row', () => {
  expect(differencesOf(before, deployment('other', { commitment: 2, wrapped: 1 }), 0)).toEqual([
    'people: 1 missing, 1 that were not there',
  ]);
});
