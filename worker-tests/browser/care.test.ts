import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OutsideCustomer } from './outside.ts';
import { claim, say, shows } from './person.ts';
import { Scene } from './scene.ts';

// What happens to an agent while they work: from elsewhere, at a bad moment, or without a screen or a mouse.

let scene: Scene;
let anna: Page;
let samir: Page;

beforeAll(async () => {
  scene = await Scene.open();
  anna = await scene.staff('Anna', { viewport: { width: 1500, height: 800 } });
  await anna.addInitScript(withLine);
  await anna.reload();
  samir = await scene.staff('Samir');
});
afterAll(() => scene.close());

/**
 * A page with a line that the test has its hand on: while `mute`, what it posts goes nowhere, as on a line that has
 * just died, and `hears` says frames on the newest conversation's socket as the server would.
 */
function withLine(): void {
  const Native = WebSocket;
  let ear: ((event: Event) => void) | undefined;
  const line = {
    mute: false,
    hears: (frame: object) => ear?.(new MessageEvent('message', { data: JSON.stringify(frame) })),
  };
  Object.assign(window, { line });
  window.WebSocket = class extends Native {
    override addEventListener(type: string, heard: unknown, options?: AddEventListenerOptions): void {
      if (type === 'message' && this.url.includes('/conversations/')) ear = heard as typeof ear;
      super.addEventListener(type, heard as EventListener, options);
    }

    override send(data: string): void {
      if (!line.mute || !data.startsWith('{"type":"post"')) super.send(data);
    }
  };
}
type Lined = typeof window & { line: { mute: boolean; hears: (frame: object) => void } };

function mute(page: Page, is: boolean): Promise<void> {
  return page.evaluate((muted) => {
    (window as Lined).line.mute = muted;
  }, is);
}

async function begun(topic: string): Promise<{ id: string; customer: OutsideCustomer }> {
  const customer = await OutsideCustomer.on(scene.sotto.home.origin, scene.sotto.demo.sites[0]?.id ?? '');
  return { customer, id: await customer.begin(topic) };
}

async function open(page: Page, id: string, topic: string): Promise<void> {
  await goTo(page, `#/conversations/${id}`);
  await shows(page, topic);
}

function goTo(page: Page, hash: string): Promise<void> {
  return page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** A customer has written this, and Anna has the conversation before her. */
async function waiting(topic: string) {
  const conversation = await begun(topic);
  await open(anna, conversation.id, topic);
  return conversation;
}

async function claimed(topic: string) {
  const conversation = await waiting(topic);
  await claim(anna);
  return conversation;
}

/** Samir gives it to this colleague, or to the other team. */
async function handOver(page: Page, to: RegExp | 'another team', note = ''): Promise<void> {
  await page.getByRole('button', { name: 'Hand over' }).click();
  const dialog = page.getByRole('dialog', { name: 'Hand over this conversation' });
  const radio =
    to === 'another team'
      ? dialog.getByRole('group', { name: 'To another team' }).getByRole('radio').first()
      : dialog.getByRole('radio', { name: to });
  await radio.check();
  if (note !== '') await dialog.getByRole('textbox').fill(note);
  await dialog.getByRole('button', { name: 'Hand over' }).click();
}

const answers = (page: Page) => page.locator('.message:not(.note) .text').allTextContents();
const notes = (page: Page) => page.locator('.message.note .text').allTextContents();
const standing = (page: Page) => page.locator('.pane-header .whom p').innerText();
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return at === null ? '' : `${at.tagName} ${at.id} ${at.className}`;
  });

/** What live regions have said since. */
async function listen(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest('[aria-live]');
        if (region?.getAttribute('aria-live') === 'polite') said.push(region.textContent);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => (window as unknown as { said: string[] }).said.join('\n'));
}

test('B6 a note that is begun while the claim is on its way stays a note', async () => {
  await waiting('may I return it?');
  await anna.route('**/claim', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 800));
    await route.continue();
  });
  await anna.getByRole('button', { name: 'Claim', exact: true }).first().click();
  await anna.getByRole('button', { name: 'Write a note' }).click();
  await anna.getByRole('textbox', { name: /^Note/ }).waitFor();
  await anna.keyboard.type('a known fraudster, refund nothing', { delay: 40 });
  await expect.poll(() => standing(anna)).toMatch(/^Claimed by you/);
  await anna.keyboard.press('Enter');
  await expect.poll(() => notes(anna)).toEqual(['a known fraudster, refund nothing']);
  expect(await answers(anna)).toEqual(['may I return it?']);
  await anna.unroute('**/claim');
});

