import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import { run } from './command.ts';
import type { SignInAnswer } from '../protocol/sign-in.ts';
import { Client } from './demo/client.ts';
import { codeOf, stepAt } from './demo/codes.ts';
import { type Demo, readDemo } from './demo/record.ts';
import { ROOT } from './project.ts';
import { databaseFile } from './start/migrate.ts';
import { homeOf } from './start/home.ts';
import { serverProcesses } from './start/leftover.ts';
import { isFree } from './start/ports.ts';
import { processes } from './start/processes.ts';

// One story in order, as a newcomer and their accidents write it: each test goes on with what the one before left.

const environment = {
  ...process.env,
  SOTTO_HOME: mkdtempSync(join(tmpdir(), 'sotto-home-')),
  SOTTO_PORT: String(20_000 + (process.pid % 10_000)),
  SOTTO_SHOP_PORT: String(30_000 + (process.pid % 10_000)),
};
const home = homeOf(environment);
const READY = 'One-time codes';

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly code: Promise<number | null>;
}
let current: Run | undefined;

afterEach(async () => {
  if (current?.child.exitCode === null && current.child.signalCode === null) current.child.kill('SIGTERM');
  await current?.code;
});
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

test('the first start makes secrets, people and sites, and serves dashboard, loader and shop', async () => {
  const run = await started();
  expect(statSync(home.secrets).mode & 0o777).toBe(0o600);
  expect(statSync(home.demo).mode & 0o777).toBe(0o600);
  const { people, sites } = demo();
  expect(people.map(({ role }) => role)).toEqual(['agent', 'agent', 'supervisor', 'auditor', 'owner']);
  for (const { address, password } of people) {
    expect(run.output()).toContain(address);
    expect(run.output()).toContain(password);
  }

  expect(run.output()).toContain(`Owner key: ${demo().ownerKey ?? 'none'}`);

  expect(run.output()).toMatch(/^ {2}Scanner +(?:a demo|ClamAV \d)/m);

  const shop = await fetch(`${home.shopOrigin}/`);
  expect(shop.headers.get('content-security-policy')).toContain(`script-src ${home.origin}`);
  expect(await shop.text()).toContain(
    `<script src="${home.origin}/loader.js" data-site="${sites[0]?.id ?? ''}" data-color="#1d5c7a" defer>`,
  );
  expect((await fetch(`${home.origin}/loader.js`)).status).toBe(200);
  expect((await fetch(`${home.origin}/`)).status).toBe(200);
});

test('the printed password and the next unused code sign a person in', async () => {
  await started();
  const [anna] = demo().people;
  if (anna === undefined) throw new Error('The demo has no agent');
  const client = new Client(home.origin);
  const { factors, token } = await client.post<SignInAnswer>('/sign-in', {
    address: anna.address,
    password: anna.password,
  });
  expect(factors).toEqual(['totp']);
  while (stepAt(Date.now()) <= anna.spent) await wait(200);
  const code = codeOf(anna.uri, stepAt(Date.now()));
  const session = await client.post<{ person: { name: string } }>('/sign-in/totp', { code }, token);
  expect(session.person.name).toBe('Anna Berg');
});

test('A32 a look from outside finds nothing wrong, and misses only what there is not on this machine', async () => {
  await started();
  const args = [home.origin, '--local', '--json', '--site', demo().sites[0]?.id ?? ''];
  const { ok, output } = await run(process.execPath, [join(ROOT, 'src/tools/deployed.ts'), ...args], {
    timeoutSeconds: 120,
  });
  const { checks } = JSON.parse(output) as { checks: { id: string; outcome: string; found: string }[] };
  expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  expect(checks.filter(({ outcome }) => outcome === 'not run').map(({ id }) => id)).toEqual([
    ...['tls-old', 'tls-new', 'certificate', 'https-redirect', 'clock'],
    ...['mail-spf', 'mail-dkim', 'mail-dmarc'],
  ]);
  expect(ok).toBe(true);
});

test('a start beside a running one is refused and disturbs nothing', async () => {
  const first = await started();
  const second = start();
  expect(await second.code).toBe(1);
  expect(second.output()).toMatch(/^Sotto is already running here \(process \d+\): end it first\.\n$/);
  expect(first.child.exitCode).toBeNull();
});

