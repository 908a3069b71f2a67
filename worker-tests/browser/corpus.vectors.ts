import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FileEntry, TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CopiesAnswer, CopyAnswer } from '../../src/protocol/copies.ts';
import type { OpenFileAnswer } from '../../src/protocol/file-bodies.ts';
import { setIn } from '../../src/protocol/transcript.ts';
import { Client } from '../../src/tools/demo/client.ts';
import { armed, batchesOf, corpus, openConversation, showsAll, untouched } from './corpus.ts';
import { OutsideCustomer } from './outside.ts';
import {
  claim,
  launcherOf,
  openWaiting,
  pressLauncher,
  say,
  shows,
  signIn,
  tokenOf,
  widgetIn,
} from './person.ts';
import { Scene } from './scene.ts';

// All texts in everything that is said: by customers, by staff, in notes and in notes of hand-overs; on both sides, in
// the transcript that a customer downloads, and in a copy of everything.

/** Twice as many at once are what a person may say without waiting. */
const batches = batchesOf(corpus, 100);
/** A box of a page knows one kind of line end, and sends nothing that is empty. */
const typed = (batch: readonly string[]) =>
  batch.filter((text) => text.trim() !== '').map((text) => text.replaceAll(/\r\n?/g, '\n'));

let scene: Scene;
let anna: Page;
let annas: () => string;
let ben: Page;
let bens: () => string;
/** Whoever said it, in which conversation, and what. */
const said: { id: string; visitor: string; texts: string[]; notes: string[] }[] = [];

beforeAll(async () => {
  scene = await Scene.open();
  const arrives = async (name: string) => {
    const page = await scene.stranger();
    await page.addInitScript(armed);
    const token = tokenOf(page);
    await signIn(page, scene.sotto.home.origin, scene.person(name));
    return { page, token };
  };
  ({ page: anna, token: annas } = await arrives('Anna'));
  ({ page: ben, token: bens } = await arrives('Ben'));
});
afterAll(() => scene.close());

/** A customer on the shop's page, in which whatever runs leaves a mark, and what they say who they are by. */
async function customer(): Promise<{ page: Page; widget: Frame; token: () => string }> {
  const page = await scene.stranger();
  await page.addInitScript(armed);
  const token = tokenOf(page);
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(page);
  return { page, widget: await widgetIn(page), token };
}

/** Says it; once more where the page asks whether that is meant. */
async function write(place: Page | Frame, text: string): Promise<void> {
  await say(place, text);
  const box = place.getByRole('textbox', { name: 'Message' });
  if ((await box.inputValue()) !== '') await place.getByRole('button', { name: 'Send' }).click();
}

const kinds = {
  customers: '.message:not(.note):not(.mine)',
  own: '.message:not(.note).mine',
  notes: '.message.note',
} as const;
const of = (place: Page | Frame, kind: keyof typeof kinds) =>
  place.locator(`.log ${kinds[kind]} .text`).allTextContents();

async function transcriptOf(page: Page, widget: Frame): Promise<string> {
  await widget.getByRole('button', { name: 'Menu' }).click();
  const downloading = page.waitForEvent('download');
  await widget.getByRole('menuitem', { name: 'Download this conversation' }).click();
  return readFileSync(await (await downloading).path(), 'utf8');
}

test.each(batches)(
  'C7 batch %i: what is said on either side runs nothing on either, and comes back exactly',
  async (index, batch) => {
    const { page, widget, token } = await customer();
    const begun = `batch ${index}`;
    await say(widget, begun);
    await widget.getByText('Sent', { exact: true }).waitFor();
    await openWaiting(anna, begun);
    await claim(anna);
    const id = /con_[\w-]+/.exec(anna.url())?.[0] ?? '';
    const end = `end of ${begun}`;

    // What the box lets through, then all of it over the wire, as another client might say it.
    for (const text of typed(batch)) await write(widget, text);
    await expect
      .poll(async () => (await of(anna, 'customers')).length)
      .toBeGreaterThanOrEqual(typed(batch).length);
    const outside = OutsideCustomer.as(scene.sotto.home.origin, token());
    await outside.say(id, [...batch, end]);
    const customers = [begun, ...typed(batch), ...batch, end];
    await showsAll(anna, end);
    await showsAll(widget, end);
    expect(await of(anna, 'customers')).toEqual(customers);
    expect(await of(widget, 'own')).toEqual(customers);

    // Staff's marks are shown as what they mean; what was written stands exactly in the transcript.
    for (const text of typed(batch)) await write(anna, text);
    await say(anna, `answered ${begun}`);
    await shows(widget, `answered ${begun}`);
    expect((await of(widget, 'customers')).length).toBe(typed(batch).length + 1);
    const then = /^(.+) · \w{3} \d+, 20\d\d, \d+:\d\d:\d\d\s[AP]M$/gm;
    const lines = (name: string, all: readonly string[]) => all.map((text) => `${name}:\n${setIn(text)}\n`);
    expect((await transcriptOf(page, widget)).replaceAll(then, '$1:')).toBe(
      [
        'Conversation: Ask the quay\n',
        ...lines('You', customers),
        ...lines('Anna Berg', [...typed(batch), `answered ${begun}`]),
      ].join('\n'),
    );
    for (const place of [page, widget, anna]) await untouched(scene, place);

    const staff = OutsideCustomer.as(scene.sotto.home.origin, annas());
    await staff.say(id, batch, 'note');
    await outside.say(id, ['now the hand-overs']);
    await openConversation(ben, id);
    await showsAll(ben, 'now the hand-overs');
    await handOvers(id, batch);
    for (const colleague of [anna, ben]) {
      await expect.poll(async () => (await of(colleague, 'notes')).length).toBe(2 * batch.length);
      await untouched(scene, colleague);
    }
    for (const place of [page, widget]) await untouched(scene, place);
    expect(await of(widget, 'notes')).toEqual([]);
    said.push({
      id,
      visitor: subjectOf(token()),
      texts: [...customers, 'now the hand-overs'],
      notes: [...batch, ...batch],
    });
    await page.context().close();
  },
);