test('B6 a tag that is being typed stays a tag when the conversation is handed to its writer', async () => {
  const { id } = await waiting('is it vegan?');
  await open(samir, id, 'is it vegan?');
  await anna.locator('#new-tag').focus();
  await anna.keyboard.type('diet');
  await handOver(samir, /Anna/);
  await anna.getByRole('textbox', { name: 'Message' }).waitFor();
  await anna.keyboard.type('ary');
  await anna.keyboard.press('Enter');
  await anna.locator('.tag').getByText('dietary').waitFor();
  expect(await answers(anna)).toEqual(['is it vegan?']);
});

test('B6 whoever goes on typing when their box has gone gives no commands, until they go elsewhere', async () => {
  const { id } = await claimed('can I exchange it?');
  await open(samir, id, 'can I exchange it?');
  for (const act of [
    () => handOver(samir, /Ben/),
    async () => {
      await samir.getByRole('button', { name: 'Close', exact: true }).click();
    },
  ]) {
    await anna.getByRole('textbox', { name: /^(Message|Note)/ }).focus();
    await anna.keyboard.type('Sure, ');
    await act();
    await anna
      .getByText(/Ben \w+ has this conversation|This conversation is closed/)
      .first()
      .waitFor();
    const before = await standing(anna);
    await anna.keyboard.type('we exchange it, chris');
    await anna.waitForTimeout(300);
    expect(await standing(anna)).toBe(before);
    expect(await anna.locator('dialog[open]').count()).toBe(0);
    expect(await anna.locator('#new-tag').inputValue()).toBe('');
    if (before.startsWith('Closed')) break;
    await handOver(samir, /Anna/);
    await anna.getByRole('textbox', { name: 'Message' }).waitFor();
  }
  await anna.keyboard.press('Tab');
  await anna.keyboard.press('x');
  await expect.poll(() => standing(anna)).toMatch(/^Nobody has claimed it/);
});

test('B7 what waits when its writer loses the conversation is shown, said, and does not go by itself', async () => {
  const { id } = await claimed('when do you close?');
  await open(samir, id, 'when do you close?');
  await mute(anna, true);
  await say(anna, 'we close at five today');
  const said = await listen(anna);
  await handOver(samir, 'another team');
  await anna.getByText(/You may not see this conversation any more|There is no such conversation/).waitFor();
  const failed = anna.locator('.message.failed');
  await failed.getByRole('button', { name: 'Discard' }).waitFor();
  expect(await standing(anna)).not.toContain('Claimed');
  await expect.poll(said).toContain('Not sent.');

  await goTo(anna, '#/');
  await anna.reload();
  const elsewhere = anna.getByRole('list', { name: 'Not sent' }).getByRole('link');
  await elsewhere.getByText('1 not sent').waitFor();
  await handOver(samir, 'another team');
  await expect.poll(() => samir.locator('dialog[open]').count()).toBe(0);
  await elsewhere.waitFor({ state: 'detached' });
  await open(anna, id, 'when do you close?');
  await claim(anna);
  await failed.getByRole('button', { name: 'Discard' }).waitFor();
  expect(await answers(samir)).toEqual(['when do you close?']);
  await failed.getByRole('button', { name: 'Discard' }).focus();
  await anna.keyboard.press('Enter');
  await failed.waitFor({ state: 'detached' });
  expect(await focused(anna)).toContain('log');
});

