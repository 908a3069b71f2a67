/** Runs of the security checks: each night and on demand, what got worse, what is accepted for a while, and the report. */
import { type Schema, Validator } from '@cfworker/json-schema';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import schema from '../../../docs/schemas/checks-1.schema.json';
import { watchOf } from '../../../src/duties/alarms.ts';
import { checkNightly, checkNow, checkPortion } from '../../../src/duties/checks.ts';
import { failed, notRun, passed } from '../../../src/duties/checks/check.ts';
import { checks } from '../../../src/duties/checks/list.ts';
import { lookAt, lookOf } from '../../../src/duties/checks/running.ts';
import { CheckStore } from '../../../src/duties/checks/store.ts';
import { verifierKeys } from '../../../src/ledger.ts';
import type { ChecksAnswer, StandingAnswer } from '../../../src/protocol/checks.ts';
import { hashOf, readReport } from '../../../src/protocol/checks-report.ts';
import { readVerifierKey } from '../../../src/protocol/ledger-proof.ts';
import { accessFor, call, type Member, newMember, newSite, newTeam } from '../../cast.ts';
import { since, size } from '../../ledger/scene.ts';
import { day, hour, looked, sql } from './scene.ts';

const store = new CheckStore(env.DB);
const count = checks.length;
let owner: Member;
let auditor: Member;

