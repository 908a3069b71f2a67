import { decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultsInEveryLook } from './axe.ts';
import { claim, openWaiting, pressLauncher, say, shows, texts, widgetIn } from './person.ts';
import { type Customer, Scene } from './scene.ts';

// One story in order: a customer proves their address at the desk, and goes on with the chat on their phone.

const address = 'mia.marked@shop.example';
const phone = { viewport: { width: 375, height: 720 } };
let scene: Scene;
let olivia: Page;
let desk: Customer;

beforeAll(async () => {
  scene = await Scene.open();
  olivia = await scene.staff('Olivia');
  desk = await scene.customer();
});
afterAll(async () => {
  expect(scene.complaints).toEqual([]);
  await scene.close();
});

/** The newest of so many mails, as it came. */
async function mailed(to: string, count: number): Promise<string> {
  await expect.poll(() => scene.sotto.mails(to).length).toBe(count);
  return scene.sotto.mails(to).at(-1) ?? '';
}

const codeIn = (mail: string) => /^\d{6}/m.exec(mail)?.[0] ?? '';
const other = (code: string) => (code === '000000' ? '000001' : '000000');

/** By keyboard alone, as a menu is gone through. */
async function choose(page: Page, widget: Frame, item: string): Promise<void> {
  await widget.getByRole('button', { name: /^Men[uü]$/ }).focus();
  await page.keyboard.press('Enter');
  const wanted = widget.getByRole('menuitem', { name: item });
  await wanted.waitFor();
  for (let tries = 0; tries < 6; tries++) {
    if (await wanted.evaluate((each) => each === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await widget.getByRole('dialog', { name: item }).waitFor();
}

/** The field that has the focus is this one. */
async function stands(widget: Frame, label: string): Promise<void> {
  const field = widget.getByRole('dialog').getByLabel(label);
  await field.waitFor();
  await expect.poll(() => field.evaluate((each) => each === document.activeElement)).toBe(true);
}

test('V8 V9 B4 a customer proves their address by keyboard alone, and staff see what was proved', async () => {
  const { page, widget } = desk;
  await say(widget, 'Where is my parcel?');
  await widget.getByText('Sent', { exact: true }).waitFor();
  await openWaiting(olivia, 'Where is my parcel?');
  await claim(olivia);
  const panel = olivia.getByRole('complementary', { name: 'Customer' });
  await panel.getByText('Not verified: anybody can have typed this.').waitFor();

  await choose(page, widget, 'Prove your e-mail address');
  await stands(widget, 'Your e-mail address');
  await page.keyboard.type('not an address');
  await page.keyboard.press('Enter');
  await widget.getByRole('alert').getByText('This is not an e-mail address.').waitFor();
  expect(await faultsInEveryLook('asking for a code', page, widget)).toEqual([]);
  await stands(widget, 'Your e-mail address');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(address);
  await page.keyboard.press('Enter');
  await stands(widget, 'Code from the mail');
  await widget.getByRole('status').getByText(`If a code can be sent to ${address}`).waitFor();
  expect(await widget.getByRole('button', { name: /^Another code in \d+ s$/ }).isDisabled()).toBe(true);

  const mail = await mailed(address, 1);
  const code = codeIn(mail);
  expect(mail.split('\n').slice(1)).toEqual([
    `To: ${address}`,
    'Subject: Your code for the chat with Harbour Coffee',
    '',
    `${code} is your code for the chat with Harbour Coffee.`,
    '',
    'It works once, within 10 minutes, in the chat window that asked for it.',
    '',
    'If it was not you who asked, ignore this mail and give the code to nobody.',
    '',
  ]);
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await widget.getByRole('alert').getByText('The code has six digits.').waitFor();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(other(code));
  await page.keyboard.press('Enter');
  await widget.getByRole('alert').getByText('This is not the code. You have 4 tries left.').waitFor();
  expect(await faultsInEveryLook('giving a code', page, widget)).toEqual([]);
  await stands(widget, 'Code from the mail');
  await page.keyboard.press('ControlOrMeta+A');
  // As it is often copied.
  await page.keyboard.type(`${code.slice(0, 3)} ${code.slice(3)}`);
  await page.keyboard.press('Enter');
  await widget.getByRole('alert').getByText('Done. Your address is proved.').waitFor();
  await expect.poll(() => widget.evaluate(() => document.activeElement?.tagName)).toMatch(/BUTTON|TEXTAREA/);

  await panel.getByText('Proved by a code: whoever writes here could read mail to this address.').waitFor();
  await panel.getByText(address).waitFor();
  await olivia.getByRole('button', { name: /^Mine/ }).click();
  const list = olivia.getByRole('list', { name: 'Conversations' });
  await list.getByRole('img', { name: 'Could read a code that was mailed to their address' }).waitFor();
  expect(await faultsInEveryLook('a proved address', olivia)).toEqual([]);
});

test('D70 staff mail the conversation to that address, and only the customer’s own key opens it', async () => {
  const { publicKey, privateKey } = await generateKey({ userIDs: [{ name: 'Mia' }] });
  await olivia.getByRole('button', { name: 'Mail this conversation…' }).click();
  await olivia.getByLabel('Their OpenPGP public key').fill('no key');
  await olivia.getByRole('button', { name: 'Mail it' }).click();
  await olivia.getByText('This is not an OpenPGP public key.').waitFor();
  await olivia.getByLabel('Their OpenPGP public key').fill(publicKey);
  await olivia.getByRole('button', { name: 'Mail it' }).click();
  await olivia.getByText('It was mailed.').waitFor();
  const mail = await mailed(address, 2);
  const [armoredMessage = ''] = /-----BEGIN PGP MESSAGE[^]*-----END PGP MESSAGE-----/.exec(mail) ?? [];
  const opened = await decrypt({
    message: await readMessage({ armoredMessage }),
    decryptionKeys: await readPrivateKey({ armoredKey: privateKey }),
  });
  const body = String(opened.data).split(/\r?\n\r?\n/)[1] ?? '';
  expect(Buffer.from(body, 'base64').toString()).toContain('Where is my parcel?');
});

test('V9 on their phone they go on where they were, and both go on from there', async () => {
  const { page, widget } = await scene.customer(phone);
  await choose(page, widget, 'Continue from another device');
  await stands(widget, 'Your e-mail address');
  await page.keyboard.type(address.toUpperCase());
  await page.keyboard.press('Enter');
  await stands(widget, 'Code from the mail');
  await page.keyboard.type(codeIn(await mailed(address, 3)));
  await page.keyboard.press('Enter');
  await widget.getByRole('alert').getByText('Done. You can go on here.').waitFor();
  await shows(widget, 'Where is my parcel?');
  await say(widget, 'I am on the train now');
  await shows(desk.widget, 'I am on the train now');
  await shows(olivia, 'I am on the train now');
  await say(desk.widget, 'And back at the desk');
  await shows(widget, 'And back at the desk');
  // It is so from then on.
  await page.reload();
  await pressLauncher(page);
  await shows(await widgetIn(page), 'And back at the desk');
  await page.context().close();
});

test('V6 V9 an address that nobody has proved is answered alike, and nothing is mailed to it', async () => {
  const { page, widget } = await scene.customer({ ...phone, locale: 'de-DE' });
  const stranger = 'nobody.marked@shop.example';
  await choose(page, widget, 'Von einem anderen Gerät fortsetzen');
  await page.keyboard.type(stranger);
  await page.keyboard.press('Enter');
  await widget.getByRole('status').getByText(`Wenn ein Code an ${stranger} gesendet werden kann`).waitFor();
  for (const left of [
    'Sie haben noch 4 Versuche',
    'Sie haben noch 3 Versuche',
    'Sie haben noch 2 Versuche',
    'Sie haben noch 1 Versuch.',
    'Das war zu oft falsch',
    'Das war zu oft falsch',
  ]) {
    await stands(widget, 'Code aus der Mail');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await widget.getByRole('alert').getByText(left).waitFor();
  }
  await page.keyboard.press('Escape');
  await widget.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await texts(widget)).toEqual([]);
  // Behind an answer before this one.
  expect(scene.sotto.mails(stranger)).toEqual([]);
  await page.context().close();
});
