import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import {
  listOf,
  manifestHash,
  manifestName,
  type Part,
  partsName,
  partsRoot,
  writeManifest,
} from '../protocol/backup-proof.ts';
import { backupKey, Keyring, newRoot, sealBackup } from '../vault.ts';
import { run } from './command.ts';
import { ROOT } from './project.ts';

const keyring = await Keyring.parse(`1:${newRoot()}`);
const { publicKey, privateKey } = await backupKey(keyring);
const made = mkdtempSync(join(tmpdir(), 'sotto-backups-'));
const folder = join(made, 'copy');
const put = (name: string, bytes: Uint8Array | string) => {
  mkdirSync(dirname(join(made, 'made', name)), { recursive: true });
  writeFileSync(join(made, 'made', name), bytes);
};
let previous: { number: number; hash: string } | null = null;
for (const number of [1, 2]) {
  const parts: Part[] = [];
  for (const name of [`0000000${number}/000000-a`, `0000000${number}/000001-b`]) {
    const sealed = await sealBackup(keyring, name, new TextEncoder().encode(`what lies in ${name}`));
    put(name, sealed);
    parts.push({ name, bytes: sealed.length, sha256: createHash('sha256').update(sealed).digest('base64') });
  }
  const head = {
    origin: 'sotto.test/backup',
    number,
    at: 1_800_000_000_000,
    full: number === 1,
    previous,
    ledger: 0,
  };
  const note = await writeManifest(
    { ...head, parts: parts.length, root: partsRoot(parts) },
    publicKey,
    (bytes) => crypto.subtle.sign('Ed25519', privateKey, bytes),
  );
  put(partsName(number), listOf(parts));
  put(manifestName(number), note);
  previous = { number, hash: manifestHash(note) };
}

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(made, 'made'), folder, { recursive: true });
});
afterAll(() => {
  rmSync(made, { recursive: true });
});
const verify = (...args: string[]) =>
  run(process.execPath, [join(ROOT, 'src/tools/backup.ts'), 'verify', folder, ...args], {
    timeoutSeconds: 30,
  });

test('R5 a downloaded backup is verified without any secret, and what was left out by the newest hash', async () => {
  const { ok, output } = await verify('--newest', previous?.hash ?? '');
  expect(output).toContain('Backup 2 of 2027-01-15T08:00:00.000Z: builds upon the one before it, 2 parts');
  expect(output).toContain('Whole. Signed by sotto.test/backup+');
  expect(ok).toBe(true);
  rmSync(join(folder, '00000002'), { recursive: true });
  expect((await verify()).ok).toBe(true);
  const rolledBack = await verify('--newest', previous?.hash ?? '');
  expect(rolledBack.ok).toBe(false);
  expect(rolledBack.output).toContain('00000001/manifest is not the newest: another one has been.');
});

test('R5 one that is cut, swapped or replaced by an older one is refused with its place', async () => {
  const said = async () => {
    const { ok, output } = await verify();
    expect(ok).toBe(false);
    return output.trim().split('\n').at(-1);
  };
  truncateSync(join(folder, '00000001/000001-b'), 40);
  expect(await said()).toMatch(/^Not whole: 00000001\/000001-b has 40 bytes instead of \d+\.$/);
  cpSync(join(made, 'made'), folder, { recursive: true });
  const [one, other] = [join(folder, '00000002/000000-a'), join(folder, '00000002/000001-b')];
  renameSync(one, `${one}.kept`);
  renameSync(other, one);
  renameSync(`${one}.kept`, other);
  expect(await said()).toBe('Not whole: 00000002/000000-a is not what was signed.');
  rmSync(join(folder, '00000002'), { recursive: true });
  cpSync(join(folder, '00000001'), join(folder, '00000002'), { recursive: true });
  expect(await said()).toBe(
    'Not whole: 00000002/manifest is the manifest of backup 1, put in the place of another.',
  );
});
