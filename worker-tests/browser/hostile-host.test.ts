import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, launcherOf, openWaiting, pressLauncher, say, shows, texts, widgetIn } from './person.ts';
import { type Customer, Scene } from './scene.ts';

// A host page that means harm, on an origin that may frame the widget: the worst that a shop's own page, or a script
// that got into it, can do without the customer.

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene.close());

const secret = 'Between me and the shop’s staff';

/** What the page's own script has got hold of. */
interface Loot {
  root: ShadowRoot | null;
  seen: string[];
}

/**
 * Runs before everything else in the page: it opens the closed shadow root and so holds the frame, listens to
 * everything that is said to the page, and has put itself into the natives that the loader uses.
 */
function tampering(): void {
  if (window.top !== window) return;
  const loot: Loot = { root: null, seen: [] };
  Object.assign(window, { loot });
  // oxlint-disable-next-line typescript/unbound-method -- called with the element that it is for
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    loot.root = attach.call(this, { ...init, mode: 'open' });
    return loot.root;
  };
  // oxlint-disable-next-line typescript/unbound-method -- called with the target that it is for
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type: string, handler: never, options?: never) {
    loot.seen.push(type);
    listen.call(this, type, handler, options);
  };
  window.addEventListener('message', (event) => loot.seen.push(JSON.stringify(event.data)));
  const parse = JSON.parse;
  JSON.parse = (text: string) => {
    loot.seen.push(text);
    return parse(text) as unknown;
  };
  Object.defineProperty(Object.prototype, 'sotto', { get: () => 'forget', configurable: true });
  Array.prototype.push = function (...items: unknown[]) {
    for (const item of items) this[this.length] = item;
    return this.length;
  };
}

async function tamperedShop(): Promise<Customer> {
  const page = await scene.stranger();
  // Whoever means harm has no policy that would stop them; the widget, which is another target, keeps its own.
  await (await page.context().newCDPSession(page)).send('Page.setBypassCSP', { enabled: true });
  await page.addInitScript(tampering);
  await page.goto(`${scene.sotto.home.shopOrigin}/`);
  await pressLauncher(page);
  const widget = await widgetIn(page);
  await say(widget, secret);
  await shows(widget, secret);
  await widget.getByText('Sent', { exact: true }).last().waitFor();
  // The attack has what it needs; without that the tests below would prove nothing.
  const holdsFrame = await page.evaluate(
    () =>
      (window as unknown as { loot: Loot }).loot.root?.querySelector('iframe')?.contentWindow !== undefined,
  );
  expect(holdsFrame).toBe(true);
  return { page, widget };
}

test('W8 a host page’s script reads nothing of the chat', async () => {
  const { page, widget } = await tamperedShop();
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('blocked by CORS policy')) refused.push(message.text());
  });
  const reached = await page.evaluate(
    async ([sotto, site]) => {
      const { root, seen } = (window as unknown as { loot: Loot }).loot;
      const frame = root?.querySelector('iframe');
      const got = [...seen, root?.textContent ?? ''];
      for (const reach of [
        () => String(frame?.contentDocument?.body.textContent),
        () => String(frame?.contentWindow?.document.body.textContent),
        () => String(frame?.contentWindow?.location.href),
        () =>
          String(
            (frame?.contentWindow as unknown as { localStorage: Storage } | undefined)?.localStorage.length,
          ),
      ]) {
        try {
          got.push(reach());
        } catch {
          // Another origin's things are closed to us.
        }
      }
      for (const path of ['conversations', 'session/refresh', `sites/${site ?? ''}/visitor`]) {
        for (const method of ['GET', 'POST']) {
          try {
            const answer = await fetch(`${sotto}/api/v1/${path}`, { method, credentials: 'include' });
            got.push(await answer.text());
          } catch {
            // Nor does Sotto answer other origins.
          }
        }
      }
      for (const [key, value] of Object.entries(localStorage)) got.push(`${key}=${String(value)}`);
      return got.join('\n');
    },
    [scene.sotto.home.origin, scene.sotto.demo.sites[0]?.id] as const,
  );
  expect(reached).not.toContain(secret);
  expect(reached).not.toMatch(/con_|vis_|eyJ|__Host/);
  // They all got as far as Sotto, which has nothing to say to a page of another origin.
  expect(refused).toHaveLength(6);
  for (const why of refused) expect(why).toContain("No 'Access-Control-Allow-Origin' header is present");
  expect(await texts(widget)).toEqual([secret]);
  await page.context().close();
});

