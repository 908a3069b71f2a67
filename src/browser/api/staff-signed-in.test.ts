import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Exclusively, Grant } from './signed-in.ts';
import { StaffSignedIn } from './staff-signed-in.ts';

const alone: Exclusively = (_name, task) => task();
const grant = (access: string, life = 300_000): Grant => ({
  access,
  expires: Date.now() + life,
  now: Date.now(),
});
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const problem = (status: number, code: string) =>
  answer(status, { type: 'about:blank', status, code, detail: code });

let asked: { path: string; token: string | null }[];
let sent: string[];
let answers: (() => Response)[];

beforeEach(() => {
  asked = [];
  sent = [];
  answers = [];
  vi.stubGlobal(
    'fetch',
    (path: string, { method, headers, body }: { method: string; headers: Headers; body: string | null }) => {
      asked.push({ path, token: headers.get('Authorization') });
      sent.push(`${method} ${String(body)}`);
      const next = answers.shift();
      return next === undefined ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve(next());
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

const staff = () => new StaffSignedIn<Grant>('/refresh', 'lock', alone);

describe('the access token', () => {
  test('is fetched before the first request and used while it has a minute left', async () => {
    const api = staff();
    answers = [() => answer(200, grant('a')), () => answer(200, { ok: 1 }), () => answer(200, { ok: 2 })];
    await expect(api.get('/one')).resolves.toEqual({ ok: 1 });
    await expect(api.post('/two', {})).resolves.toEqual({ ok: 2 });
    expect(asked).toEqual([
      { path: '/refresh', token: null },
      { path: '/one', token: 'Bearer a' },
      { path: '/two', token: 'Bearer a' },
    ]);
  });

  test('is renewed when it is about to run out, on the clock of the server', async () => {
    const api = staff();
    const skewed = { access: 'a', expires: Date.now() - 3_600_000 + 50_000, now: Date.now() - 3_600_000 };
    api.take(skewed);
    expect(Math.abs(api.serverNow() - (Date.now() - 3_600_000))).toBeLessThan(1_000);
    answers = [() => answer(200, grant('b')), () => answer(200, {})];
    await api.get('/one');
    expect(asked.map(({ token }) => token)).toEqual([null, 'Bearer b']);
  });

  test('is renewed once when the server ended it early', async () => {
    const api = staff();
    api.take(grant('a'));
    answers = [() => problem(401, 'signed_out'), () => answer(200, grant('b')), () => answer(200, {})];
    await api.get('/one');
    expect(asked.map(({ token }) => token)).toEqual(['Bearer a', null, 'Bearer b']);
  });

  test('two refusals in a row mean that nobody is signed in', async () => {
    const api = staff();
    api.take(grant('a'));
    answers = [
      () => problem(401, 'signed_out'),
      () => answer(200, grant('b')),
      () => problem(401, 'signed_out'),
    ];
    await expect(api.get('/one')).rejects.toMatchObject({ code: 'signed_out' });
    expect(api.grant.value).toBeNull();
  });

  test('is fetched once for requests at the same time', async () => {
    const api = staff();
    answers = [() => answer(200, grant('a')), () => answer(200, {}), () => answer(200, {})];
    await Promise.all([api.get('/one'), api.get('/two')]);
    expect(asked.map(({ path }) => path)).toEqual(['/refresh', '/one', '/two']);
  });

  test('that another tab shared in the meantime is taken', async () => {
    const api: StaffSignedIn<Grant> = new StaffSignedIn<Grant>('/refresh', 'lock', (_name, task) => {
      api.take(grant('from another tab'));
      return task();
    });
    answers = [() => answer(200, {})];
    await api.get('/one');
    expect(asked).toEqual([{ path: '/one', token: 'Bearer from another tab' }]);
  });
});

describe('refreshing', () => {
  test('says whether there is a session', async () => {
    const api = staff();
    answers = [() => answer(200, grant('a')), () => problem(401, 'signed_out')];
    await expect(api.refresh()).resolves.toBe(true);
    await expect(api.refresh()).resolves.toBe(false);
    expect(api.grant.value).toBeNull();
  });

  test('S19 from where nobody may work there is none', async () => {
    const api = staff();
    api.take(grant('a'));
    answers = [() => problem(403, 'place_refused'), () => problem(403, 'place_refused')];
    await expect(api.get('/one')).rejects.toMatchObject({ code: 'place_refused' });
    expect(asked.map(({ path }) => path)).toEqual(['/one', '/refresh']);
    expect(api.grant.value).toBeNull();
  });

  test('a server that can not be reached ends nothing', async () => {
    const api = staff();
    api.take(grant('a'));
    await expect(api.refresh()).rejects.toMatchObject({ code: 'offline' });
    expect(api.grant.value?.access).toBe('a');
  });
});

describe('problems', () => {
  test('have the code, status and words of the server', async () => {
    const api = staff();
    api.take(grant('a'));
    answers = [() => problem(409, 'already_claimed')];
    await expect(api.post('/claim', {})).rejects.toMatchObject({
      code: 'already_claimed',
      status: 409,
      detail: 'already_claimed',
    });
  });

  test('an answer that is not ours is unavailable, or too fast', async () => {
    const api = staff();
    api.take(grant('a'));
    answers = [
      () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
      () => new Response('', { status: 429 }),
    ];
    await expect(api.get('/one')).rejects.toMatchObject({ code: 'unavailable', status: 502 });
    await expect(api.get('/one')).rejects.toMatchObject({ code: 'too_fast', status: 429 });
  });

  test('no content is no problem', async () => {
    const api = staff();
    api.take(grant('a'));
    answers = [() => new Response(null, { status: 204 })];
    await expect(api.delete('/session')).resolves.toBeNull();
  });
});

test('what is changed goes as it is, by the method that says how', async () => {
  const api = staff();
  api.take(grant('a'));
  answers = Array.from({ length: 4 }, () => () => answer(200, {}));
  await api.post('/one', { a: 1 });
  await api.put('/one', { a: 2 });
  await api.patch('/one', { a: 3 });
  await api.delete('/one');
  expect(sent).toEqual(['POST {"a":1}', 'PUT {"a":2}', 'PATCH {"a":3}', 'DELETE null']);
});

describe('S12 what needs a proof of just now', () => {
  const refusal = () => problem(403, 'step_up_needed');

  test('is asked again once it was given', async () => {
    const api = staff();
    api.take(grant('a'));
    let proofs = 0;
    api.stepUp = () => {
      proofs++;
      return Promise.resolve(true);
    };
    answers = [refusal, () => answer(200, { ok: 1 })];
    await expect(api.post('/delicate', { a: 1 })).resolves.toEqual({ ok: 1 });
    expect(proofs).toBe(1);
    expect(sent).toEqual(['POST {"a":1}', 'POST {"a":1}']);
  });

  test('is refused where it is not given, or nobody can be asked', async () => {
    const api = staff();
    api.take(grant('a'));
    answers = [refusal, refusal];
    await expect(api.post('/delicate', {})).rejects.toMatchObject({ code: 'step_up_needed' });
    api.stepUp = () => Promise.resolve(false);
    await expect(api.post('/delicate', {})).rejects.toMatchObject({ code: 'step_up_needed' });
    expect(asked.length).toBe(2);
  });
});
