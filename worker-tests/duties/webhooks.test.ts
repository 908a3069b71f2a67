import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchOf } from '../../src/duties/alarms.ts';
import { newId } from '../../src/protocol/ids.ts';
import { limits } from '../../src/protocol/limits.ts';
import type { WebhookAnswer, WebhooksAnswer } from '../../src/protocol/webhooks.ts';
import { accessFor, call, type Member, newMember } from '../cast.ts';

/** Nobody listens at this port. */
const nobody = 'http://127.0.0.1:9/hooks/PELLUCIDPATH';

let owner: Member;
const list = async () =>
  (await call<WebhooksAnswer>('GET', '/api/v1/webhooks', { token: owner.access })).body.webhooks;
const add = (address: unknown, by = owner) =>
  call<WebhookAnswer>('POST', '/api/v1/webhooks', { token: by.access, body: { address } });

beforeEach(async () => {
  owner = await newMember('owner', []);
  for (const { id } of await watchOf(env).webhooks()) await watchOf(env).removeWebhook(id);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('M5 a webhook', () => {
  it('M5 is an https address elsewhere, and there are at most five', async () => {
    for (const address of [
      'ftp://siem.example/',
      'http://siem.example/',
      'https://sotto.test/api',
      'https://user:word@siem.example/',
      'siem.example',
      7,
      `https://siem.example/${'a'.repeat(limits.webhookLength)}`,
    ])
      expect((await add(address)).status).toBe(400);
    expect(await list()).toEqual([]);
    for (let n = 0; n < limits.webhooks; n++)
      expect((await add(`https://siem.example/${n}`)).status).toBe(201);
    expect((await add('https://siem.example/more')).body['code' as never]).toBe('no_room');
  });

  it('M5 shows its secret once, and never the rest of its address', async () => {
    const { body } = await add('https://siem.example/PELLUCIDPATH');
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await list()).toEqual([
      {
        ...{ id: body.webhook.id, host: 'siem.example', lastAt: null, lastStatus: null, waiting: 0 },
        createdAt: expect.any(Number) as number,
      },
    ]);
    await runInDurableObject(watchOf(env), (_, { storage }) => {
      const rows = JSON.stringify(
        storage.sql.exec('SELECT * FROM webhooks').toArray(),
        (_key, value: unknown) =>
          value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : value,
      );
      expect(rows).toContain('siem.example');
      expect(rows).not.toMatch(/PELLUCIDPATH|whsec_/);
    });
  });

  it('M5 takes a second factor of just now to add and to remove', async () => {
    const { webhook } = (await add('https://siem.example/')).body;
    const session = { id: owner.session, amr: ['pwd', 'otp'], provedAt: Date.now() };
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 });
    owner.access = await accessFor(owner.id, session);
    expect((await add('https://siem.example/more')).body['code' as never]).toBe('step_up_needed');
    const path = `/api/v1/webhooks/${webhook.id}`;
    expect((await call('DELETE', path, { token: owner.access })).body['code']).toBe('step_up_needed');
    expect(await list()).toHaveLength(1);
    owner = await newMember('owner', []);
    expect((await call('DELETE', path, { token: owner.access })).status).toBe(200);
    expect((await call('DELETE', path, { token: owner.access })).status).toBe(404);
  });

  it('M5 is told again for a day where nobody answers, and then no more', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const added = await watchOf(env).addWebhook(nobody, limits.webhooks);
    await watchOf(env).raise({ rule: 'refusals.many', about: newId('person'), facts: { count: 20 } });
    const tried: number[] = [];
    const began = Date.now();
    await runDurableObjectAlarm(watchOf(env));
    const [first] = await watchOf(env).webhooks();
    expect(first).toMatchObject({ id: added?.webhook.id, lastStatus: 0, waiting: 1 });
    for (let minute = 1; minute <= 26 * 60; minute++) {
      const due = await runInDurableObject(
        watchOf(env),
        (_, { storage }) =>
          storage.sql.exec<{ due: number | null }>('SELECT MIN(due) AS due FROM deliveries').one().due,
      );
      if (due === null) break;
      vi.setSystemTime(due);
      await watchOf(env).poke();
      await runDurableObjectAlarm(watchOf(env));
      tried.push(Math.round((due - began) / 60_000));
    }
    expect(tried).toEqual([1, 6, 36, 156, 516, 1_476]);
    expect((await watchOf(env).webhooks())[0]).toMatchObject({ waiting: 0, lastStatus: 0 });
  });

  it('M5 that does not answer is tried with one alarm at a time, and one that can’t be opened keeps no other waiting', async () => {
    const broken = await watchOf(env).addWebhook('https://siem.example/', limits.webhooks);
    const silent = await watchOf(env).addWebhook(nobody, limits.webhooks);
    await runInDurableObject(watchOf(env), (_, { storage }) => {
      storage.sql.exec(`UPDATE webhooks SET secret = X'00' WHERE id = ?`, broken?.webhook.id ?? '');
    });
    for (let n = 0; n < 3; n++)
      await watchOf(env).raise({ rule: 'refusals.many', about: newId('person'), facts: { count: 20 } });
    await runDurableObjectAlarm(watchOf(env));
    const tries = await runInDurableObject(watchOf(env), (_, { storage }) =>
      storage.sql
        .exec<{ webhook: string; tries: number }>(
          'SELECT webhook, SUM(tries) AS tries FROM deliveries GROUP BY webhook',
        )
        .toArray(),
    );
    expect(new Map(tries.map(({ webhook, tries: n }) => [webhook, n]))).toEqual(
      new Map([
        [broken?.webhook.id, 1],
        [silent?.webhook.id, 1],
      ]),
    );
  });

  it('M5 that was removed is told nothing more', async () => {
    const added = await watchOf(env).addWebhook(nobody, limits.webhooks);
    await watchOf(env).raise({ rule: 'refusals.many', about: newId('person'), facts: { count: 20 } });
    await runDurableObjectAlarm(watchOf(env));
    await watchOf(env).removeWebhook(added?.webhook.id ?? newId('webhook'));
    await runInDurableObject(watchOf(env), (_, { storage }) => {
      expect(storage.sql.exec('SELECT * FROM deliveries').toArray()).toEqual([]);
    });
    expect(await watchOf(env).testWebhook(newId('webhook'))).toBe(undefined);
  });
});