test('W8 forged messages from the host page post nothing, end nothing, forget nothing and read nothing', async () => {
  const { page, widget } = await tamperedShop();
  const cookies = await page.context().cookies();
  await page.evaluate(() => {
    const frame = (window as unknown as { loot: Loot }).loot.root?.querySelector('iframe')?.contentWindow;
    const acts = ['post', 'send', 'say', 'end', 'forget', 'close', 'rate', 'retry', 'unread', 'transcript'];
    const fields = { text: 'FORGED', id: '1', n: 1, open: 'yes', page: 7, href: 'javascript:alert(1)' };
    for (const sotto of [...acts, ...acts.map((act) => ({ act })), null, 1, '__proto__'])
      frame?.postMessage({ ...fields, sotto, type: sotto }, '*');
    // This page was not asked whom its site vouches for.
    for (const token of ['', 'eyJhbGciOiJub25lIn0.e30.', null])
      frame?.postMessage({ sotto: 'vouch', token }, '*');
    for (const odd of [null, 'open', [], new Map([['sotto', 'open']]), { sotto: 'open', open: 'false' }])
      frame?.postMessage(odd, '*');
  });
  await say(widget, 'still here');
  await shows(widget, 'still here');
  await expect.poll(() => widget.getByText(/^(Sending|Waiting)/).count()).toBe(0);
  expect(await texts(widget)).toEqual([secret, 'still here']);
  expect((await page.context().cookies()).map(({ name, value }) => [name, value])).toEqual(
    cookies.map(({ name, value }) => [name, value]),
  );
  await page.context().close();
});

test('W8 the widget hears its own page alone, not that page’s other frames', async () => {
  const { page, widget } = await tamperedShop();
  const agent = await scene.staff('Anna');
  await openWaiting(agent, secret);
  await claim(agent);
  await page.evaluate(() => {
    const { root } = (window as unknown as { loot: Loot }).loot;
    const other = document.createElement('iframe');
    other.name = 'other';
    document.body.append(other);
    Object.assign(other.contentWindow ?? {}, { frame: root?.querySelector('iframe')?.contentWindow });
  });
  const closes = () => {
    const { frame, loot } = window as unknown as { frame?: Window; loot?: Loot };
    const chat = frame ?? loot?.root?.querySelector('iframe')?.contentWindow;
    window.setTimeout(() => chat?.postMessage({ sotto: 'open', open: false }, '*'), 0);
  };
  const other = page.frame('other');
  if (other === null) throw new Error('there is no other frame');
  await other.evaluate(closes);
  await say(agent, 'an answer');
  await shows(widget, 'an answer');
  // It was before the customer’s eyes, and nobody needs to be told that it is new.
  await agent.getByText('Read', { exact: true }).last().waitFor();
  expect(await launcherOf(page)).toBe('Chat');
  await page.evaluate(closes);
  await say(agent, 'another answer');
  await expect.poll(() => launcherOf(page)).toBe('Chat, 1 unread message');
  await page.context().close();
});

test('W6 a stranger’s page that frames the shop’s page gets no chat either', async () => {
  const server = createServer((_, response) => {
    response
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><iframe src="${framing}" allow="*"></iframe>`);
  });
  const [site] = scene.sotto.demo.sites;
  const framing = `${scene.sotto.home.origin}/widget/${site?.id ?? ''}`;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const page: Page = await (await scene.browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await expect
    .poll(() =>
      page
        .frames()
        .slice(1)
        .map((frame) => frame.url()),
    )
    .toEqual(['chrome-error://chromewebdata/']);
  await page.context().close();
  server.close();
});

test('W6 nothing of this broke a policy or asked a third party', () => {
  expect(scene.complaints).toEqual([]);
});
