import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newRoot } from '../vault.ts';
import { run } from './command.ts';
import { ROOT } from './project.ts';
import { rotateTokens } from './rotate/tokens.ts';
import { homeOf } from './start/home.ts';
import { databaseFile, migrate } from './start/migrate.ts';

const ROTATE = join(ROOT, 'src/tools/rotate.ts');
const environment = { SOTTO_HOME: mkdtempSync(join(tmpdir(), 'sotto-rotate-')) };
const home = homeOf(environment);
const rotate = (...args: string[]) =>
  run(process.execPath, [ROTATE, ...args], { timeoutSeconds: 60, env: environment });

function withDatabase<Value>(task: (database: DatabaseSync) => Value): Value {
  using database = new DatabaseSync(databaseFile(home) ?? '');
  return task(database);
}
const keys = () =>
  withDatabase((database) => database.prepare('SELECT id, state FROM keys ORDER BY id').all()).map(
    ({ id, state }) => `${String(id)} ${String(state)}`,
  );

beforeAll(async () => {
  const { ok, output } = await rotate('tokens');
  expect([ok, output]).toEqual([false, 'There is no data on this machine yet: npm start makes it.\n']);
  await migrate(home);
  withDatabase((database) =>
    database.exec(`
      INSERT INTO keys VALUES (1, 'data', 1, x'00', 'active', 1, 0);
      INSERT INTO keys VALUES (2, 'token', 1, x'00', 'retired', 1, 0);
      INSERT INTO keys VALUES (3, 'token', 1, x'00', 'active', 1, 0);
    `),
  );
}, 120_000);
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

test('S21 the command retires the token key in the local database, and no other key', async () => {
  const { ok, output } = await rotate('tokens');
  expect(output).toContain('Nobody has to sign in again.');
  expect(ok).toBe(true);
  expect(keys()).toEqual(['1 active', '2 retired', '3 retired']);
}, 70_000);

test('S21 leaked keys go once nobody signs with them any more', async () => {
  const steps: string[] = [];
  await rotateTokens(
    (order) => {
      withDatabase((database) => database.exec(order));
      steps.push(keys().join(', '));
      return Promise.resolve();
    },
    (milliseconds) => {
      expect(milliseconds).toBeGreaterThan(60_000);
      withDatabase((database) =>
        database.exec("INSERT INTO keys VALUES (4, 'token', 1, x'00', 'active', 2, 0)"),
      );
      return Promise.resolve();
    },
    true,
  );
  expect(steps).toEqual(['1 active, 2 retired, 3 retired', '1 active, 4 active']);
});

test('K17 the command holds KEYRING against the keys in the local database, and says nothing of it', async () => {
  const root = newRoot();
  writeFileSync(home.secrets, `KEYRING=1:${root}\n`);
  const { ok, output } = await rotate('roots');
  expect(ok).toBe(false);
  expect(output).toContain('is not the KEYRING of this Sotto: it does not open its data key, under root 1.');
  expect(output).not.toContain(root);
  expect(readFileSync(home.secrets, 'utf8')).toBe(`KEYRING=1:${root}\n`);
}, 70_000);

test('what is not asked for in these words changes nothing', async () => {
  const before = keys();
  for (const args of [
    [],
    ['everything'],
    ['tokens', 'tokens'],
    ['tokens', '--now'],
    ['roots', '--remote'],
    ['roots', '--keyring', 'x'],
  ]) {
    const { ok } = await rotate(...args);
    expect(ok).toBe(false);
  }
  expect(keys()).toEqual(before);
});
