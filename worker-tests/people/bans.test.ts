import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Ban, BanAnswer, BanKind, BansAnswer } from '../../src/protocol/bans.ts';
import type { ConversationId } from '../../src/protocol/ids.ts';
import type { VisitorsAnswer } from '../../src/protocol/visitors.ts';
import { toldAtOnce } from '../../src/chat/bans.ts';
import { networkPrefix } from '../../src/people/bans.ts';
import {
  begin,
  call,
  type Ear,
  join,
  type Member,
  newMember,
  newTeam,
  newVisitor,
  open,
  type VisitorActor,
} from '../cast.ts';
import { act, scene, type Scene } from '../chat/scene.ts';

let here: Scene;
let owner: Member;
beforeEach(async () => {
  here = await scene();
  owner = await newMember('owner', [], 'Olivia');
});

const hour = 3_600_000;
const ask = <T = Record<string, unknown>>(
  who: { access: string },
  method: string,
  path: string,
  body?: unknown,
) => call<T>(method, `/api/v1${path}`, { token: who.access, body });
const ban = (who: Member, id: ConversationId, kind: BanKind, reason = 'Threats') =>
  ask<BanAnswer>(who, 'POST', `/conversations/${id}/bans`, { kind, reason, lasts: hour });
const bans = async (who: Member): Promise<Ban[]> => (await ask<BansAnswer>(who, 'GET', '/bans')).body.bans;
const at = (address: string) => ({ 'cf-connecting-ip': address });
/** A visitor's socket from this network. */
async function sits(
  { access }: VisitorActor,
  id: ConversationId,
  headers: Record<string, string>,
): Promise<Ear> {
  const path = `/api/v1/conversations/${id}/tickets`;
  const { body } = await call<{ ticket: string }>('POST', path, { token: access, body: {}, headers });
  const ear = await open(id, body.ticket, { headers });
  await ear.next('welcome');
  return ear;
}
const later = async <T>(by: number, work: () => Promise<T>): Promise<T> => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
};

describe('V12 a visitor who is banned', () => {
  it('is out at once and at every door, until it ends or somebody lets them in again', async () => {
    const visitor = await newVisitor(here.site);
    const id = await begin(visitor);
    const room = await join(id, visitor.access);
    await room.next('welcome');
    const made = await ban(here.sue, id, 'visitor');
    expect(made.status).toBe(201);
    expect((await room.closed).code).toBe(4403);
    const doors = [
      () => ask(visitor, 'POST', `/conversations/${id}/tickets`, {}),
      () => ask(visitor, 'POST', '/conversations', { id: crypto.randomUUID(), text: 'Hello' }),
      () => ask(visitor, 'GET', '/conversations'),
      () =>
        call('POST', `/api/v1/sites/${here.site}/visitor`, { body: {}, headers: { cookie: visitor.cookie } }),
    ];
    for (const door of doors) expect((await door()).body.code).toBe('banned');
    expect((await begin(await newVisitor(here.site))).startsWith('con_')).toBe(true);
    expect((await ask(here.sue, 'DELETE', `/bans/${made.body.ban.id}`)).status).toBe(200);
    for (const door of doors) expect((await door()).status).toBeLessThan(300);
    await ban(here.sue, id, 'visitor');
    const back = await later(hour + 1, () => Promise.resolve(doors.at(-1)?.()));
    expect(back?.status).toBe(200);
  });

  it('does not come in with a ticket from before', async () => {
    const visitor = await newVisitor(here.site);
    const id = await begin(visitor);
    const { ticket } = (await ask<{ ticket: string }>(visitor, 'POST', `/conversations/${id}/tickets`, {}))
      .body;
    await ban(here.sue, id, 'visitor');
    expect((await (await open(id, ticket)).closed).code).toBe(4403);
  });
});

