import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ROOT } from './project.ts';
import { secretsIn } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const letters = (count: number) => randomBytes(count).toString('hex').slice(0, count);
/** Made here and put together, so that this file holds none. */
const planted: [file: string, secret: string][] = [
  ['src/keyring.ts', `1:${randomBytes(32).toString('base64url')}`],
  ['deploy.yml', `ghp_${letters(36)}`],
  ['.hidden/notes.md', `AWS_SECRET_ACCESS_KEY=${randomBytes(30).toString('base64').replaceAll('/', 'a')}`],
  ['key.pem', rsa.export({ type: 'pkcs1', format: 'pem' }).toString()],
  ['.settings', ['xoxb', '123456789012', '1234567890123', letters(24)].join('-')],
  ['db.ts', `postgres://app:${letters(12)}@db.internal.example/app`],
];

describe('A36 secrets in the repository', () => {
  test.each(planted)('one in %s is found', async (file, secret) => {
    const own = mkdtempSync(join(folder, 'one-'));
    mkdirSync(join(own, file, '..'), { recursive: true });
    writeFileSync(join(own, file), `first line\n${secret}\n`);
    const { found } = await secretsIn(own);
    expect(found).toMatchObject([{ file, line: 2 }]);
    expect(JSON.stringify(found)).not.toContain(secret.slice(10));
  });

  test('what this machine keeps to itself is not looked at', async () => {
    const own = mkdtempSync(join(folder, 'own-'));
    for (const name of ['.sotto', 'dist', 'node_modules/x']) mkdirSync(join(own, name), { recursive: true });
    for (const name of ['.dev.vars', '.sotto/a', 'dist/a', 'node_modules/x/a'])
      writeFileSync(join(own, name), planted[0]?.[1] ?? '');
    expect(await secretsIn(own)).toEqual({ looked: 0, found: [] });
  });

  test('there are none', async () => {
    const { looked, found } = await secretsIn(ROOT);
    expect(looked).toBeGreaterThan(1_000);
    expect(found).toEqual([]);
  });
});
