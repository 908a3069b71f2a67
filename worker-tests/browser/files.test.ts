import { deflateSync, crc32 } from 'node:zlib';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SentAnswer, UploadAnswer } from '../../src/protocol/file-bodies.ts';
import { faultsInEveryLook } from './axe.ts';
import { claim, openWaiting, say, shows, tokenOf } from './person.ts';
import { EICAR } from '../../src/tools/scanner/eicar.ts';
import { Scene } from './scene.ts';

// A customer and an agent send each other files, over lines that break.

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene.close());

type Given = { name: string; mimeType: string; buffer: Buffer };

/** A picture in one colour. */
function picture(name: string, width: number, height: number): Given {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = [Buffer.alloc(4), Buffer.alloc(4)] as const;
    ends[0].writeUInt32BE(data.length);
    ends[1].writeUInt32BE(crc32(body));
    return Buffer.concat([ends[0], body, ends[1]]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height, 0x70);
  for (let row = 0; row < height; row++) rows[row * (width * 3 + 1)] = 0;
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return { name, mimeType: 'image/png', buffer: Buffer.concat([magic, ...chunks]) };
}

const plain = (name: string, text: string): Given => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
});

async function chatting(words: string): Promise<{ page: Page; widget: Frame }> {
  const { page, widget } = await scene.customer();
  await say(widget, words);
  await shows(widget, words);
  return { page, widget };
}

const clip = (widget: Frame) => widget.getByRole('button', { name: 'Attach files' });
const fileNamed = (place: Page | Frame, name: string) => place.locator('.message .file', { hasText: name });
const input = (widget: Frame) => widget.locator('input[type=file]');

async function send(widget: Frame, files: Given | Given[]): Promise<void> {
  await clip(widget).click();
  await input(widget).setInputFiles(files);
}

/** Lets files go over the chat, or pastes them. */
const letGo = (widget: Frame, how: 'drop' | 'paste', { name, mimeType, buffer }: Given) =>
  widget.evaluate(
    ([type, called, kind, bytes]) => {
      const data = new DataTransfer();
      const raw = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
      data.items.add(new File([raw], called, { type: kind }));
      const init = { bubbles: true, cancelable: true };
      const event =
        type === 'drop'
          ? new DragEvent('drop', { ...init, dataTransfer: data })
          : new ClipboardEvent('paste', { ...init, clipboardData: data });
      return document.dispatchEvent(event);
    },
    [how, name, mimeType, buffer.toString('base64')] as const,
  );