describe('V13 a network that is banned', () => {
  it('is the one that the customer writes from now, and nobody there comes in or stays', async () => {
    const network = at('203.0.113.9');
    const visitor = await newVisitor(here.site, network);
    const id = await begin(visitor, 'Hello', crypto.randomUUID(), network);
    expect((await ban(owner, id, 'network')).body.code).toBe('network_unknown');
    const room = await sits(visitor, id, network);
    const neighbour = await newVisitor(here.site, at('203.0.113.77'));
    const other = await begin(neighbour, 'Hi', crypto.randomUUID(), at('203.0.113.77'));
    const next = await sits(neighbour, other, at('203.0.113.77'));
    const made = await ban(owner, id, 'network');
    expect(made.status).toBe(201);
    expect(made.body.ban.target).toBeNull();
    expect((await room.closed).code).toBe(4403);
    expect((await next.closed).code).toBe(4403);
    const from = (address: string) =>
      call('POST', `/api/v1/sites/${here.site}/visitor`, { body: {}, headers: at(address) });
    expect((await from('203.0.113.200')).body.code).toBe('banned');
    expect((await from('203.0.114.200')).status).toBe(200);
    expect((await ask(owner, 'DELETE', `/bans/${made.body.ban.id}`)).status).toBe(200);
  });

  it('closes what its visitors have open at a conversation that was closed, too', async () => {
    const network = at('203.0.115.9');
    const visitor = await newVisitor(here.site, network);
    const id = await begin(visitor, 'Hello', crypto.randomUUID(), network);
    await act('claim', id, here.anna.access);
    const room = await sits(visitor, id, network);
    expect((await act('close', id, here.anna.access)).status).toBe(200);
    const elsewhere = await newVisitor(here.site, at('203.0.116.9'));
    const other = await begin(elsewhere, 'Hi', crypto.randomUUID(), at('203.0.116.9'));
    const stays = await sits(elsewhere, other, at('203.0.116.9'));

    expect((await ban(owner, id, 'network')).status).toBe(201);
    expect((await room.closed).code).toBe(4403);
    stays.post('I am not meant', 1);
    await stays.until(() => (stays.texts.includes('I am not meant') ? true : undefined));
    stays.close();
  });

  it('is told to all of more conversations than are told at once', async () => {
    const rooms = await Promise.all(
      Array.from({ length: 2 * toldAtOnce + 3 }, async (_, n) => {
        const from = at(`203.0.117.${n % 256}`);
        const visitor = await newVisitor(here.site, from);
        return sits(visitor, await begin(visitor, 'Hello', crypto.randomUUID(), from), from);
      }),
    );
    const body = { kind: 'network', target: '203.0.117.0/24', reason: 'Spam', lasts: hour };
    expect((await ask(owner, 'POST', '/bans', body)).status).toBe(201);
    const codes = await Promise.all(rooms.map(async (room) => (await room.closed).code));
    expect(codes.filter((code) => code !== 4403)).toEqual([]);
  }, 60_000);

  it('can be named by whoever may ban everywhere: a whole /24 or /48, and nothing else', async () => {
    const name = (who: Member, target: string) =>
      ask<BanAnswer>(who, 'POST', '/bans', { kind: 'network', target, reason: 'Spam', lasts: hour });
    expect((await name(here.sue, '198.51.100.7')).body.code).toBe('not_allowed');
    for (const target of ['198.51.100.0/16', '198.51.100.0/32', 'somewhere', '2001:db8::/64', ''])
      expect([target, (await name(owner, target)).body.code]).toEqual([target, 'invalid']);
    const made = await name(owner, '2001:db8:1:2::3');
    expect(made.body.ban.target).toBe('2001:db8:1::/48');
    const reply = await call('POST', `/api/v1/sites/${here.site}/visitor`, {
      ...{ body: {}, headers: at('2001:db8:1:ffff::1') },
    });
    expect(reply.body.code).toBe('banned');
    await ask(owner, 'DELETE', `/bans/${made.body.ban.id}`);
  });

  it('has one spelling', () => {
    expect(networkPrefix('192.0.2.200')).toBe('192.0.2.0/24');
    expect(networkPrefix('2001:DB8:0:1::1')).toBe('2001:db8::/48');
    for (const none of ['', '::ffff:192.0.2.1', '192.0.2', '192.0.2.1/8', 'fe80::1%eth0'])
      expect([none, networkPrefix(none)]).toEqual([none, undefined]);
  });
});

describe('V14 an address that is banned', () => {
  it('is one that somebody has proved, never one that was typed', async () => {
    const visitor = await newVisitor(here.site);
    const id = await begin(visitor);
    await act('customer', id, owner.access, { address: 'mia@example.com' });
    expect((await ban(owner, id, 'address')).body.code).toBe('address_unproved');
    const body = { kind: 'address', target: 'mia@example.com', reason: 'Threats', lasts: hour };
    expect((await ask(owner, 'POST', '/bans', body)).status).toBe(201);
    expect((await ask(visitor, 'GET', '/conversations')).status).toBe(200);
  });
});