beforeEach(async () => {
  for (const table of ['check_runs', 'check_results', 'check_exceptions', 'runs', 'sites'])
    await sql(`DELETE FROM ${table}`);
  owner = await newMember('owner', [], 'Olivia');
  auditor = await newMember('auditor', []);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Begins a run by hand, and does its portions. `twice`: each, as whoever was cut off does. */
async function driven(run: string, { twice = false } = {}): Promise<void> {
  await store.begin(run, null, Date.now(), 0);
  let place: string | null = null;
  do {
    const from: string | null = place;
    if (twice) await checkPortion(env, run, from);
    ({ place } = await checkPortion(env, run, from));
  } while (place !== null);
}
const standing = async (by = owner) => {
  const { status, body } = await call<ChecksAnswer>('GET', '/api/v1/checks', { token: by.access });
  expect(status).toBe(200);
  return body;
};
const viewOf = async (id: string) => (await standing()).checks.find((check) => check.id === id);
const alarms = async () =>
  (await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 50)).filter(
    ({ rule }) => rule === 'checks.worse',
  );
const except = (check: string, body: object, by = owner) =>
  call<ChecksAnswer>('PUT', `/api/v1/checks/${check}/exception`, { token: by.access, body });
const soon = () => Date.now() + 30 * day;

describe('A1 a check', () => {
  it('A1 that throws, or does not end, was not run, and did not pass', async () => {
    const [check] = checks;
    if (check === undefined) throw new Error('there are no checks');
    const look = lookOf(env, Date.now());
    const thrown = await lookAt({ ...check, run: () => Promise.reject(new Error('gone')) }, look);
    expect(thrown.outcome).toBe('not-run');
    vi.useFakeTimers({ toFake: ['Date'] });
    const silent = { ...look, outside: () => Promise.reject(new Error('nobody answers')) };
    expect((await looked('transport', silent)).outcome).toBe('not-run');
    expect([passed('.'), failed('.'), notRun('.')].map(({ outcome }) => outcome)).toEqual([
      'passed',
      'failed',
      'not-run',
    ]);
  });

  it('A1 that nobody has looked at yet did not pass', async () => {
    const { checks: all, history, running } = await standing();
    expect(all.map(({ standing: stands }) => stands)).toEqual(Array<string>(count).fill('not-run'));
    expect([history, running]).toEqual([[], null]);
  });
});

describe('A3 a run', () => {
  it('A3 looks at each check once, in its order, however often a portion is done', async () => {
    const before = await size();
    await driven('checks-1', { twice: true });
    const { checks: all, history, running } = await standing(auditor);
    expect(running).toBeNull();
    expect(all.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
    expect(history).toMatchObject([{ id: 'checks-1', askedBy: null, done: count }]);
    const counted = Object.values(history[0]?.counts ?? {}).reduce((sum, each) => sum + each, 0);
    expect(counted).toBe(count);
    expect(all.every(({ at, words }) => at !== null && words !== '')).toBe(true);
    const entries = (await since(before)).filter(({ action }) => action === 'checks.look');
    const { passed: well, failed: bad, 'not-run': unseen } = history[0]?.counts ?? {};
    expect(entries).toMatchObject([
      {
        actor: null,
        outcome: 'done',
        facts: { run: 'checks-1', passed: well, failed: bad, notRun: unseen, worse: [] },
      },
    ]);
  });

  it('A3 is begun by the night, and by whoever may, one at a time', async () => {
    await checkNightly(env, Date.now());
    const run = `checks-${new Date().toISOString().slice(0, 10)}`;
    const asked = await call<{ run: string }>('POST', '/api/v1/checks/runs', {
      token: owner.access,
      body: {},
    });
    expect([asked.status, asked.body.run]).toEqual([202, run]);
    expect((await call('POST', '/api/v1/checks/runs', { token: auditor.access, body: {} })).status).toBe(403);
    await expect
      .poll(async () => (await standing()).history.map(({ id }) => id), { timeout: 60_000 })
      .toEqual([run]);
    const again = await checkNow(env, owner.id, Date.now());
    expect(again).not.toBe(run);
    expect((await standing()).running).toMatchObject({ id: again, askedBy: owner.id, overAt: null });
    await expect.poll(async () => (await standing()).history.length, { timeout: 60_000 }).toBe(2);
  }, 150_000);

  it('A3 that has stood still for a day is waited for no more', async () => {
    await store.begin('checks-1', null, Date.now() - 2 * day, 0);
    expect((await standing()).running).toBeNull();
    expect(await store.begin('checks-2', null, Date.now(), Date.now() - day)).toBe('checks-2');
  });

  it('A3 is nothing where nobody is yet', async () => {
    for (const table of ['team_members', 'people']) await sql(`DELETE FROM ${table}`);
    await checkNightly(env, Date.now());
    expect(await store.running(0)).toBeUndefined();
  });
});

describe('A4 what gets worse', () => {
  it('A4 raises an alarm that names it, once', async () => {
    const team = await newTeam();
    await newSite(team, ['https://shop.test']);
    await driven('checks-1');
    expect([(await viewOf('site-origins'))?.standing, await alarms()]).toEqual(['passed', []]);
    await sql(`UPDATE sites SET origins = '["https://*.test"]'`);
    await driven('checks-2', { twice: true });
    expect(await viewOf('site-origins')).toMatchObject({ standing: 'failed', before: 'passed' });
    expect(await alarms()).toMatchObject([{ about: null, facts: { checks: ['site-origins'] } }]);
    await driven('checks-3');
    expect(await alarms()).toHaveLength(1);
    // What can’t be looked at any more had passed as well.
    await sql(`UPDATE sites SET origins = '["https://shop.test"]'`);
    await driven('checks-4');
    await sql('DELETE FROM sites');
    await driven('checks-5');
    expect((await alarms())[0]?.facts['checks']).toContain('site-origins');
  });

  it('A4 keeps a year and a month of what was found', async () => {
    await store.begin('checks-0', null, Date.now() - 401 * day, 0);
    await store.finish('checks-0', Date.now() - 401 * day);
    await driven('checks-1');
    expect((await standing()).history.map(({ id }) => id)).toEqual(['checks-1']);
  });
});

describe('A5 what is accepted for a while', () => {
  it('A5 takes a reason, an end within a year, and a second factor of just now', async () => {
    await driven('checks-1');
    const reason = 'Nobody outside, until the audit';
    for (const body of [
      { until: soon() },
      { reason: '', until: soon() },
      { reason, until: Date.now() - 1 },
      { reason, until: Date.now() + 367 * day },
      { reason, until: 'tomorrow' },
    ])
      expect((await except('ledger-witness', body)).status).toBe(400);
    expect((await except('nothing', { reason, until: soon() })).status).toBe(404);
    expect((await except('ledger-witness', { reason, until: soon() }, auditor)).status).toBe(403);
    const session = { id: owner.session, amr: ['pwd', 'otp'], provedAt: Date.now() };
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 });
    const stale = { ...owner, access: await accessFor(owner.id, session) };
    expect((await except('ledger-witness', { reason, until: soon() }, stale)).body.code).toBe(
      'step_up_needed',
    );
    expect((await store.exceptions(Date.now())).length).toBe(0);
  });

  it('A5 is shown as accepted, never as passed, stands in the ledger, and comes back at its end', async () => {
    await driven('checks-1');
    const [before, until] = [await size(), soon()];
    const reason = 'Erika Mustermann keeps it until the audit';
    expect((await except('ledger-witness', { reason, until })).status).toBe(200);
    expect(await viewOf('ledger-witness')).toMatchObject({
      ...{ standing: 'accepted', outcome: 'failed', exception: { reason, by: owner.id, until } },
    });
    const [entry] = (await since(before)).filter(({ action }) => action === 'checks.run');
    expect(entry).toMatchObject({ actor: owner.id, facts: { check: 'ledger-witness', isOn: true, until } });
    expect(JSON.stringify(entry?.facts)).not.toContain('Erika');
    await driven('checks-2');
    const { history } = await standing();
    expect(history[0]?.counts.accepted).toBe(1);
    await sql('UPDATE check_exceptions SET until = ?', Date.now());
    expect((await viewOf('ledger-witness'))?.standing).toBe('failed');
    await driven('checks-3');
    expect((await alarms()).at(0)?.facts['checks']).toContain('ledger-witness');
  });

  it('A5 can be taken back', async () => {
    await driven('checks-1');
    await except('ledger-witness', { reason: 'For now', until: soon() });
    const drop = () => call('DELETE', '/api/v1/checks/ledger-witness/exception', { token: owner.access });
    expect((await drop()).status).toBe(200);
    expect((await viewOf('ledger-witness'))?.standing).toBe('failed');
    expect((await drop()).status).toBe(404);
  });
});

