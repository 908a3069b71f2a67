import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Keyring, type KeyTable, keyTable, newRoot, Vault } from '../../vault.ts';
import { ROOT } from '../project.ts';
import { keyringFile } from './keyring-file.ts';
import { addRoot, type Deployment, dropRoots } from './roots.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-roots-'));
const path = join(folder, 'keyring');
let database: DatabaseSync;
/** What the deployment has as KEYRING. */
let secret: string;
let said: string[];

beforeEach(async () => {
  database = new DatabaseSync(':memory:');
  for (const name of readdirSync(join(ROOT, 'migrations')).toSorted())
    database.exec(readFileSync(join(ROOT, 'migrations', name), 'utf8'));
  secret = `1:${newRoot()}`;
  writeFileSync(path, secret);
  said = [];
  await Vault.open(await Keyring.parse(secret), table(), Date.now());
  return () => database.close();
});
afterEach(() => rmSync(path, { force: true }));

/** The table as the Worker has it, over this database. */
function table(): KeyTable {
  type Bound = {
    bind(...values: unknown[]): Bound;
    run(): Promise<unknown>;
    all(): Promise<{ results: unknown[] }>;
  };
  const statement = (sql: string, values: unknown[] = []): Bound => ({
    bind: (...values) => statement(sql, values),
    run: () => Promise.resolve(database.prepare(sql).run(...(values as never[]))),
    all: () => Promise.resolve({ results: database.prepare(sql).all(...(values as never[])) }),
  });
  return keyTable({
    prepare: statement,
    batch: async (all) => {
      for (const each of all) await each.run();
    },
  });
}

/** A deployment whose Worker takes what it is given while the tool waits. */
function sotto(give: (keyring: string) => void = (keyring) => void (secret = keyring)): Deployment {
  return {
    ask: (order) => Promise.resolve(database.prepare(order).all() as Record<string, unknown>[]),
    give: async (keyring) => {
      await Promise.resolve();
      give(keyring);
    },
    pause: async () => {
      const vault = await Vault.open(await Keyring.parse(secret), table(), Date.now());
      await vault.adoptActiveRoot(Date.now());
    },
    say: (line) => void said.push(line),
  };
}
const rootsInUse = () =>
  database
    .prepare('SELECT DISTINCT root FROM keys')
    .all()
    .map(({ root }) => root);
const numbers = (keyring: string) => keyring.split(',').map((entry) => entry.split(':')[0]);

test('K17 another root stands in the file before anything else has it, and then wraps all keys', async () => {
  const first = secret;
  await addRoot(
    sotto((keyring) => {
      expect(readFileSync(path, 'utf8')).toBe(keyring);
      expect(rootsInUse()).toEqual([1]);
      secret = keyring;
    }),
    keyringFile(path),
  );
  expect(numbers(secret)).toEqual(['2', '1']);
  expect(secret.endsWith(first)).toBe(true);
  expect(rootsInUse()).toEqual([2]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(said.at(-1)).toContain('No backup that is kept needs an older root');
  for (const entry of secret.split(',')) expect(said.join()).not.toContain(entry.slice(2));
});

test('K17 ended at any moment it goes on with the same root', async () => {
  const ended = () => {
    throw new Error('ended');
  };
  await expect(addRoot(sotto(ended), keyringFile(path))).rejects.toThrow('ended');
  const begun = readFileSync(path, 'utf8');
  await expect(addRoot({ ...sotto(), pause: ended }, keyringFile(path))).rejects.toThrow('ended');
  await addRoot(sotto(), keyringFile(path));
  expect([secret, readFileSync(path, 'utf8')]).toEqual([begun, begun]);
  expect(rootsInUse()).toEqual([2]);
});

test('K17 a file that is not this deployment’s own KEYRING is refused, and nothing is changed', async () => {
  const own = secret;
  for (const [text, word] of [
    [`1:${newRoot()}`, 'is not the KEYRING of this Sotto'],
    [`2:${newRoot()}`, 'is not the KEYRING of this Sotto'],
    ['SECRET-MARK', 'holds no keyring'],
  ] as const) {
    writeFileSync(path, text);
    const give = () => expect.unreachable();
    for (const doing of [addRoot, dropRoots]) {
      const refused = await doing(sotto(give), keyringFile(path)).catch(String);
      expect(refused).toContain(word);
      expect(refused).not.toContain('SECRET-MARK');
    }
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
  expect(secret).toBe(own);
});

test('K18 an older root is taken out once no key and no backup lies under it, and not before', async () => {
  const drop = () => dropRoots(sotto(), keyringFile(path));
  await expect(drop()).rejects.toThrow('Root 1 is the only one');
  writeFileSync(path, `2:${newRoot()},${secret}`);
  await expect(drop()).rejects.toThrow('keys lie under an older root');
  await addRoot(sotto(), keyringFile(path));
  const both = secret;
  const backup =
    "INSERT INTO backups (number, run, is_full, state, begun_at, root) VALUES (?, ?, 1, 'whole', 1, ?)";
  database.prepare(backup).run(1, 'a', null);
  await expect(drop()).rejects.toThrow('1 backups, and 0 files copied for backups, need an older root');
  database.exec(
    "DELETE FROM backups; INSERT INTO backup_objects VALUES ('n', 's', 1, '', 1, 'h', NULL, 1, 1)",
  );
  await expect(drop()).rejects.toThrow('0 backups, and 1 files');
  database.exec('DELETE FROM backup_objects');
  database.prepare(backup).run(2, 'b', 2);
  expect([secret, readFileSync(path, 'utf8')]).toEqual([both, both]);
  await drop();
  expect(numbers(secret)).toEqual(['2']);
  expect(readFileSync(path, 'utf8')).toBe(secret);
  expect(readFileSync(`${path}.before-2`, 'utf8')).toBe(both);
  await Vault.open(await Keyring.parse(secret), table(), Date.now());
});

test('K17 of a file with other lines, KEYRING alone is changed', async () => {
  writeFileSync(path, `# mine\nKEYRING=${secret}\nSETUP_TOKEN=x\n`);
  await addRoot(sotto(), keyringFile(path));
  expect(readFileSync(path, 'utf8')).toBe(`# mine\nKEYRING=${secret}\nSETUP_TOKEN=x\n`);
  expect(numbers(secret)).toEqual(['2', '1']);
});