/** To and fro between two colleagues, each time with one of these notes. */
async function handOvers(id: string, notes: readonly string[]): Promise<void> {
  const client = new Client(scene.sotto.home.origin);
  const [one, other] = [subjectOf(annas()), subjectOf(bens())];
  for (const [turn, text] of notes.entries()) {
    const [token, to] = turn % 2 === 0 ? [annas(), other] : [bens(), one];
    const body = { to, note: { id: crypto.randomUUID(), text } };
    await client.post(`/conversations/${id}/hand-over`, body, bare(token));
  }
}

const bare = (token: string) => token.replace('Bearer ', '');

/** Whose token this is, as it says itself. */
function subjectOf(token: string): string {
  const [, claims = ''] = bare(token).split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string }).sub;
}

/** What a copy of everything about this visitor holds, with what staff keep to themselves. */
async function copyOf(visitor: string, token: string): Promise<Map<string, string>> {
  const client = new Client(scene.sotto.home.origin);
  const path = `/visitors/${visitor}/copies`;
  const { copy } = await client.post<CopyAnswer>(path, { reason: 'they ask', backstage: true }, token);
  const isReady = async () => {
    const { copies } = await client.get<CopiesAnswer>(path, token);
    return copies.some(({ id, state }) => id === copy.id && state === 'ready');
  };
  await expect.poll(isReady, { timeout: 60_000 }).toBe(true);
  const { address } = await client.post<OpenFileAnswer>(`/copies/${copy.id}/open`, {}, token);
  const reader = new ZipReader(new Uint8ArrayReader(await client.load(address)), { useWebWorkers: false });
  const files = (await reader.getEntries()).filter((entry): entry is FileEntry => !entry.directory);
  const read: [string, string][] = [];
  for (const file of files) read.push([file.filename, await file.getData(new TextWriter())]);
  return new Map(read);
}

interface CopiedMessage {
  by: unknown;
  kind: string;
  text: string;
}

test('C7 a copy of everything runs nothing where it is read, and its data are exactly what was said', async () => {
  const olivia = await scene.stranger();
  const token = tokenOf(olivia);
  await signIn(olivia, scene.sotto.home.origin, scene.person('Olivia'));
  const folder = mkdtempSync(path.join(tmpdir(), 'sotto-copy-'));
  const reader = await scene.stranger();
  await reader.addInitScript(armed);
  expect(said).toHaveLength(batches.length);
  for (const { visitor, texts, notes } of said) {
    const files = await copyOf(visitor, bare(token()));
    const data = JSON.parse(files.get('data.json') ?? '') as {
      conversations: { messages: CopiedMessage[] }[];
    };
    const messages = data.conversations.flatMap((conversation) => conversation.messages);
    const textsIn = (matches: (message: CopiedMessage) => boolean) =>
      messages.filter(matches).map(({ text }) => text);
    expect(textsIn(({ by }) => by === 'person')).toEqual(texts);
    expect(textsIn(({ kind }) => kind === 'note')).toEqual(notes);

    const file = path.join(folder, 'index.html');
    writeFileSync(file, files.get('index.html') ?? '');
    await reader.goto(pathToFileURL(file).href);
    // What no page may hold is shown to have been there.
    const shown = (all: readonly string[]) =>
      all.map((text) => text.replaceAll(/[^\P{Cc}\t\n]|\p{Noncharacter_Code_Point}/gu, '\ufffd'));
    expect(await reader.locator('.person .said').allTextContents()).toEqual(shown(texts));
    expect(await reader.locator('.note .said').allTextContents()).toEqual(shown(notes));
    await untouched(scene, reader);
  }
  rmSync(folder, { recursive: true });
});

test('the page around the chat shows how much is unread and nothing of what was said', async () => {
  const { page, widget } = await customer();
  const before = await page.evaluate(() => [document.title, document.body.outerHTML]);
  await say(widget, '<img src=x onerror=alert(1)> what I say');
  await widget.getByText('Sent', { exact: true }).waitFor();
  await openWaiting(anna, '<img src=x onerror=alert(1)> what I say');
  await claim(anna);
  await widget.getByRole('button', { name: 'Close chat' }).click();
  await say(anna, '<svg onload=alert(1)> what you say');
  await say(anna, '"><script>alert(1)</script> what you say');
  await expect.poll(() => launcherOf(page)).toBe('Chat, 2 unread messages');
  expect(await page.evaluate(() => [document.title, document.body.outerHTML])).toEqual(before);
  // With what lies in the closed root beside the page, which no script can look into.
  const devtools = await page.context().newCDPSession(page);
  const { root } = await devtools.send('DOM.getDocument', { depth: -1, pierce: true });
  const everything = JSON.stringify(root);
  expect(everything).toContain('2 unread messages');
  expect(everything).not.toMatch(/(?:what|you|I) say|alert\(/);
  await untouched(scene, page);
});
