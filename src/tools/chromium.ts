import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { run } from './command.ts';
import { Halt, orHalt } from './halt.ts';
import { ROOT } from './project.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const DOWNLOAD_SECONDS = 300;
const APT_SECONDS = 600;

const FLAGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface ChromiumOptions extends Omit<LaunchOptions, 'executablePath'> {
  /** Browsers differ in what they do by default, so a test says it. Sotto must work where they are blocked. */
  readonly thirdPartyCookies?: 'blocked' | 'allowed';
}

/**
 * Starts a real Chromium for the browser tests, fetching one first where there is none.
 *
 * No command-line flag blocks third-party cookies in today's Chromium (--test-third-party-cookie-phaseout is
 * ignored), only the preference of a profile does; contexts made from that browser inherit it.
 */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const { thirdPartyCookies = 'blocked', args = [], ...rest } = options;
  const executablePath = await ensureChromium();
  const profile = await writeProfile(thirdPartyCookies);
  const context = await chromium.launchPersistentContext(profile, {
    ...rest,
    executablePath,
    args: [...FLAGS, ...args],
  });
  const browser = context.browser();
  if (browser === null) throw new Error('Playwright gave a context without a browser');
  const close = browser.close.bind(browser);
  // The moment of disconnecting is too early: Chromium still writes to its profile while it ends.
  browser.close = async (reason) => {
    await close(reason);
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
  };
  return browser;
}

async function writeProfile(thirdPartyCookies: 'blocked' | 'allowed'): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'sotto-chromium-'));
  await mkdir(join(profile, 'Default'));
  const blocked = thirdPartyCookies === 'blocked';
  await writeFile(
    join(profile, 'Default/Preferences'),
    JSON.stringify({
      profile: { cookie_controls_mode: blocked ? 1 : 0, block_third_party_cookies: blocked },
    }),
  );
  return profile;
}

/** The path of a Chromium on this machine; gets one by whichever way works here. */
export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found !== undefined) return found;

  const tried: string[] = [];
  for (const way of [downloadByPlaywright, installByApt]) {
    tried.push(await way());
    const path = findChromium();
    if (path !== undefined) return path;
  }
  throw new Halt(
    [
      'The browser tests need Chromium and none could be found or fetched:',
      ...tried.map((reason) => `  - ${reason}`),
      'Install Chromium or Chrome with your package manager, or set SOTTO_CHROMIUM to the path of one.',
    ].join('\n'),
  );
}

/** What the person named, what PATH offers, what Playwright has downloaded: in this order. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment['SOTTO_CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return named;
    throw new Halt(`SOTTO_CHROMIUM is ${named}, and there is no program there.`);
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    chromium.executablePath(),
  ].find(isExecutable);
}

async function downloadByPlaywright(): Promise<string> {
  console.error('Chromium is not installed; downloading the one that belongs to Playwright …');
  const installer = join(ROOT, 'node_modules/playwright-core/cli.js');
  const { output } = await run(process.execPath, [installer, 'install', 'chromium'], {
    timeoutSeconds: DOWNLOAD_SECONDS,
  });
  return `Playwright's download: ${lastSentence(output)}`;
}

async function installByApt(): Promise<string> {
  if (process.getuid?.() !== 0) return "Debian's package: needs root (apt-get install chromium)";
  console.error("Installing Debian's chromium package …");
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { ok, output } = await run('apt-get', args, {
      timeoutSeconds: APT_SECONDS,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (!ok) return `Debian's package: ${lastSentence(output)}`;
  }
  return "Debian's package: was installed, yet no chromium is on the PATH";
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lastSentence(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return (
    lines.findLast((line) => /error|fail|unable|could not|not finished/i.test(line)) ?? 'it did not work'
  );
}

if (import.meta.main) {
  await orHalt(async () => {
    console.log(await ensureChromium());
  });
}
