import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanName, extensionOf } from '../../src/protocol/files.ts';
import { limits } from '../../src/protocol/limits.ts';
import { armed, batchesOf, corpus, untouched } from './corpus.ts';
import { claim, openWaiting, pressLauncher, say, signIn, widgetIn } from './person.ts';
import { Scene } from './scene.ts';

// All texts as names of files: while they are chosen, on their way, in the thread on both sides, in the list beside it
// and over the page.

const names = [...new Set(corpus.map((text) => `${text}.txt`))].filter(
  ({ length }) => length <= limits.fileNameLength,
);
/** As many as may be sent from one network within a minute: each takes three requests, of 120. */
const batches = batchesOf(names, 35);

/** What its bytes say that it is ends a name that ends with nothing. */
function nameAsKept(name: string): string {
  const clean = cleanName(name);
  return extensionOf(clean) === '' ? `${clean}.txt` : clean;
}

let scene: Scene;
let agent: Page;

beforeAll(async () => {
  scene = await Scene.open();
  agent = await scene.stranger();
  await agent.addInitScript(armed);
  await signIn(agent, scene.sotto.home.origin, scene.person('Anna'));
});
afterAll(() => scene.close());

async function begins(words: string, network: string): Promise<{ page: Page; widget: Frame }> {
  const page = await scene.stranger({ extraHTTPHeaders: { 'cf-connecting-ip': network } });
  await page.addInitScript(armed);
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(page);
  const widget = await widgetIn(page);
  await say(widget, words);
  await widget.getByText('Sent', { exact: true }).waitFor();
  return { page, widget };
}

async function choose(widget: Frame, called: readonly string[]): Promise<void> {
  const input = widget.locator('input[type=file]');
  if ((await input.count()) === 0) await widget.getByRole('button', { name: 'Attach files' }).click();
  const buffer = Buffer.from('a plain text');
  await input.setInputFiles(called.map((name) => ({ name, mimeType: 'text/plain', buffer })));
}

/** Over the page. */
async function lookAtLast(): Promise<void> {
  const last = agent.locator('.message .file').last();
  const name = await last.locator('.name bdi').textContent();
  await last.getByRole('button', { name: /^View/ }).click();
  const dialog = agent.getByRole('dialog');
  const title = () => dialog.getByRole('heading').first().textContent();
  await expect.poll(title).toBe(name);
  await untouched(scene, agent);
  await agent.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

test('there are names of all kinds', () => {
  expect(names.length).toBeGreaterThan(800);
  expect(new Set(names.map(cleanName)).size).toBeGreaterThan(500);
});

test.each(batches)(
  'F54 batch %i: names of files run nothing wherever they stand, and stand there as they are cleaned',
  async (index, batch) => {
    const { page, widget } = await begins(`files ${index}`, `198.51.100.${index}`);
    // A browser may have its own mind about a slash in a name.
    const given = (called: readonly string[]) =>
      widget.evaluate((all) => all.map((name) => new File([], name).name), called);

    const harmful = batch.map((name) => `${name}.exe`);
    await choose(widget, harmful);
    const refused = widget.getByRole('alert').locator('.problem .name');
    await expect.poll(() => refused.allTextContents()).toEqual(await given(harmful));
    await untouched(scene, widget);

    await choose(widget, batch);
    const asked = widget.getByRole('alertdialog').getByRole('button', { name: 'Send it all the same' });
    const expected = (await given(batch)).map(nameAsKept).toSorted();
    const namesIn = async (place: Page | Frame, names: string) =>
      (await place.locator(names).allTextContents()).toSorted();
    const arrived = async () => {
      await untouched(scene, widget);
      if (await asked.isVisible()) await asked.click();
      const onTheirWay = await widget.locator('.tray li').allTextContents();
      return { onTheirWay, names: await namesIn(widget, '.message .file .name bdi') };
    };
    await expect
      .poll(arrived, { timeout: 120_000, interval: 250 })
      .toEqual({ onTheirWay: [], names: expected });

    await openWaiting(agent, `files ${index}`);
    await claim(agent);
    await expect.poll(() => namesIn(agent, '.message .file .name bdi')).toEqual(expected);
    await expect.poll(() => namesIn(agent, '.customer .files bdi')).toEqual(expected);
    await untouched(scene, agent);
    // Nobody opens more than a few within an hour unasked, and what seems to be secret takes a reason.
    if ([0, 3, 6].includes(index)) await lookAtLast();
    for (const place of [page, widget, agent]) await untouched(scene, place);
    await page.context().close();
  },
);
