/** The screens on which Sotto's own keys are looked at and renewed, and the organisation's OpenPGP key is chosen. */
import { readFile } from 'node:fs/promises';
import { decrypt, generateKey, readKey, readMessage, readPrivateKey } from 'openpgp';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emergency, KeysAnswer, KeyView } from '../../src/protocol/keys.ts';
import { grouped } from '../../src/protocol/pgp.ts';
import { openWaiting, say, shows } from './person.ts';
import { Scene } from './scene.ts';

let scene: Scene;
let olivia: Page;
beforeAll(async () => {
  scene = await Scene.open();
  // Signed in once: a code counts once.
  olivia = await scene.staff('Olivia');
}, 120_000);
afterAll(() => scene.close());

const day = 86_400_000;
const { publicKey, privateKey } = await generateKey({ userIDs: [{ name: 'Harbour Backups' }] });
async function opened(sealed: { binaryMessage: Uint8Array } | { armoredMessage: string }): Promise<string> {
  const message = 'binaryMessage' in sealed ? await readMessage(sealed) : await readMessage(sealed);
  const decryptionKeys = await readPrivateKey({ armoredKey: privateKey });
  const plain = await decrypt({ message, decryptionKeys, format: 'binary' });
  return new TextDecoder().decode(plain.data as Uint8Array);
}

test(
  'K16 an owner renews a key after a question, and hears how far that is',
  { timeout: 60_000 },
  async () => {
    const { origin } = scene.sotto.home;
    await olivia.goto(`${origin}/#/settings/keys`);
    const secrets = olivia.getByRole('region', { name: 'Passwords and secrets' });
    await secrets.getByRole('button', { name: 'Renew: Passwords and secrets' }).click();
    await olivia.getByRole('button', { name: 'Cancel' }).click();
    expect(await secrets.getByRole('heading', { name: 'Former keys' }).count()).toBe(0);
    await secrets.getByRole('button', { name: 'Renew: Passwords and secrets' }).click();
    await olivia.getByRole('button', { name: 'Renew it' }).click();
    await olivia.getByText('The key was renewed.').waitFor();
    await secrets.getByText('waiting until nobody uses it any more').waitFor();
    expect(
      await olivia.getByRole('region', { name: 'Finding what is sealed' }).getByRole('button').count(),
    ).toBe(0);
    expect(scene.complaints).toEqual([]);
  },
);

test(
  'K21 an owner has everything sealed anew after a question, hears how far that is, and is not offered it again meanwhile',
  { timeout: 60_000 },
  async () => {
    const { origin } = scene.sotto.home;
    await olivia.goto(`${origin}/#/settings/keys`);
    const begin = olivia.getByRole('button', { name: 'Seal everything anew' });
    await begin.click();
    await olivia.getByRole('button', { name: 'Cancel' }).click();
    expect(await olivia.getByText('Everything sealed anew').count()).toBe(0);
    await begin.click();
    await olivia.getByRole('button', { name: 'Seal it all anew' }).click();
    await olivia.getByText('Everything is being sealed anew.').waitFor();
    const far = olivia.getByText('Now: waiting two minutes, until nobody uses the former keys');
    await far.waitFor();
    expect(await begin.count()).toBe(0);
    await expect.poll(() => olivia.evaluate(() => document.activeElement?.textContent)).toBe('Keys');
    await olivia.reload();
    await olivia.getByText('Now: waiting two minutes').waitFor();
    expect(scene.complaints).toEqual([]);
  },
);

test(
  'K16 K33 it says what is overdue, what goes on, and what could not be moved',
  { timeout: 60_000 },
  async () => {
    const { origin } = scene.sotto.home;
    await olivia.route('**/api/v1/keys', async (route) => {
      const { keys, ...others } = (await (await route.fetch()).json()) as KeysAnswer;
      const [data] = keys as [KeyView];
      const former = { ...data, state: 'retired', due: null } as const;
      const rest = { holder: null, isOver: true, left: 2, done: 9 };
      const shown: KeyView[] = [
        { ...data, due: 'over', createdAt: data.createdAt - 400 * day },
        ...keys.slice(1),
        { ...former, id: 2, rotation: { done: 1234, holder: 'conversations', isOver: false, left: 0 } },
        { ...former, id: 3, rotation: rest },
      ];
      // K33: of the root too.
      const root = { root: 3, since: Date.UTC(2025, 0, 1, 12), lasts: 365 * day, due: 'over' } as const;
      await route.fulfill({ json: { ...others, root, keys: shown } });
    });
    await olivia.goto(`${origin}/#/settings/keys`);
    const root = olivia.getByRole('region', { name: 'The root of all keys' });
    await root.getByText('Overdue').waitFor();
    await root.getByText(/^(?:Jan 1,|1 Jan) 2025$/).waitFor();
    expect(await root.getByRole('button').count()).toBe(0);
    const wrapping = olivia.getByRole('region', { name: 'Wrapping other keys' });
    await wrapping.getByText('Overdue').waitFor();
    await wrapping.getByText('moving conversations and their files. 1,234 moved so far.').waitFor();
    await wrapping.getByText('2 could not be moved, and so it stays.').waitFor();
    await wrapping.getByRole('button', { name: /^Try again now/ }).waitFor();
    await olivia.route('**/api/v1/keys', (route) => route.fulfill({ status: 500, body: '{}' }));
    await olivia.reload();
    await olivia.getByRole('button', { name: 'Try again' }).waitFor();
  },
);

