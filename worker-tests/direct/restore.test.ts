/** A backup that was downloaded, put back on this machine by the command, without the deployment that made it. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BackupsAnswer } from '../../src/protocol/backups.ts';
import { bundleInto } from '../../src/tools/bundle.ts';
import { run } from '../../src/tools/command.ts';
import { download } from '../../src/tools/engine/backups.ts';
import { startCompany } from '../../src/tools/engine/company.ts';
import { Customer, Shop } from '../../src/tools/engine/customers.ts';
import { databasesIn, objectsIn, rowsIn } from '../../src/tools/engine/stored.ts';
import { ROOT } from '../../src/tools/project.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sotto-downloaded-'));
const [backups, keys] = [path.join(folder, 'backups'), path.join(folder, 'keys')];
const keyring = `1:${randomBytes(32).toString('base64url')}`;

beforeAll(async () => {
  const code = await bundleInto(path.join(folder, 'code'));
  const company = await startCompany(folder, 1, { code, bindings: { KEYRING: keyring } });
  try {
    const shop = await Shop.open(company.owner, company.team, 'Living');
    const customer = await Customer.come(company.workerd.url, shop, 'Robin');
    const talk = await customer.begins('Where is my order?');
    await customer.sends(talk, 'order.txt', Buffer.from('Order 1234'));
    await company.owner.post('/backups', {});
    await whole(() => company.owner.get<BackupsAnswer>('/backups'));
  } finally {
    await company.stop();
  }
  const state = path.join(folder, 'state');
  download(state, 'sotto-backups', backups);
  download(state, 'sotto-keys', keys);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function whole(ask: () => Promise<BackupsAnswer>): Promise<void> {
  while ((await ask()).backups[0]?.state !== 'whole') await sleep(100);
}

const restore = (to: string, given: Record<string, string> = {}, from = backups) =>
  run(
    process.execPath,
    [path.join(ROOT, 'src/tools/restore.ts'), '--from', from, '--keys', keys, '--to', to],
    { timeoutSeconds: 120, env: { KEYRING: keyring, ...given } },
  );

it('R40 npm run restore puts a downloaded backup back whole, into a folder of this machine and without any deployment', async () => {
  const to = path.join(folder, 'home');
  const { ok, output } = await restore(to);
  expect(output).toContain('Backup 1 is put back, but for what was erased up to backup 1:');
  expect(output).toContain(`SOTTO_HOME=${to} npm start`);
  expect(ok).toBe(true);

  const state = path.join(to, 'state/v3');
  const [database = ''] = databasesIn(path.join(state, 'd1/miniflare-D1DatabaseObject'));
  expect(rowsIn(database, 'SELECT COUNT(*) AS count FROM conversations')).toEqual([{ count: 1 }]);
  expect(rowsIn(database, 'SELECT COUNT(*) AS count FROM people')).toEqual([{ count: 2 }]);
  expect(objectsIn(state, 'sotto-files')).toHaveLength(
    objectsIn(path.join(folder, 'state'), 'sotto-files').length,
  );
  const secrets = path.join(to, '.dev.vars');
  expect(readFileSync(secrets, 'utf8')).toContain(`KEYRING=${keyring}\n`);
  expect(statSync(secrets).mode & 0o777).toBe(0o600);
});

it('R40 nothing is put where something lies, under another KEYRING, or of a backup that is not as it was signed', async () => {
  const full = path.join(folder, 'full');
  mkdirSync(full);
  writeFileSync(path.join(full, 'notes'), 'mine');
  expect(await restore(full)).toEqual({ ok: false, output: `${full} is not empty.\n` });

  const other = await restore(path.join(folder, 'other'), {
    KEYRING: `1:${randomBytes(32).toString('base64url')}`,
  });
  expect(other).toEqual({
    ok: false,
    output: 'Not whole: Backup 1 was not signed by a key of this KEYRING.\n',
  });

  const cut = path.join(folder, 'cut');
  download(path.join(folder, 'state'), 'sotto-backups', cut);
  const manifest = path.join(cut, '00000001/manifest');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"full":true', '"full":false'));
  const { ok, output } = await restore(path.join(folder, 'none'), {}, cut);
  expect(ok).toBe(false);
  expect(output).toContain('Not whole: 00000001/manifest');
});
