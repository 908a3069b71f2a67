import { env, exports } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { watchOf } from '../../src/duties/alarms.ts';
import { configOf } from '../../src/config.ts';
import { logFault } from '../../src/log.ts';
import type { LiveAnswer } from '../../src/protocol/live.ts';
import { begin, call, newMember, newSite, newTeam, newVisitor } from '../cast.ts';

const token = 'the-metrics-token-of-the-tests-and-of-nobody-else';
const fetched = (bearer?: string) =>
  exports.default.fetch('https://sotto.test/metrics', {
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
  });
const metrics = async () => {
  const text = await (await fetched(token)).text();
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
};

describe('O4 the metrics', () => {
  it('O4 are there for their token alone, and not at all where none was set', async () => {
    for (const bearer of [undefined, '', 'wrong', `${token}x`, (await newMember('owner', [])).access])
      expect((await fetched(bearer)).status).toBe(404);
    expect((await fetched(token)).status).toBe(200);
    const { METRICS_TOKEN: _, ...without } = env;
    expect(configOf(without).metricsToken).toBe(null);
    expect(() => configOf({ ...without, METRICS_TOKEN: 'short' })).toThrow(/^METRICS_TOKEN must be/);
  });

  it('O4 tell how things stand, and name nobody', async () => {
    const team = await newTeam('PELLUCIDTEAM');
    const site = await newSite(team);
    const before = await metrics();
    await begin(await newVisitor(site), 'PELLUCIDTEXT');
    await vi.waitFor(async () =>
      expect(await metrics()).toMatchObject({
        'sotto_conversations{state="waiting"}': (before['sotto_conversations{state="waiting"}'] ?? 0) + 1,
      }),
    );
    const text = await (await fetched(token)).text();
    expect(text).not.toMatch(/PELLUCID|\b(?:per|tea|sit|con|vis)_[\w-]{22}/);
    expect(text).toMatch(/^# TYPE sotto_longest_wait_seconds gauge$/m);
  });

  it('O4 count what failed, wherever it was, by the kind of work', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    for (let n = 0; n < 3; n++) logFault('test.of-the-metrics', new Error('whatever it says'));
    const admin = await newMember('admin', []);
    // Whoever asks carries along what no request of its own could tell.
    await vi.waitFor(
      async () => {
        await call('POST', '/api/v1/teams', { token: admin.access, body: 'no object' });
        logFault('test.of-the-metrics', new Error('once more'));
        expect((await metrics())['sotto_faults_day{fault="test.of-the-metrics"}']).toBeGreaterThanOrEqual(3);
      },
      { timeout: 10_000, interval: 500 },
    );
    const { body } = await call<LiveAnswer>('GET', '/api/v1/live', { token: admin.access });
    expect(body.faults['test.of-the-metrics']).toBeGreaterThanOrEqual(3);
    expect((await watchOf(env).standing()).faults['test.of-the-metrics']).toBeGreaterThanOrEqual(3);
    vi.restoreAllMocks();
  });
});