test(
  'K34 what of the ledger is not sealed anew is said where that is ordered, and where it is reported',
  { timeout: 60_000 },
  async () => {
    const { origin } = scene.sotto.home;
    const emergency: Emergency = {
      ...{ begunAt: Date.now(), done: 12, stage: 'ledger', isOver: false, left: 0, isOfOne: false },
    };
    let more: Partial<KeysAnswer> = { emergency: null, archived: 1_234 };
    await olivia.unrouteAll({ behavior: 'wait' });
    await olivia.route('**/api/v1/keys', async (route) => {
      const answer = (await (await route.fetch()).json()) as KeysAnswer;
      await route.fulfill({ json: { ...answer, ...more } });
    });
    await olivia.goto(`${origin}/#/settings/keys`);
    await olivia.reload();
    const many = 'what is personal in the ledger’s archive: 1,234 months, each of one person.';
    const page = olivia.getByRole('main');
    await page.getByText(many).waitFor();
    await olivia.getByRole('button', { name: 'Seal everything anew' }).click();
    await olivia.getByRole('alertdialog').getByText(many).waitFor();
    await olivia.getByRole('button', { name: 'Cancel' }).click();
    for (const isOver of [false, true]) {
      const stage = isOver ? null : 'ledger';
      more = { emergency: { ...emergency, isOver, stage }, archived: 1 };
      await olivia.reload();
      await page.getByText(isOver ? 'Everything sealed anew' : 'Everything being sealed anew').waitFor();
      await page.getByText('the ledger’s archive: 1 month of one person.').waitFor();
    }
    more = { emergency, archived: 0 };
    await olivia.reload();
    await page.getByText('Everything being sealed anew').waitFor();
    expect(await page.getByText('the ledger’s archive').count()).toBe(0);
    await olivia.unrouteAll({ behavior: 'wait' });
  },
);

test('K16 it is for nobody who may not renew keys', { timeout: 60_000 }, async () => {
  const ben = await scene.staff('Ben');
  await ben.goto(`${scene.sotto.home.origin}/#/settings/keys`);
  await ben.getByText('Your role does not include it').waitFor();
  expect(await ben.getByRole('button', { name: /Renew/ }).count()).toBe(0);
});

test(
  'D68 an owner gives the OpenPGP key for backups with its fingerprint, and sees it',
  { timeout: 60_000 },
  async () => {
    const { origin } = scene.sotto.home;
    const fingerprint = (await readKey({ armoredKey: publicKey })).getFingerprint().toUpperCase();
    await olivia.goto(`${origin}/#/settings/organisation`);
    const part = olivia.getByRole('region', { name: 'OpenPGP key for backups' });
    await part.getByText('There is no key').waitFor();
    await part.getByLabel('Public key').fill(publicKey);
    await part.getByLabel('Its fingerprint').fill('0'.repeat(40));
    await part.getByRole('button', { name: 'Seal backups to this key' }).click();
    await part.getByText('This key has another fingerprint.').waitFor();
    await part.getByLabel('Its fingerprint').fill(grouped(fingerprint));
    await part.getByRole('button', { name: 'Seal backups to this key' }).click();
    await part.getByText('The next backup is sealed to it.').waitFor();
    await part.getByText(grouped(fingerprint), { exact: true }).waitFor();
    await part.getByText('Harbour Backups').waitFor();
    await olivia.reload();
    await part.getByText(grouped(fingerprint), { exact: true }).waitFor();
  },
);

test(
  'D78 D79 what staff take along, and a conversation that is mailed to them, opens with the secret half of it',
  { timeout: 60_000 },
  async () => {
    const { origin } = scene.sotto.home;
    const { widget } = await scene.customer();
    await say(widget, 'Do you ship to Norway?');
    await shows(widget, 'Do you ship to Norway?');
    await olivia.goto(`${origin}/#/settings/ledger`);
    await olivia.getByText('Take along', { exact: true }).click();
    await olivia.getByLabel('Encrypt it with OpenPGP').check();
    const downloading = olivia.waitForEvent('download');
    await olivia.getByRole('button', { name: 'A table (CSV)' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('ledger.csv.pgp');
    const file = await readFile(await download.path());
    expect(await opened({ binaryMessage: new Uint8Array(file) })).toContain('seq,at,actor,session');
    await olivia.goto(`${origin}/#/`);
    await openWaiting(olivia, 'Do you ship to Norway?');
    await olivia.getByRole('button', { name: 'Mail this conversation…' }).click();
    await olivia.getByLabel('To whom').selectOption('organisation');
    expect(await olivia.getByLabel('Their OpenPGP public key').count()).toBe(0);
    await olivia.getByRole('button', { name: 'Mail it' }).click();
    await olivia.getByText('It was mailed.').waitFor();
    const message = /-----BEGIN PGP MESSAGE[^]*-----END PGP MESSAGE-----/;
    const mail = await opened({ armoredMessage: await scene.sotto.mailed('olivia@example.com', message) });
    const body = Buffer.from(mail.split(/\r?\n\r?\n/)[1] ?? '', 'base64').toString();
    expect(body).toMatch(/^A conversation on .*\n\nCustomer · .* UTC\n {2}Do you ship to Norway\?\n$/);
    expect(scene.complaints).toEqual([]);
  },
);

test('D68 an owner removes the OpenPGP key for backups', { timeout: 60_000 }, async () => {
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/organisation`);
  const part = olivia.getByRole('region', { name: 'OpenPGP key for backups' });
  await part.getByRole('button', { name: 'Remove this key' }).click();
  await olivia.getByRole('button', { name: 'Remove it' }).click();
  await part.getByText('There is no key').waitFor();
  expect(scene.complaints).toEqual([]);
});
