/** What pages leave behind where others can read it: every address that they ask for, show or pass on. */
import type { Page, Request, Response } from 'playwright-core';

/** By these names secrets go to and fro in bodies. */
const secretNames =
  /^(?:access|token|ticket|secret|uri|recoveryCodes?|ownerKey|queueKey|vouch|password|current)$/;
/** A code of six digits is any number's neighbour, so that short ones are looked for between marks alone. */
const shortest = 20;

export class Trail {
  readonly addresses = new Set<string>();
  readonly referers = new Set<string>();
  /** Each with what it is called. */
  readonly secrets = new Map<string, string>();
  readonly #pages: Page[] = [];
  readonly #reading: Promise<void>[] = [];

  follow(page: Page): Page {
    this.#pages.push(page);
    page.on('request', (request) => this.#reading.push(this.#asked(request)));
    page.on('response', (response) => this.#reading.push(this.#answered(response)));
    page.on('websocket', (socket) => this.addresses.add(socket.url()));
    // What stands behind # goes nowhere; that it does not stay is looked for in the end.
    page.on('framenavigated', (frame) => this.addresses.add(sent(frame.url())));
    return page;
  }

  async #asked(request: Request): Promise<void> {
    this.addresses.add(sent(request.url()));
    const body = request.postData();
    if (body !== null) this.#read(body, true);
    // Of a page that has closed meanwhile only what the browser said at once is known.
    const { referer } = await request.allHeaders().catch(() => request.headers());
    if (referer !== undefined) this.referers.add(referer);
  }

  async #answered(response: Response): Promise<void> {
    const { location, 'content-type': type } = response.headers();
    if (location !== undefined) this.addresses.add(location);
    if (type?.includes('json') === true) this.#read(await response.text().catch(() => ''), false);
  }

  #read(text: string, isAsked: boolean): void {
    const names = (name: string) =>
      secretNames.test(name) || (isAsked && (name === 'code' || name === 'key'));
    try {
      JSON.parse(text, (name, value: unknown) => {
        const values = Array.isArray(value) ? value : [value];
        if (names(name))
          for (const each of values)
            if (typeof each === 'string' && each !== '') this.secrets.set(each, name);
        return value;
      });
    } catch {
      // No JSON holds none.
    }
  }

  /** Where this page has been, as whoever opens its history reads it, and the cookies of its browser. */
  async leave(page: Page): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    const { entries } = await devtools.send('Page.getNavigationHistory');
    for (const { url } of entries) this.addresses.add(url);
    // Whose session it is is no secret; which one it is, and what proves it, are.
    for (const { name, value } of await page.context().cookies())
      for (const part of value.split('.'))
        if (part.length >= shortest && !part.startsWith('per_')) this.secrets.set(part, `cookie ${name}`);
    await page.context().close();
    await Promise.allSettled(this.#reading);
  }

  /** The addresses that hold a secret, with what it is. */
  found(): string[] {
    return [...this.addresses, ...this.referers].flatMap((address) => {
      const text = `${address} ${decodeURIComponent(address)}`;
      const parts = new Set(text.split(/[^\w-]+/));
      const holds = (secret: string) =>
        secret.length >= shortest ? text.includes(secret) : parts.has(secret);
      return [...this.secrets].flatMap(([secret, name]) => (holds(secret) ? [`${name} in ${address}`] : []));
    });
  }
}

/** What of an address leaves the browser. */
function sent(address: string): string {
  return address.replace(/#.*/s, '');
}
