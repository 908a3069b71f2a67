import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { checkTraces } from './checker.ts';
import { bytesIn, everythingIn, settledBytesIn } from './raw.ts';

const states: string[] = [];
afterAll(() => states.forEach((state) => rmSync(state, { recursive: true })));

function emptyDatabase(): { state: string; database: DatabaseSync } {
  const state = mkdtempSync(join(tmpdir(), 'sotto-raw-'));
  states.push(state);
  const folder = join(state, 'd1/miniflare-D1DatabaseObject');
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, `${'a'.repeat(64)}.sqlite`));
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('CREATE TABLE bans (id INTEGER PRIMARY KEY, key BLOB)');
  return { state, database };
}

test('D25 what was deleted and not overwritten is found in the file, where no row has it any more', () => {
  const { state, database } = emptyDatabase();
  const [kept, blanked] = [Buffer.alloc(60, 'kept key'), Buffer.alloc(60, 'blanked key')];
  for (const key of [kept, blanked]) database.prepare('INSERT INTO bans (key) VALUES (?)').run(key);
  expect(checkTraces(everythingIn(state), [kept, blanked], [])).toHaveLength(2);
  database.exec('UPDATE bans SET key = zeroblob(length(key)) WHERE id = 2');
  database.exec('DELETE FROM bans');
  database.close();
  expect(checkTraces(everythingIn(state), [kept, blanked], [])).toEqual([]);
  expect(checkTraces(bytesIn(state), [kept, blanked], [])).toMatchObject([
    { what: expect.stringMatching(/^key 0 .* D1 .*sqlite$/) as string },
  ]);
});

test('D25 a page that the journal has anew is put in its place before the file is looked through', () => {
  const { state, database } = emptyDatabase();
  const key = Buffer.alloc(60, 'a key');
  database.prepare('INSERT INTO bans (key) VALUES (?)').run(key);
  expect(checkTraces(settledBytesIn(state), [key], [])).toHaveLength(1);
  database.exec('UPDATE bans SET key = zeroblob(length(key))');
  expect(checkTraces(bytesIn(state), [key], [])).toHaveLength(1);
  expect(checkTraces(settledBytesIn(state), [key], [])).toEqual([]);
  database.close();
});