test('C18 a hand-over whose answer is lost and that is tried again leaves one note, and says that it is done', async () => {
  for (const [page, topic] of [
    [anna, 'whose is it, then?'],
    [samir, 'and whose is this?'],
  ] as const) {
    const { id } = await claimed(topic);
    await open(page, id, topic);
    let lost = 0;
    await page.route('**/hand-over', async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await handOver(page, /Ben/, 'a difficult one');
    const dialog = page.getByRole('dialog', { name: 'Hand over this conversation' });
    await dialog.getByText('it is not known whether it was handed over').waitFor();
    await dialog.getByRole('button', { name: 'Hand over' }).click();
    await dialog.waitFor({ state: 'detached' });
    await shows(page, 'a difficult one');
    expect(await notes(page)).toEqual(['a difficult one']);
    expect(await standing(page)).toMatch(/^Claimed by Ben/);
    await page.unroute('**/hand-over');
  }
});

test('B8 what an agent has not come down to is not told to be read', async () => {
  const { id, customer } = await claimed('first of many');
  await customer.say(
    id,
    Array.from({ length: 30 }, (_, number) => `line ${number}`),
  );
  await shows(anna, 'line 29');
  await open(samir, id, 'line 29');
  await anna.locator('.log').evaluate((log) => {
    log.scrollTop = 0;
  });
  const heard: string[] = [];
  anna.on('websocket', (socket) => socket.on('framesent', ({ payload }) => heard.push(String(payload))));
  await anna.reload();
  await shows(anna, 'line 29');
  await expect.poll(() => anna.locator('.log').evaluate((log) => log.scrollTop)).toBeGreaterThan(0);
  await anna.locator('.log').evaluate((log) => {
    log.scrollTop = 0;
  });
  await anna.waitForTimeout(300);
  await customer.say(id, ['did you see this?']);
  const more = anna.getByRole('button', { name: '1 new message' });
  await more.waitFor();
  await anna.waitForTimeout(1_000);
  const marks = () =>
    heard.filter((frame) => frame.includes('"type":"read"')).map((frame) => /"seq":(\d+)/.exec(frame)?.[1]);
  expect(marks()).not.toContain('32');
  await more.click();
  await expect.poll(marks).toContain('32');
});

test('B4 the focus is never lost: not with the last earlier messages, a message taken back, or a try to connect', async () => {
  const { id, customer } = await begun('the very first');
  await customer.say(
    id,
    Array.from({ length: 60 }, (_, number) => `part ${number}`),
  );
  await open(anna, id, 'part 59');
  await anna.getByRole('button', { name: 'Show earlier messages' }).focus();
  await anna.keyboard.press('Enter');
  await shows(anna, 'the very first');
  await expect.poll(() => focused(anna)).toContain('log');

  await claim(anna);
  await say(anna, 'a slip');
  await anna.getByText('Sent', { exact: true }).last().waitFor();
  await anna
    .getByRole('button', { name: /^Actions for the message of Anna/ })
    .last()
    .focus();
  await anna.keyboard.press('Enter');
  const menu = anna.getByRole('group', { name: 'What to do with this message' });
  await menu.getByRole('button', { name: 'Delete' }).focus();
  await anna.keyboard.press('Enter');
  await anna.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).focus();
  await anna.keyboard.press('Enter');
  await anna.getByText('This message was deleted.').waitFor();
  await expect.poll(() => focused(anna)).toContain('log');

  await anna.context().setOffline(true);
  const now = anna.getByRole('button', { name: 'Try now' });
  await now.focus();
  await anna.keyboard.press('Enter');
  await anna.waitForTimeout(100);
  expect(await focused(anna)).toMatch(/^BUTTON/);
  await anna.context().setOffline(false);
  await now.press('Enter');
  await now.waitFor({ state: 'detached' });
  expect(await focused(anna)).toMatch(/^H2/);
});

test('B4 a customer who begins to wait is told of to whoever listens to the screen', async () => {
  await goTo(anna, '#/');
  const said = await listen(anna);
  await begun('anybody there?');
  await expect.poll(said, { timeout: 5_000 }).toMatch(/A customer is waiting on .+\. \d+ waiting/);
});