async function asked<Answer>(
  token: string,
  method: string,
  path: string,
  body: object | Buffer,
): Promise<Answer> {
  const isBytes = Buffer.isBuffer(body);
  const answer = await fetch(`${scene.sotto.home.origin}/api/v1${path}`, {
    method,
    headers: {
      authorization: token,
      'content-type': isBytes ? 'application/octet-stream' : 'application/json',
    },
    body: isBytes ? new Uint8Array(body) : JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path}: ${text}`).toBe(true);
  return JSON.parse(text) as Answer;
}

test('F54 a customer sends pictures by the button, by dropping and by pasting, and sees how they stand', async () => {
  const { page, widget } = await chatting('three pictures for you');
  await clip(widget).click();
  // What is taken is said before anything is chosen.
  await widget
    .getByText('You can send pictures, PDFs, texts, office documents, sounds, and videos')
    .waitFor();
  await input(widget).setInputFiles(picture('by button.png', 320, 200));
  await fileNamed(widget, 'by button.png').getByRole('button', { name: 'Show: by button.png' }).waitFor();
  expect(await letGo(widget, 'drop', picture('dropped.png', 64, 64))).toBe(false);
  await fileNamed(widget, 'dropped.png').getByRole('button', { name: 'Show: dropped.png' }).waitFor();
  expect(await letGo(widget, 'paste', picture('pasted.png', 64, 64))).toBe(false);
  await fileNamed(widget, 'pasted.png').getByRole('button', { name: 'Show: pasted.png' }).waitFor();
  await clip(widget).click();
  await input(widget).setInputFiles({
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(EICAR),
  });
  const bad = fileNamed(widget, 'notes.txt');
  await bad.getByText('Blocked: malware was found in it.').waitFor();
  expect(await bad.getByRole('button').count()).toBe(0);
  // Nothing is on its way any more, and the page may be left.
  expect(await widget.getByRole('progressbar').count()).toBe(0);
  const faults = await faultsInEveryLook('files', page, widget);
  await clip(widget).click();
  faults.push(...(await faultsInEveryLook('choosing', page, widget)));
  expect(faults).toEqual([]);
  await page.context().close();
  expect(scene.complaints).toEqual([]);
});

test('F55 what is too large, of a wrong kind or not what it says is refused in words; secrets are asked about', async () => {
  const { page, widget } = await chatting('what about these?');
  await send(widget, [plain('setup.exe', 'x'), plain('all.zip', 'x'), plain('nothing.txt', '')]);
  const alert = widget.getByRole('alert');
  await alert.getByText('Programs and web pages are not taken here.').waitFor();
  await alert.getByText('Files of this kind are not taken here, only').waitFor();
  await alert.getByText('This file is empty.').waitFor();
  await widget.evaluate(() => {
    const [field] = document.querySelectorAll('input[type=file]');
    const data = new DataTransfer();
    const large = new File(['x'], 'large.txt');
    Object.defineProperty(large, 'size', { value: 101 * 1024 * 1024 });
    data.items.add(large);
    Object.defineProperty(field, 'files', { value: [large], configurable: true });
    field?.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await alert.getByText('This file is too large: up to 100 MB each.').waitFor();
  await widget.getByRole('button', { name: 'Close', exact: true }).click();
  await send(widget, { ...plain('note.pdf', 'not a pdf at all'), mimeType: 'application/pdf' });
  await alert.getByText('This file is not what its name says.').waitFor();
  await widget.getByRole('button', { name: 'Discard: note.pdf' }).click();
  await send(widget, plain('settings.env', 'DB_PASSWORD=correct-horse\n'));
  const question = widget.getByRole('alertdialog');
  await question.getByText('send it all the same?').waitFor();
  expect(await question.getByRole('button', { name: 'Do not send it' }).evaluate(isFocused)).toBe(true);
  const faults = await faultsInEveryLook('secrets', page, widget);
  await question.getByRole('button', { name: 'Do not send it' }).press('Enter');
  await question.waitFor({ state: 'detached' });
  expect(await widget.locator('.message .file').count()).toBe(0);
  expect(faults).toEqual([]);
  await page.context().close();
});

const isFocused = (element: Element) => element === document.activeElement;

test('F51 a large file whose line is cut goes on by itself from where it stood', async () => {
  const { page, widget } = await chatting('a large one');
  const parts: string[] = [];
  await page.context().route(/\/parts\/\d+$/, async (route) => {
    const part = route.request().url().split('/').at(-1) ?? '';
    parts.push(part);
    if (part === '1' && parts.filter((each) => each === '1').length === 1) {
      await page.context().setOffline(true);
      await route.abort();
    } else await route.continue();
  });
  await send(widget, plain('long.log', 'one line of a log\n'.repeat(1_100_000)));
  await widget.getByText('Waiting, and going on by itself.').waitFor();
  const faults = await faultsInEveryLook('lost', page, widget);
  scene.leaves = false;
  await page.context().setOffline(false);
  await fileNamed(widget, 'long.log').waitFor();
  scene.leaves = true;
  expect(parts).toEqual(['0', '1', '1', '2']);
  expect(faults).toEqual([]);
  await page.context().close();
});

/** Anna sends a file into the conversation that these words began, and claims it. */
async function annaSends({ name, buffer }: Given, words: string): Promise<Page> {
  const anna = await scene.staff('Anna');
  const annas = tokenOf(anna);
  await openWaiting(anna, words);
  await claim(anna);
  const id = /con_[\w-]+/.exec(anna.url())?.[0] ?? '';
  const files = `/conversations/${id}/files`;
  const wish = { id: crypto.randomUUID(), name, bytes: buffer.length, sensitive: false };
  const { upload } = await asked<UploadAnswer>(annas(), 'POST', files, wish);
  await asked(annas(), 'PUT', `${files}/${upload.file}/parts/0`, buffer);
  await asked<SentAnswer>(annas(), 'POST', `${files}/${upload.file}/finish`, {});
  return anna;
}

test('F56 an agent’s file is opened and saved by the customer, with the keyboard alone', async () => {
  const { page, widget } = await chatting('please send me the plan');
  const plan = picture('the plan.png', 300, 150);
  const { name } = plan;
  const anna = await annaSends(plan, 'please send me the plan');
  const file = fileNamed(widget, name);
  const show = file.getByRole('button', { name: `Show: ${name}` });
  await show.waitFor();
  const before = await file.boundingBox();
  await show.focus();
  await page.keyboard.press('Enter');
  const shown = file.getByRole('img', { name });
  await expect.poll(() => shown.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(300);
  expect((await file.boundingBox())?.height).toBe(before?.height);
  // The focus is where the button was.
  expect(await file.locator('.stage').evaluate(isFocused)).toBe(true);
  await page.keyboard.press('Tab');
  expect(await file.getByRole('button', { name: `Save: ${name}` }).evaluate(isFocused)).toBe(true);
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(download.suggestedFilename()).toBe(name);
  expect(await faultsInEveryLook('shown', page, widget)).toEqual([]);
  expect(scene.complaints).toEqual([]);
  for (const each of [page, anna]) await each.context().close();
});

test('F47 where a site says so, a customer opens a file once a mailed code has proved that it is they', async () => {
  const olivia = await scene.staff('Olivia');
  await olivia.goto(`${scene.sotto.home.origin}/#/settings/sites/${scene.sotto.demo.sites[0]?.id ?? ''}`);
  await olivia.getByLabel(/^Customers prove by a code/).check();
  await olivia.getByRole('button', { name: 'Save', exact: true }).click();
  await olivia.getByText('Saved.').waitFor();
  const { page, widget } = await chatting('please send me the contract');
  const contract = picture('the contract.png', 300, 150);
  const anna = await annaSends(contract, 'please send me the contract');
  const file = fileNamed(widget, contract.name);
  const show = file.getByRole('button', { name: `Show: ${contract.name}` });
  const dialog = widget.getByRole('dialog');
  await show.click();
  await widget.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  expect(await faultsInEveryLook('asked for a code to open a file', page, widget)).toEqual([]);
  // Whoever thinks better of it is shown nothing, and can ask again.
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await file.getByRole('img', { name: contract.name }).count()).toBe(0);
  await show.click();
  await dialog.getByLabel('Your e-mail address').fill('kim.marked@shop.example');
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Code from the mail').waitFor();
  const code = await scene.sotto.mailed('kim.marked@shop.example', /^\d{6}(?= is your code)/m);
  await dialog.getByLabel('Code from the mail').fill(code);
  await page.keyboard.press('Enter');
  await file.getByRole('img', { name: contract.name }).waitFor();
  expect(await faultsInEveryLook('a file opened by a code', page, widget)).toEqual([]);
  expect(scene.complaints).toEqual([]);
  for (const each of [page, anna, olivia]) await each.context().close();
});

test('F51 more files at once than a network may ask for in a minute wait for their turn, and all of them arrive', async () => {
  const { page, widget } = await chatting('everything that I have');
  // Each takes three requests, of which a network has 120 in a minute.
  const names = Array.from({ length: 45 }, (_, n) => `page ${n + 1}.txt`);
  await send(
    widget,
    names.map((name) => plain(name, `what stands in ${name}`)),
  );
  const arrived = () => widget.locator('.message .file').count();
  await expect.poll(arrived, { timeout: 150_000, interval: 1_000 }).toBe(names.length);
  expect(await widget.getByRole('alert').locator('.problem').count()).toBe(0);
  await page.context().close();
  expect(scene.complaints).toEqual([]);
}, 180_000);