describe('A7 what is kept of it', () => {
  it('A7 holds nothing that is personal: ids and counts, and reasons sealed', async () => {
    const anna = await newMember('agent', [], 'Anna Zeichen');
    await driven('checks-1');
    await except('ledger-witness', { reason: 'Because of Anna Zeichen', until: soon() });
    for (const table of ['check_runs', 'check_results', 'check_exceptions']) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      const raw = JSON.stringify(results, (_, value: unknown) =>
        Array.isArray(value) && value.every((each) => typeof each === 'number')
          ? new TextDecoder('latin1').decode(Uint8Array.from(value))
          : value,
      );
      for (const word of ['Zeichen', 'Olivia', anna.address, owner.address]) expect(raw).not.toContain(word);
    }
  });
});

describe('A8 the report', () => {
  it('A8 is dated and signed, as a page and as JSON, and says what could not be looked at', async () => {
    const get = (format: string, by = auditor) =>
      call('GET', `/api/v1/checks/report?format=${format}`, { token: by.access });
    expect((await get('json')).status).toBe(404);
    await driven('checks-1');
    await except('ledger-witness', { reason: 'Until <the> audit', until: soon() });
    const keys = (await verifierKeys(env)).flatMap((key) => readVerifierKey(key) ?? []);
    const { history } = await standing();
    for (const format of ['json', 'html'] as const) {
      const { text, headers } = await get(format);
      expect(headers.get('content-disposition')).toMatch(
        new RegExp(`^attachment; filename="security-checks-\\d{4}-\\d\\d-\\d\\d.${format}"$`),
      );
      const note = await readReport(text, keys);
      expect(note).toMatchObject({ from: 'sotto.test', run: 'checks-1', format, accepted: '1' });
      expect(note?.['not-run']).toBe(String(history[0]?.counts['not-run']));
      // Changed anywhere, or with another key, it is nobody’s.
      for (const [from, to] of [
        ['"not-run"', '"passed"'],
        ['Failed', 'Passed'],
        ['accepted 1', 'accepted 0'],
      ] as const)
        if (text.includes(from)) expect(await readReport(text.replace(from, to), keys)).toBeUndefined();
      expect(await readReport(text, [])).toBeUndefined();
      // The same by another spelling is not what was signed: other readers may take something else from it.
      if (format === 'json')
        for (const other of [
          text.replace('{"report":', '{"report":{"format":"sotto-checks/1"},"report":'),
          text.replace('{"report":', '{ "report":'),
          text.replace('sotto-checks', '\\u0073otto-checks'),
          `${text}\n`,
        ])
          expect(await readReport(other, keys)).toBeUndefined();
    }
    const read = new Validator(schema as Schema, '2020-12').validate(JSON.parse((await get('json')).text));
    expect(read.errors).toEqual([]);
    const page = (await get('html')).text;
    expect(page).toContain('Until &lt;the&gt; audit');
    expect(page).not.toMatch(/<script|<the>/);
    expect(checks.filter(({ title }) => !page.includes(title)).map(({ id }) => id)).toEqual([]);
    expect((await get('xml')).status).toBe(400);
    expect((await get('json', await newMember('agent', []))).status).toBe(403);
    expect(await hashOf('')).toMatch(/^e3b0c442/);
  });
});

describe('A9 whoever deploys', () => {
  it('A9 is told how it stands and has it run anew, by a token that is set for that, and nobody else is', async () => {
    const token = 'Zq7-Checks-Token-Of-The-Tests-0123456789';
    const { app } = await import('../../../src/app.ts');
    const ask = (
      method: string,
      bearer: string | null,
      bent: object = { CHECKS_TOKEN: token },
      from = '192.0.2.9',
    ) =>
      app.request(
        'https://sotto.test/checks',
        {
          method,
          headers: {
            'cf-connecting-ip': from,
            ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
          },
        },
        { ...env, ...bent },
      );
    await driven('checks-1');
    for (const [bearer, bent] of [
      [null, undefined],
      ['', undefined],
      [`${token}x`, undefined],
      [token, {}],
      ['the-metrics-token-of-the-tests-and-of-nobody-else', undefined],
    ] as const)
      expect((await ask('GET', bearer, bent)).status).toBe(404);
    const answer = await ask('GET', token);
    const told = await answer.json<StandingAnswer>();
    expect(told).toMatchObject({ run: { id: 'checks-1', done: count }, running: null });
    expect(told.checks.map(({ id }) => id)).toEqual(checks.map(({ id }) => id));
    expect(JSON.stringify(told)).not.toContain('exception');
    const begun = await ask('POST', token);
    expect([begun.status, await begun.json()]).toMatchObject([
      202,
      { run: expect.stringMatching(/^checks-\d+$/) as string },
    ]);
    expect(await store.running(Date.now() - hour)).toMatchObject({ askedBy: 'token' });
    const tries = await Promise.all(
      Array.from({ length: 70 }, () => Promise.resolve(ask('GET', 'guess', undefined, '192.0.2.10'))),
    );
    expect(tries.map(({ status }) => status)).toContain(429);
    await expect.poll(async () => (await store.over(1))[0]?.id, { timeout: 60_000 }).not.toBe('checks-1');
  }, 90_000);
});