test('B4 on a phone with its keyboard and at 400 % everything can be reached, and nothing lies over anything', async () => {
  await claimed('from a small screen');
  for (const [width, height] of [
    [375, 330],
    [320, 256],
    [640, 360],
  ] as const) {
    await anna.setViewportSize({ width, height });
    await anna.waitForTimeout(200);
    const seen = await anna.evaluate(() => {
      const controls = document.querySelectorAll('.pane-header button, .composer button, .composer textarea');
      const covered = [...controls].filter((control) => {
        control.scrollIntoView({ block: 'nearest' });
        const { left, top, right, bottom } = control.getBoundingClientRect();
        const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return right > left && !(at !== null && (control.contains(at) || at.contains(control)));
      });
      const log = document.querySelector('.log')?.getBoundingClientRect();
      return {
        covered: covered.map(({ textContent, tagName }) => `${tagName} ${textContent}`),
        wide: document.documentElement.scrollWidth > innerWidth,
        log: Math.round(log?.height ?? 0) >= 96,
      };
    });
    expect(seen, `${width}x${height}`).toEqual({ covered: [], wide: false, log: true });
    const actions = anna.getByRole('button', { name: 'Actions', exact: true });
    await actions.click();
    await anna
      .getByRole('group', { name: 'What to do with this conversation' })
      .getByRole('button', { name: 'Snooze' })
      .waitFor();
    await anna.keyboard.press('Escape');
  }
  await anna.setViewportSize({ width: 1500, height: 800 });
});

test('B9 a thousand messages make neither a sign nor a message slow: what is there is not drawn anew', async () => {
  await waiting('the first of a thousand');
  const devtools = await anna.context().newCDPSession(anna);
  await devtools.send('Performance.enable');
  const hear = (times: number, what: 'typing' | 'message', each = 1) =>
    anna.evaluate(
      async ([count, kind, size]) => {
        const from = { kind: 'visitor', id: 'vis_AAAAAAAAAAAAAAAAAAAAAA' };
        const { line } = window as Lined;
        for (let time = 0; time < count; time += 1) {
          const last = document.querySelectorAll('.message').length;
          const messages = Array.from({ length: size }, (_, index) => {
            const seq = last + 1 + index;
            return {
              seq,
              id: `made-${seq}`,
              at: Date.now(),
              from,
              kind: 'text',
              scheme: 1,
              text: `made ${seq}`,
            };
          });
          line.hears(
            kind === 'typing'
              ? { type: 'typing', from, kind: 'text', on: time % 2 === 0 }
              : { type: 'messages', messages },
          );
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        }
      },
      [times, what, each] as const,
    );
  const cost = async (act: () => Promise<void>) => {
    const spent = async () =>
      (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ScriptDuration')
        ?.value ?? 0;
    const before = await spent();
    await act();
    return ((await spent()) - before) * 1_000;
  };
  const costs = async () => ({
    sign: await cost(() => hear(20, 'typing')),
    message: await cost(() => hear(20, 'message')),
  });
  // Compared with itself, since machines differ and are busy.
  const short = await costs();
  await hear(1, 'message', 1_000);
  await shows(anna, 'made 1021');
  const long = await costs();
  expect(long.sign).toBeLessThan(20 + 5 * short.sign);
  expect(long.message).toBeLessThan(20 + 8 * short.message);
  await devtools.detach();
});

test('S7 an invitation that is opened over an unsaved form leaves no token in the history', async () => {
  const olivia = await scene.staff('Olivia');
  await goTo(olivia, '#/settings/teams/new');
  await olivia.getByRole('textbox').first().fill('unsaved');
  await goTo(olivia, '#/invitation/SECRETTOKEN');
  await olivia.getByRole('button', { name: 'Leave without saving' }).click();
  await olivia.getByText('Welcome to Sotto').waitFor();
  const devtools = await olivia.context().newCDPSession(olivia);
  const { entries } = await devtools.send('Page.getNavigationHistory');
  expect(entries.filter(({ url }) => url.includes('SECRETTOKEN'))).toEqual([]);
  await olivia.context().close();
});

test('S6 who chose to be away is away after a reload, and whoever signs out leaves neither that nor an address', async () => {
  await claimed('the last one');
  const me = anna.getByRole('button', { name: /^Anna Berg/ });
  await me.click();
  await anna.getByRole('radio', { name: 'Away' }).check();
  await anna.keyboard.press('Escape');
  await anna.reload();
  await me.getByText('Away').waitFor();
  await me.click();
  await anna.getByRole('button', { name: 'Sign out' }).click();
  await anna.getByLabel('Password').waitFor();
  expect(anna.url()).not.toContain('con_');
  expect(await anna.evaluate(() => sessionStorage.length)).toBe(0);
});

test('W6 all of it asked nobody else and broke no policy', () => {
  expect(scene.complaints).toEqual([]);
});
