import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/tools/chromium.ts';

// The widget is a frame of another site. These two tests say what our Chromium does to such a frame's cookies, so
// that the tests of the widget prove what they seem to prove.

let framed: Server;
let shop: Server;
let frameWasSent: string[] = [];

beforeAll(async () => {
  framed = await listen((path) => {
    const cookie = path === '/frame' ? 'own=1; Partitioned' : 'wide=1';
    return { body: '<p>framed</p>', cookie: `${cookie}; Path=/; SameSite=None; Secure; HttpOnly` };
  });
  shop = await listen(() => ({ body: `<iframe src="http://localhost:${port(framed)}/frame"></iframe>` }));
});

afterAll(() => {
  framed.close();
  shop.close();
});

test('a frame of another site is sent its partitioned cookie and no other', async () => {
  expect(await cookiesOfFrame('blocked')).toEqual(['', 'own=1']);
});

test('where third-party cookies are allowed it is sent both', async () => {
  expect(await cookiesOfFrame('allowed')).toEqual(['wide=1', 'wide=1; own=1']);
});

async function cookiesOfFrame(thirdPartyCookies: 'blocked' | 'allowed'): Promise<string[]> {
  frameWasSent = [];
  const browser: Browser = await launchChromium({ thirdPartyCookies });
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`http://localhost:${port(framed)}/`);
    for (let visit = 0; visit < 2; visit += 1) {
      await page.goto(`http://127.0.0.1:${port(shop)}/`);
      await page.frameLocator('iframe').locator('p').waitFor();
    }
  } finally {
    await browser.close();
  }
  return frameWasSent;
}

function listen(answer: (path: string) => { body: string; cookie?: string }): Promise<Server> {
  const server = createServer((request, response) => {
    const { body, cookie } = answer(request.url ?? '/');
    if (request.url === '/frame') frameWasSent.push(request.headers.cookie ?? '');
    response.setHeader('Content-Type', 'text/html');
    if (cookie !== undefined) response.setHeader('Set-Cookie', cookie);
    response.end(body);
  });
  return new Promise((ready) =>
    server.listen(0, '127.0.0.1', () => {
      ready(server);
    }),
  );
}

function port(server: Server): string {
  return String((server.address() as AddressInfo).port);
}