test('a run that was killed is cleaned up by the next one, which keeps all data', async () => {
  const before = demo();
  const killed = await started();
  const { server } = JSON.parse(readFileSync(home.running, 'utf8')) as { server: number };
  process.kill(-Number(killed.child.pid), 'SIGKILL');
  await killed.code;
  expect(serverProcesses(server, processes())).not.toEqual([]);

  const next = await started();
  expect(next.output()).toContain('Ended the server of an earlier run that was killed.');
  expect(serverProcesses(server, processes())).toEqual([]);
  expect(demo()).toEqual(before);
});

test('it says so and ends when its server is killed', async () => {
  const run = await started();
  const { server } = JSON.parse(readFileSync(home.running, 'utf8')) as { server: number };
  process.kill(server, 'SIGKILL');
  expect(await run.code).toBe(1);
  expect(run.output()).toContain('The server ended by itself');
  await expectNothingLeft();
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends it while it is starting, with nothing left',
  async (signal) => {
    const run = start();
    await wait(1_500);
    run.child.kill(signal);
    expect(await run.code).toBe(0);
    await expectNothingLeft();
  },
);

test('a port that is taken is one sentence', async () => {
  const other = await listen(home.port);
  const run = start();
  expect(await run.code).toBe(1);
  expect(run.output()).toBe(
    `Port ${home.port} is taken by another program: end it, or choose another port with SOTTO_PORT.\n`,
  );
  other.close();
});

test('a KEYRING that did not make the data is one sentence, and putting it back heals', async () => {
  const good = readFileSync(home.secrets, 'utf8');
  writeFileSync(home.secrets, good.replace(/^KEYRING=.*$/m, `KEYRING=1:${'A'.repeat(42)}E`));
  const run = start();
  expect(await run.code).toBe(1);
  expect(run.output()).toMatch(/KEYRING in .* does not open the data in .*\n$/);
  await expectNothingLeft();
  writeFileSync(home.secrets, good);
  await started();
});

test('data without the record of its people is one sentence', async () => {
  const record = readFileSync(home.demo);
  rmSync(home.demo);
  const run = start();
  expect(await run.code).toBe(1);
  expect(run.output()).toMatch(/holds data and .*demo\.json, which says who can sign in, is gone/);
  await expectNothingLeft();
  writeFileSync(home.demo, record);
});

test('a database that does not open is one sentence', async () => {
  const file = databaseFile(home);
  if (file === undefined) throw new Error('There is no database yet');
  writeFileSync(file, 'not a database');
  const run = start();
  expect(await run.code).toBe(1);
  expect(run.output()).toMatch(/^The data in .* cannot be opened \(.*\): npm run reset begins anew\.\n$/m);
  await expectNothingLeft();
});

test('reset empties everything but the secrets, and a first start that was interrupted begins again', async () => {
  const secrets = readFileSync(home.secrets, 'utf8');
  const reset = tool('reset.ts');
  expect(await reset.code).toBe(0);
  expect(readdirSync(home.folder)).toEqual(['.dev.vars']);
  expect(readFileSync(home.secrets, 'utf8')).toBe(secrets);

  const interrupted = start();
  while (readDemo(home.demo) === undefined && interrupted.child.exitCode === null) await wait(20);
  process.kill(-Number(interrupted.child.pid), 'SIGKILL');
  await interrupted.code;
  await started();
  expect(demo().people).toHaveLength(5);
});

function demo(): Demo {
  const record = readDemo(home.demo);
  if (record?.complete !== true) throw new Error('There is no demo');
  return record;
}

async function started(): Promise<Run> {
  const run = start();
  while (!run.output().includes(READY)) {
    if (run.child.exitCode !== null) throw new Error(`It ended instead of starting: ${run.output()}`);
    await wait(50);
  }
  return run;
}

function start(): Run {
  const run = tool('start.ts');
  // A second run beside the first is not the one to end afterwards.
  if (current === undefined || current.child.exitCode !== null || current.child.signalCode !== null)
    current = run;
  return run;
}

function tool(name: string): Run {
  const child = spawn(process.execPath, [join(ROOT, 'src/tools', name)], {
    env: environment,
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return { child, output: () => output, code: new Promise((ended) => child.once('close', ended)) };
}

async function expectNothingLeft(): Promise<void> {
  const ours = processes().filter(({ command }) => command.includes(home.folder));
  expect(ours).toEqual([]);
  expect(await isFree(home.port)).toBe(true);
  expect(await isFree(home.shopPort)).toBe(true);
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((listening) => server.listen(port, '127.0.0.1', () => listening(server)));
}