describe('V15 bans and visitors', () => {
  it('are seen and lifted by those who may where they come from, and carry why, by whom and until when', async () => {
    const id = await begin(await newVisitor(here.site));
    const { ban: made } = (await ban(here.sue, id, 'visitor', 'Threats, twice')).body;
    expect(made).toMatchObject({
      kind: 'visitor',
      reason: 'Threats, twice',
      team: here.team,
      by: here.sue.id,
    });
    expect(made.until - made.at).toBe(hour);
    expect((await bans(here.sue)).map((each) => each.id)).toContain(made.id);
    const elsewhere = await newMember('supervisor', [await newTeam()]);
    expect((await bans(elsewhere)).map((each) => each.id)).not.toContain(made.id);
    expect((await ask(elsewhere, 'DELETE', `/bans/${made.id}`)).body.code).toBe('not_found');
    expect((await ask(here.anna, 'DELETE', `/bans/${made.id}`)).body.code).toBe('not_allowed');
    expect((await ask(here.anna, 'GET', '/bans')).body.code).toBe('not_allowed');
    expect((await ban(elsewhere, id, 'visitor')).body.code).toBe('not_found');
    expect((await ban(here.anna, id, 'visitor')).body.code).toBe('not_allowed');
  });

  it('lie sealed: neither why nor where stands in the database', async () => {
    const id = await begin(await newVisitor(here.site));
    await ban(here.sue, id, 'visitor', 'a reason of its own');
    const rows = JSON.stringify((await env.DB.prepare('SELECT * FROM bans').all()).results);
    expect(rows).not.toContain(JSON.stringify([...new TextEncoder().encode('a reason')]).slice(1, -1));
  });

  it('K6 have a copy of their key in the key store for as long as they stand', async () => {
    const copies = async () => (await env.KEYS.list({ prefix: 'ban/' })).objects.map(({ key }) => key);
    const before = await copies();
    const kept = async () => (await copies()).filter((name) => !before.includes(name));
    const id = await begin(await newVisitor(here.site));
    const first = (await ban(here.sue, id, 'visitor', 'first')).body.ban;
    const key = await env.DB.prepare('SELECT key FROM bans WHERE id = ?')
      .bind(first.id)
      .first<number[]>('key');
    const copy = await (await env.KEYS.get(`ban/${first.id}`))?.arrayBuffer();
    expect([...new Uint8Array(copy ?? new ArrayBuffer())]).toEqual(key);
    const second = (await ban(here.sue, id, 'visitor', 'second')).body.ban;
    expect(await kept()).toEqual([`ban/${second.id}`]);
    await ask(here.sue, 'DELETE', `/bans/${second.id}`);
    expect(await kept()).toEqual([]);
  });

  it('of the same, the newer takes the place of the older', async () => {
    const id = await begin(await newVisitor(here.site));
    await ban(here.sue, id, 'visitor', 'first');
    await ban(here.sue, id, 'visitor', 'second');
    const reasons = (await bans(here.sue)).map(({ reason }) => reason);
    expect(reasons).toContain('second');
    expect(reasons).not.toContain('first');
  });

  it('who have written are listed, the last seen first, for the teams that they wrote to', async () => {
    const visitor = await newVisitor(here.site);
    await begin(visitor);
    const id = await begin(visitor, 'Again');
    await ban(here.sue, id, 'visitor');
    const seen = async (who: Member, query = '') =>
      (await ask<VisitorsAnswer>(who, 'GET', `/visitors${query}`)).body.visitors;
    const [first] = await seen(here.sue);
    expect(first).toMatchObject({
      id: visitor.id,
      site: here.site,
      newest: id,
      conversations: 2,
      banned: true,
    });
    const elsewhere = await newMember('supervisor', [await newTeam()]);
    expect(await seen(elsewhere)).toEqual([]);
    expect((await seen(owner)).some((each) => each.id === visitor.id)).toBe(true);
    const before = await seen(here.sue, `?before=${first?.lastAt ?? 0}`);
    expect(before.some((each) => each.id === visitor.id)).toBe(false);
    expect((await ask(owner, 'GET', '/visitors?before=x')).body.code).toBe('invalid');
  });

  it('who were seen at the same time as the last of a page stand on the next one', async () => {
    const visitors = await Promise.all([1, 2, 3].map(() => newVisitor(here.site)));
    for (const visitor of visitors) await begin(visitor);
    const same = `UPDATE conversations SET changed_at = 1000 WHERE visitor IN (SELECT value FROM json_each(?))`;
    const ids = visitors.map(({ id }) => id).toSorted();
    await env.DB.prepare(same).bind(JSON.stringify(ids)).run();
    const after = async (id: string) => {
      const { body } = await ask<VisitorsAnswer>(here.sue, 'GET', `/visitors?before=1000&id=${id}`);
      return body.visitors.map((visitor) => visitor.id);
    };
    expect(await after(ids[2] ?? '')).toEqual([ids[1], ids[0]]);
    expect(await after(ids[1] ?? '')).toEqual([ids[0]]);
    expect(await after(ids[0] ?? '')).toEqual([]);
  });
});
