import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { CheckRun, CheckStanding, StandingAnswer } from '../protocol/checks.ts';
import { run } from './command.ts';
import { ROOT } from './project.ts';

// It starts the tool several times over, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const token = 'a-token-that-only-this-test-knows-0123';
let server: Server | undefined;
afterEach(() => {
  server?.close();
});

/** A Sotto that looks at itself for two looks, and then stands so. */
async function sotto(standings: readonly CheckStanding[], ends = true): Promise<string> {
  let looks = 0;
  const one: CheckRun = {
    ...{ id: 'checks-7', askedBy: 'token', begunAt: 1, overAt: null, done: 0 },
    counts: { passed: 0, accepted: 0, failed: 0, 'not-run': 0 },
  };
  const answer = (): StandingAnswer => ({
    run: looks > 2 && ends ? { ...one, overAt: 2 } : { ...one, id: 'checks-6', overAt: 1 },
    running: looks > 2 ? null : one,
    checks: standings.map((standing, n) => ({
      id: `check-${n}`,
      title: 'A check',
      standing,
      words: 'Said.',
    })),
  });
  server = createServer((request, response) => {
    const isKnown = request.headers.authorization === `Bearer ${token}` && request.url === '/checks';
    if (request.method === 'GET') looks += 1;
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.method === 'POST' ? { run: one.id } : answer()));
  });
  await new Promise<void>((listening) => server?.listen(0, listening));
  const address = server.address();
  return `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

const tool = (args: readonly string[], given: string | undefined = token) =>
  run(process.execPath, [join(ROOT, 'src/tools/security.ts'), ...args], {
    timeoutSeconds: 60,
    env: { ...process.env, CHECKS_TOKEN: given, SOTTO_LOOK_AGAIN: '10' },
  });

test('A9 the command ends well only where each check passed or was accepted', async () => {
  const well = await tool([await sotto(['passed', 'accepted'])]);
  expect([well.ok, well.output]).toEqual([
    true,
    expect.stringContaining('2 of 2 checks passed, or were accepted.'),
  ]);
  for (const bad of ['failed', 'not-run'] as const) {
    server?.close();
    const { ok, output } = await tool([await sotto(['passed', bad])]);
    expect([ok, output]).toEqual([false, expect.stringContaining('1 of 2 checks')]);
    expect(output).toMatch(bad === 'failed' ? /FAILED +check-1: Said\./ : /not run +check-1: Said\./);
  }
});

test('A9 what was not looked at is never taken for well', async () => {
  expect((await tool([await sotto([])])).ok).toBe(false);
  server?.close();
  expect((await tool([await sotto(['passed'], false)])).output).toContain('did not come to its end');
  server?.close();
  expect((await tool([await sotto(['passed']), '--last'])).ok).toBe(true);
});

test('A9 it says so where it can’t ask, and gives its token to nobody in the clear', async () => {
  const origin = await sotto(['passed']);
  expect((await tool([origin], 'another-token')).output).toContain('no CHECKS_TOKEN, or another one');
  expect((await tool([origin], '')).ok).toBe(false);
  expect((await tool(['http://chat.example.com'])).output).toContain('https alone');
  expect((await tool(['http://localhost:1'])).output).toContain('does not answer');
  expect((await tool([origin, 'more'])).output).toContain('npm run check:security');
});
