/** What a person does in front of a screen. */
import type { Frame, Page } from 'playwright-core';
import { codeOf, stepAt } from '../../src/tools/demo/codes.ts';
import type { DemoPerson } from '../../src/tools/demo/record.ts';

/**
 * Presses the launcher. It lies in a closed shadow root, which no script of the page can enter, so it is found as
 * a screen reader finds it: in the accessibility tree.
 */
export async function pressLauncher(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  for (let tries = 0; tries < 100; tries++) {
    const { nodes } = await devtools.send('Accessibility.getFullAXTree');
    const launcher = nodes.find(
      ({ role, name }) => role?.value === 'button' && /^Chat/.test(String(name?.value)),
    );
    if (launcher?.backendDOMNodeId !== undefined) {
      const { quads } = await devtools.send('DOM.getContentQuads', {
        backendNodeId: launcher.backendDOMNodeId,
      });
      const [x1 = 0, y1 = 0, , , x2 = 0, y2 = 0] = quads[0] ?? [];
      await devtools.detach();
      await page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2);
      return;
    }
    await page.waitForTimeout(100);
  }
  throw new Error('there is no launcher');
}

/** The launcher as a screen reader says it, with how much is unread. */
export async function launcherOf(page: Page): Promise<string> {
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send('Accessibility.getFullAXTree');
  await devtools.detach();
  const launcher = nodes.find(
    ({ role, name }) => role?.value === 'button' && /^(Chat|\d)/.test(String(name?.value)),
  );
  return String(launcher?.name?.value);
}

/** The widget in the page. */
export async function widgetIn(page: Page): Promise<Frame> {
  for (let tries = 0; tries < 100; tries++) {
    const frame = page.frames().find((candidate) => candidate.url().includes('/widget/'));
    if (frame !== undefined) return frame;
    await page.waitForTimeout(100);
  }
  throw new Error('there is no widget');
}

const usedSteps = new Map<string, number>();

/** Signs in with password and one-time code. */
export async function signIn(page: Page, origin: string, person: DemoPerson): Promise<void> {
  await page.goto(`${origin}/`);
  await page.getByLabel('E-mail address').fill(person.address);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await proveFactor(page, person);
}

/**
 * The second step of signing in.
 * @param inside what is there once they are in
 */
export async function proveFactor(
  page: Page,
  person: DemoPerson,
  inside = page.getByRole('list', { name: 'Conversations' }),
): Promise<void> {
  const code = page.getByLabel('One-time code');
  await code.waitFor();
  const focused = await code.evaluate((field) => field === document.activeElement);
  if (!focused) throw new Error('the focus was lost between the two steps');
  await giveCode(page, person);
  await inside.waitFor();
}

/** Gives a one-time code where one is asked for; waits for the next one where this one was used. */
export async function giveCode(page: Page, person: DemoPerson): Promise<void> {
  const used = usedSteps.get(person.address) ?? person.spent;
  while (stepAt(Date.now()) <= used) await page.waitForTimeout(250);
  const step = stepAt(Date.now());
  usedSteps.set(person.address, step);
  await page.getByLabel('One-time code').fill(codeOf(person.uri, step));
  const confirm = page.getByRole('button', { name: 'Confirm' });
  if (await confirm.isVisible()) await confirm.click().catch(() => undefined);
}

export async function say(place: Page | Frame, text: string): Promise<void> {
  await place.getByRole('textbox', { name: 'Message' }).fill(text);
  await place.getByRole('button', { name: 'Send' }).click();
}

/** The texts that the thread shows, in order, exactly as they stand there. */
export function texts(place: Page | Frame): Promise<string[]> {
  return place.getByRole('log', { name: 'Messages' }).locator('.message .text').allTextContents();
}

/** Waits until the thread shows this text. */
export async function shows(place: Page | Frame, text: string): Promise<void> {
  for (let waited = 0; waited < 45_000; waited += 50) {
    if ((await texts(place)).includes(text)) return;
    await place.waitForTimeout(50);
  }
  throw new Error(
    `the thread does not show ${JSON.stringify(text.slice(0, 80))}, only ${JSON.stringify(await texts(place)).slice(0, 400)}`,
  );
}

/** Takes the conversation that is open. */
export async function claim(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Claim/ })
    .first()
    .click();
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
}

/** Opens the conversation whose thread shows this text, from one of the lists; the newest are looked at first. */
export async function openShowing(
  page: Page,
  filter: 'Mine' | 'Waiting' | 'All',
  text: string,
): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${filter}`) }).click();
  const lines = page.getByRole('list', { name: 'Conversations' }).getByRole('link');
  for (let tries = 0; tries < 20; tries++) {
    await lines.first().waitFor();
    const addresses = await lines.evaluateAll((links) =>
      links.map((link) => link.getAttribute('href') ?? ''),
    );
    for (const address of addresses.toReversed()) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, address);
      await page.locator('.message .text').first().waitFor();
      await page.waitForTimeout(250);
      if ((await texts(page)).includes(text)) return;
    }
  }
  throw new Error(`no conversation shows ${text}`);
}

export function openWaiting(page: Page, text: string): Promise<void> {
  return openShowing(page, 'Waiting', text);
}

/** What this page says who it is by, as it last did. */
export function tokenOf(page: Page): () => string {
  let token = '';
  page.on('request', (request) => {
    const said = request.headers()['authorization'];
    if (said !== undefined && request.url().includes('/api/v1/')) token = said;
  });
  return () => token;
}
