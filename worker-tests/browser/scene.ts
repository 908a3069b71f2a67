/** A Sotto and a browser of one story's own, with what every story watches for. */
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { launchChromium } from '../../src/tools/chromium.ts';
import type { DemoPerson } from '../../src/tools/demo/record.ts';
import { pressLauncher, signIn, widgetIn } from './person.ts';
import { Sotto } from './sotto.ts';

export interface Customer {
  page: Page;
  widget: Frame;
}

export class Scene {
  readonly sotto: Sotto;
  readonly browser: Browser;
  /** Errors that pages reported, policies that were broken, and requests to somebody else. */
  readonly complaints: string[] = [];
  /** How often a page asked before it was left, and whether it then is. */
  warnings = 0;
  leaves = true;

  private constructor(sotto: Sotto, browser: Browser) {
    this.sotto = sotto;
    this.browser = browser;
  }

  /** Sotto must work where third-party storage is blocked; what then can't outlive a page is tested where it is not. */
  static async open(
    thirdPartyCookies: 'blocked' | 'allowed' = 'blocked',
    environment: NodeJS.ProcessEnv = {},
  ): Promise<Scene> {
    const sotto = new Sotto(21_000 + 2 * (process.pid % 4_000), environment);
    const [browser] = await Promise.all([launchChromium({ thirdPartyCookies }), sotto.start()]);
    return new Scene(sotto, browser);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.sotto.end();
  }

  person(name: string): DemoPerson {
    const person = this.sotto.demo.people.find((each) => each.name.startsWith(name));
    if (person === undefined) throw new Error(`the demo has no ${name}`);
    return person;
  }

  /** A page of a browser that knows nobody yet. */
  async stranger(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await this.browser.newContext(options)).newPage();
    this.watch(page);
    return page;
  }

  /** Somebody new on the shop's page with the chat open. */
  async customer(options: BrowserContextOptions = {}, path = '/'): Promise<Customer> {
    const page = await this.stranger(options);
    await page.goto(`${this.sotto.home.shopOrigin}${path}`);
    await pressLauncher(page);
    return { page, widget: await widgetIn(page) };
  }

  /** Somebody on staff before their conversations. */
  async staff(name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.stranger(options);
    await signIn(page, this.sotto.home.origin, this.person(name));
    return page;
  }

  watch(page: Page): void {
    const { origin, shopOrigin } = this.sotto.home;
    page.on('request', (request) => {
      const url = new URL(request.url());
      const own = [origin, shopOrigin, origin.replace('http', 'ws'), 'null'].includes(url.origin);
      if (!own) this.complaints.push(`asked ${request.url()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      // Nothing else here asks.
      if (dialog.type() === 'beforeunload') this.warnings++;
      else this.complaints.push(`dialog ${dialog.message()}`);
      void (this.leaves ? dialog.accept() : dialog.dismiss());
    });
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted Type/i.test(message.text())) this.complaints.push(message.text());
    });
  }
}
