/** What is held back in an incident, at open sockets and at every door, and what is let go of again. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import doc from '../../docs/DOORS.md?raw';
import { app } from '../../src/app.ts';
import { beginCopy, copyOf } from '../../src/duties/copies.ts';
import { seeToRuns } from '../../src/duties/runs.ts';
import { expelVisitorsOf } from '../../src/chat/bans.ts';
import { ledgerOf } from '../../src/ledger.ts';
import { vaultOf } from '../../src/config.ts';
import { hashPassword } from '../../src/people/identity/password.ts';
import { heldNow } from '../../src/people/containment.ts';
import { ContainmentStore } from '../../src/people/containment/store.ts';
import { StaffDirectory } from '../../src/people/staff.ts';
import { shutBy } from '../../src/people/containment/rules.ts';
import type {
  Containment,
  ContainmentAnswer,
  ContainmentKind,
  ContainmentsAnswer,
  HeldAnswer,
} from '../../src/protocol/containment.ts';
import type { BansAnswer } from '../../src/protocol/bans.ts';
import { newId, type PersonId } from '../../src/protocol/ids.ts';
import { limits } from '../../src/protocol/limits.ts';
import {
  accessFor,
  begin,
  call,
  type Ear,
  join,
  type Member,
  newMember,
  newSite,
  newVisitor,
  open,
  signedIn,
} from '../cast.ts';
import { act, hears, rows, scene, type Scene, talking } from '../chat/scene.ts';
import { own, rename, since, size } from '../ledger/scene.ts';

let here: Scene;
let owner: Member;
let other: Member;
beforeEach(async () => {
  here = await scene();
  owner = await newMember('owner', [], 'Olivia');
  other = await newMember('owner', [], 'Otto');
});
afterEach(async () => {
  vi.useRealTimers();
  await env.DB.prepare('DELETE FROM containment').run();
  await heldNow(env, 'now');
});

const at = (address: string) => ({ 'cf-connecting-ip': address });
const ask = <T = Record<string, unknown>>(
  who: { access: string },
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) => call<T>(method, `/api/v1${path}`, { token: who.access, body, headers });
const contain = (kind: ContainmentKind, more: object = {}, who = owner) =>
  ask<ContainmentAnswer>(who, 'POST', '/containment', { kind, reason: 'account', ...more });
const held = async (kind: ContainmentKind, more: object = {}): Promise<Containment> => {
  const made = await contain(kind, more);
  if (made.status !== 201) throw new Error(`${made.status} ${String(made.body.code)}`);
  return made.body.containment;
};
const undo = ({ id }: Pick<Containment, 'id'>, who = owner) => ask(who, 'DELETE', `/containment/${id}`);
const list = async () =>
  (await ask<ContainmentsAnswer>(owner, 'GET', '/containment')).body.containments.map(({ kind }) => kind);

/** With which code it is closed, if that is within a second. */
const closedWithinASecond = (ear: Ear) =>
  Promise.race([ear.closed.then(({ code }) => code), scheduler.wait(1_000).then(() => 'open' as const)]);

/** As another isolate writes it: nobody here is told. */
async function writtenElsewhere(kind: ContainmentKind, target = ''): Promise<void> {
  const id = newId('containment');
  const row = { id, kind, target, reason: 'other', by: owner.id, at: Date.now(), until: null } as const;
  await new ContainmentStore(env.DB).put(row);
}

describe('N20 read-only', () => {
  it('N20 takes nothing that is written at open sockets, and what was written there arrives once it ends', async () => {
    const { id, customer, desk } = await talking(here);
    const mode = await held('readOnly');
    const lost = customer.post('meanwhile', 1);
    const refusal = await customer.next('refused');
    expect(refusal).toMatchObject({ code: 'unavailable' });
    expect(refusal).not.toHaveProperty('id');
    desk.post('an answer', 1);
    expect((await desk.next('refused')).code).toBe('unavailable');
    customer.say({ type: 'read', seq: 1 });
    customer.say({ type: 'page', before: 2, limit: 1 });
    expect((await customer.next('messages')).messages).toHaveLength(1);
    expect(await rows(id, 'SELECT COUNT(*) AS n FROM messages')).toEqual([{ n: 1 }]);
    expect((await undo(mode)).status).toBe(200);
    customer.post('meanwhile', 1, lost);
    expect((await hears(desk, 'meanwhile')).id).toBe(lost);
  });

  it('N20 holds within a second where nobody could be told', async () => {
    const { customer, desk } = await talking(here);
    customer.post('before', 1);
    await hears(desk, 'before');
    await writtenElsewhere('readOnly');
    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: now + 1_000 });
    customer.post('after', 2);
    expect((await customer.next('refused')).code).toBe('unavailable');
    expect((await act('claim', newId('conversation'), here.anna.access)).body.code).toBe('read_only');
  });

  it('N20 refuses each door that could change anything but those that contain an incident or let somebody in', async () => {
    await held('readOnly');
    const routes = app.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'));
    const doors = [...new Set(routes.map(({ method, path }) => `${method} ${path.slice('/api/v1'.length)}`))];
    const visitor = await newVisitor(here.site);
    const isShut = async (door: string) => {
      const [method = '', pattern = ''] = door.split(' ');
      const path = pattern
        .replace('/people/:id', `/people/${here.anna.id}`)
        .replace('/teams/:id', `/teams/${here.team}`)
        .replace(':site', here.site)
        .replace(':file', newId('file'))
        .replaceAll(/:\w+/g, newId('conversation'));
      const asked = pattern.includes('/visitor') || door === 'POST /conversations' ? visitor : owner;
      // An owner's own sign-in ends by some of them, and the mode by one; one begins what goes on by itself.
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      return (await ask(asked, method, path, body)).body.code === 'read_only';
    };
    const mode = await heldNow(env);
    const ends = ['DELETE /session', 'DELETE /sessions', 'DELETE /me/sessions', 'DELETE /teams/:id/sessions'];
    const left = [...ends, 'POST /checks/runs'];
    for (const door of doors.filter((each) => !left.includes(each)))
      expect([door, await isShut(door)]).toEqual([door, shutBy(mode, door, undefined) === 'read_only']);
    const open = doors.filter(
      (door) => !door.startsWith('GET ') && shutBy(mode, door, undefined) === undefined,
    );
    const written = doc
      .split('\n')
      .flatMap((line) => /^- `((?:POST|PUT|PATCH|DELETE) [^`]+)`/.exec(line)?.[1] ?? []);
    expect(open.toSorted()).toEqual(written);
  });

  it('N20 a conversation that is begun meanwhile waits, and begins once it ends', async () => {
    const visitor = await newVisitor(here.site);
    const mode = await held('readOnly', { lasts: 60_000 });
    const first = { id: crypto.randomUUID(), text: 'Hello?' };
    const waits = await ask(visitor, 'POST', '/conversations', first);
    expect([waits.status, waits.body.code]).toEqual([503, 'read_only']);
    // By itself, too.
    vi.useFakeTimers({ toFake: ['Date'], now: (mode.until ?? 0) + 1 });
    expect((await ask(visitor, 'POST', '/conversations', first)).status).toBe(201);
    expect(await list()).toEqual([]);
  });
});

describe('N21 exports and files', () => {
  it('N21 nothing is taken along, and who tries stands in the ledger', async () => {
    const { id, visitor } = await talking(here);
    const mode = await held('exports');
    const before = await size();
    const tries = [
      ask(owner, 'POST', '/ledger/export', { format: 'csv' }),
      ask(owner, 'POST', `/visitors/${visitor.id}/copies`, { reason: 'They asked.' }),
      ask(owner, 'POST', `/copies/${newId('copy')}/open`, {}),
      ask(owner, 'POST', `/conversations/${id}/transcripts`, { openpgp: 'none' }),
      ask(visitor, 'POST', `/visitors/${visitor.id}/copies`, {}),
    ];
    expect((await Promise.all(tries)).map(({ body }) => body.code)).toEqual(Array(5).fill('exports_frozen'));
    await runInDurableObject(ledgerOf(env), async (object, { storage }) => {
      storage.sql.exec('UPDATE folded SET begun_at = 0');
      await object.alarm();
    });
    const tried = (await since(before)).filter(({ actor }) => actor === owner.id);
    expect(tried.map(({ outcome, facts }) => [outcome, facts?.['code']])).toEqual(
      Array(4).fill(['refused', 'exports_frozen']),
    );
    // Whoever may end it is shown what was seen, and takes that along.
    const radius = { person: here.anna.id, from: 0, to: Date.now() };
    expect((await ask(owner, 'POST', '/radius', radius)).status).toBe(200);
    expect((await ask(owner, 'POST', '/radius/export', { ...radius, format: 'csv' })).status).toBe(200);
    await undo(mode);
    expect((await ask(owner, 'POST', '/ledger/export', { format: 'csv' })).status).toBe(200);
  });

  it('N21 a download that is under way is cut off', async () => {
    const download = await app.request(
      'https://sotto.test/api/v1/ledger/export',
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${owner.access}`,
          'content-type': 'application/json',
          ...at('192.0.2.1'),
        },
        body: JSON.stringify({ format: 'ndjson' }),
      },
      env,
      {
        waitUntil: () => undefined,
        passThroughOnException: () => undefined,
        props: {},
      },
    );
    const reader = download.body?.getReader();
    await reader?.read();
    await held('exports');
    await expect(
      (async () => {
        while (!((await reader?.read())?.done ?? true));
      })(),
    ).rejects.toThrow();
  });

  it('N21 a copy that is being made waits where it is, and goes on once that ends', async () => {
    const visitor = await newVisitor(here.site);
    await begin(visitor);
    const mode = await held('exports');
    const wish = { visitor: visitor.id, site: here.site, asker: visitor.id, backstage: false };
    const { id } = await beginCopy(env, wish, Date.now());
    const made = async () => (await copyOf(env, id, Date.now()))?.state;
    await scheduler.wait(1_500);
    expect(await made()).toBe('making');
    await undo(mode);
    await env.DB.prepare('UPDATE runs SET moved_at = 0 WHERE id = ?').bind(id).run();
    await seeToRuns(env, Date.now());
    await expect.poll(made).toBe('ready');
  });

  it('N21 no file is sent or opened, and words go on', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    const upload = { id: crypto.randomUUID(), name: 'a.txt', bytes: 5, sensitive: false };
    const mode = await held('files');
    const files = `/conversations/${id}/files`;
    expect((await ask(visitor, 'POST', files, upload)).body.code).toBe('files_frozen');
    expect((await ask(here.anna, 'POST', `${files}/${newId('file')}/open`, { as: 'show' })).body.code).toBe(
      'files_frozen',
    );
    customer.post('words', 1);
    await hears(desk, 'words');
    await undo(mode);
    expect((await ask(visitor, 'POST', files, upload)).status).toBe(201);
  });
});

describe('N22 a site that is shut', () => {
  it('N22 has its visitors out within a second, lets none in, and staff go on', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    const elsewhere = await talking({ ...here, site: await newSite(here.team) });
    const { ticket } = (await ask<{ ticket: string }>(visitor, 'POST', `/conversations/${id}/tickets`, {}))
      .body;
    const shut = await held('site', { target: here.site });
    expect(await closedWithinASecond(customer)).toBe(4503);
    expect((await (await open(id, ticket)).closed).code).toBe(4503);
    const doors = [
      () => ask(visitor, 'POST', `/conversations/${id}/tickets`, {}),
      () => ask(visitor, 'GET', '/conversations'),
      () => ask(visitor, 'GET', `/conversations/${id}/messages`),
      () => ask(visitor, 'POST', '/conversations', { id: crypto.randomUUID(), text: 'Hello' }),
      () => call('POST', `/api/v1/sites/${here.site}/visitor`, { body: {} }),
    ];
    for (const door of doors) expect((await door()).body.code).toBe('site_locked');
    const widget = await call<{ state: string }>('GET', `/api/v1/sites/${here.site}/widget`);
    expect(widget.body.state).toBe('unavailable');
    desk.post('for later', 1);
    await hears(desk, 'for later');
    elsewhere.customer.post('still here', 1);
    await hears(elsewhere.desk, 'still here');
    await undo(shut);
    const back = await join(id, visitor.access);
    await hears(back, 'for later');
  });

  it('N22 holds where not all can be told: they go with the next frame in their conversation', async () => {
    const { customer, desk } = await talking(here);
    await writtenElsewhere('site', here.site);
    const full = new Proxy(env.DB, {
      get: () => () => {
        throw new Error('Too many subrequests by single Worker invocation.');
      },
    });
    const faults = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await expelVisitorsOf({ ...env, DB: full }, here.site);
    expect(String(faults.mock.calls[0]?.[0])).toContain('site.expel');
    faults.mockRestore();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_001 });
    // The first is not waited for, and has it looked at.
    desk.say({ type: 'typing', on: true, kind: 'text' });
    expect((await customer.closed).code).toBe(4503);
  });

  it('N22 has out whoever writes or reads there though nobody told the conversation', async () => {
    const { customer, desk } = await talking(here);
    customer.post('before', 1);
    await hears(desk, 'before');
    await writtenElsewhere('site', here.site);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_000 });
    desk.post('not for them', 2);
    expect((await customer.closed).code).toBe(4503);
    expect(customer.texts).not.toContain('not for them');
  });
});

describe('N23 somebody who is locked', () => {
  it('N23 is out of every socket within a second, and in again once it is undone', async () => {
    const { desk } = await talking(here);
    const inbox = await join(here.team, here.anna.access);
    await inbox.next('list');
    const locked = await held('person', { target: here.anna.id });
    expect(await Promise.all([desk, inbox].map(closedWithinASecond))).toEqual([4401, 4401]);
    await expect(signedIn(here.anna.id)).rejects.toThrow();
    // What was answered of a session is good for a second.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_000 });
    expect((await ask(here.anna, 'GET', '/session')).body.code).toBe('signed_out');
    const change = ask(owner, 'PATCH', `/people/${here.anna.id}`, { state: 'active' });
    expect((await change).body.code).toBe('not_allowed');
    await undo(locked);
    const { access } = await signedIn(here.anna.id);
    expect((await ask({ access }, 'GET', '/session')).status).toBe(200);
  });

  it('N23 stays out whoever is enabled, or let go of by an older lock, while they are being locked', async () => {
    const state = () =>
      env.DB.prepare('SELECT state FROM people WHERE id = ?').bind(here.anna.id).first<string>('state');
    const first = await held('person', { target: here.anna.id });
    await undo(first);
    await ask(owner, 'PATCH', `/people/${here.anna.id}`, { state: 'disabled' });
    // Between being asked whether they are locked and being enabled.
    const store = ContainmentStore.prototype;
    const asked = vi.spyOn(store, 'on').mockImplementationOnce(async () => {
      await writtenElsewhere('person', here.anna.id);
      return undefined;
    });
    const enabled = await ask(owner, 'PATCH', `/people/${here.anna.id}`, { state: 'active' });
    asked.mockRestore();
    expect([enabled.body.code, await state()]).toEqual(['not_allowed', 'disabled']);
    await new StaffDirectory(env).store.unlock(here.anna.id, first.id);
    expect(await state()).toBe('disabled');
    const locked = await held('person', { target: here.anna.id });
    await undo(locked);
    expect(await state()).toBe('active');
  });

  it('N23 is out whose role changes just then, unless it is above whoever locks them', async () => {
    const admin = await newMember('admin', []);
    const becomes = async (role: string) => {
      await env.DB.prepare('DROP TRIGGER IF EXISTS meanwhile').run();
      await env.DB.prepare(
        `CREATE TRIGGER meanwhile AFTER INSERT ON containment
          BEGIN UPDATE people SET role = '${role}' WHERE id = '${here.anna.id}'; END`,
      ).run();
    };
    try {
      await becomes('owner');
      expect((await contain('person', { target: here.anna.id }, admin)).body.code).toBe('not_allowed');
      expect(await list()).toEqual([]);
      await env.DB.prepare(`UPDATE people SET role = 'agent' WHERE id = ?`).bind(here.anna.id).run();
      await becomes('supervisor');
      const { status } = await contain('person', { target: here.anna.id }, admin);
      expect([status, await list()]).toEqual([201, ['person']]);
      await expect(signedIn(here.anna.id)).rejects.toThrow();
    } finally {
      await env.DB.prepare('DROP TRIGGER meanwhile').run();
    }
  });

  it('N23 is never oneself, nobody above, nor the last owner, nor who was disabled before', async () => {
    const admin = await newMember('admin', []);
    const lock = (target: PersonId, who = owner) => contain('person', { target }, who);
    expect((await lock(owner.id)).body.code).toBe('not_allowed');
    expect((await lock(owner.id, admin)).body.code).toBe('not_allowed');
    expect((await lock(newId('person'))).body.code).toBe('not_found');
    await ask(owner, 'PATCH', `/people/${here.ben.id}`, { state: 'disabled' });
    expect((await lock(here.ben.id)).body.code).toBe('already_done');
    // Every owner but these two is gone, and then one of them.
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE role = 'owner' AND id NOT IN (?, ?)`)
      .bind(owner.id, other.id)
      .run();
    const locked = await held('person', { target: other.id });
    const again = await newMember('owner', []);
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE id = ?`).bind(owner.id).run();
    // The database alone knows yet that the first is no owner any more: the other stays.
    expect((await lock(again.id)).body.detail).toBe('An owner has to remain.');
    expect(await list()).toEqual(['person']);
    await env.DB.prepare(`UPDATE people SET state = 'active' WHERE id = ?`).bind(owner.id).run();
    await undo(locked);
  });
});

describe('N23 letting somebody go who is locked', () => {
  const stateOf = (id: PersonId) =>
    env.DB.prepare('SELECT state FROM people WHERE id = ?').bind(id).first<string>('state');

  it('N23 leaves disabled whoever was disabled besides, though they are locked once more', async () => {
    await held('person', { target: here.ben.id });
    const disabled = await ask(owner, 'PATCH', `/people/${here.ben.id}`, { state: 'disabled' });
    expect(disabled.status).toBe(200);
    const again = await held('person', { target: here.ben.id });
    expect((await undo(again)).status).toBe(200);
    expect(await list()).toEqual([]);
    expect(await stateOf(here.ben.id)).toBe('disabled');
    expect((await ask(owner, 'PATCH', `/people/${here.ben.id}`, { state: 'active' })).status).toBe(200);
    await undo(await held('person', { target: here.ben.id }));
    expect(await stateOf(here.ben.id)).toBe('active');
  });

  it('N23 is done of somebody who is not there any more, too', async () => {
    await writtenElsewhere('person', newId('person'));
    const [locked] = (await ask<ContainmentsAnswer>(owner, 'GET', '/containment')).body.containments;
    if (locked === undefined) throw new Error('nobody is locked');
    expect((await undo(locked)).status).toBe(200);
    expect(await list()).toEqual([]);
  });
});

describe('N24 sessions', () => {
  it('N24 of a team end within a second, but for whoever ends them and those above', async () => {
    const { desk } = await talking(here);
    const inbox = await join(here.team, here.sue.access);
    await inbox.next('list');
    const admin = await newMember('admin', [here.team]);
    await ask(owner, 'PATCH', `/teams/${here.team}`, {
      members: [here.anna.id, here.sue.id, admin.id, owner.id],
    });
    const [one, two] = [await join(here.team, here.sue.access), await join(here.team, owner.access)];
    const ended = await ask<{ signedOut: number; above: number }>(
      admin,
      'DELETE',
      `/teams/${here.team}/sessions`,
    );
    expect(ended.body).toEqual({ signedOut: 3, above: 1 });
    expect(await closedWithinASecond(one)).toBe(4401);
    expect(await closedWithinASecond(two)).toBe('open');
    expect((await ask(admin, 'GET', '/session')).status).toBe(200);
    expect((await ask(here.ben, 'GET', '/session')).status).toBe(200);
    expect((await ask(owner, 'DELETE', `/teams/${newId('team')}/sessions`)).body.code).toBe('not_found');
    desk.close();
  });

  it('N24 of one person take a second factor, like those of all', async () => {
    const stale = { id: owner.session, amr: ['pwd', 'otp'], provedAt: 0 };
    await runInDurableObject(env.Account.getByName(owner.id), (_, { storage }) =>
      storage.sql.exec('UPDATE sessions SET proved_at = 0'),
    );
    const access = await accessFor(owner.id, stale);
    for (const path of [`/people/${here.anna.id}/sessions`, `/teams/${here.team}/sessions`, '/sessions'])
      expect((await ask({ access }, 'DELETE', path)).body.code).toBe('step_up_needed');
    expect((await contain('readOnly')).body.code).toBe('step_up_needed');
  });
});

describe('N25 a network that is blocked', () => {
  it('N25 lets nobody in, customer or staff, and has them out within a second', async () => {
    const network = at('203.0.113.9');
    const { ticket } = (
      await ask<{ ticket: string }>(here.anna, 'POST', `/teams/${here.team}/tickets`, {}, network)
    ).body;
    const staff = await open(here.team, ticket, { headers: network });
    await staff.next('list');
    const visitor = await newVisitor(here.site, network);
    const id = await begin(visitor, 'Hello', crypto.randomUUID(), network);
    const seat = await ask<{ ticket: string }>(visitor, 'POST', `/conversations/${id}/tickets`, {}, network);
    const customer = await open(id, seat.body.ticket, { headers: network });
    await customer.next('welcome');
    const blocked = await held('network', { target: '203.0.113.200', lasts: 3_600_000 });
    expect(blocked.target).toBe('203.0.113.0/24');
    expect(await Promise.all([staff, customer].map(closedWithinASecond))).toEqual([4401, 4403]);
    expect((await ask(here.anna, 'GET', '/session', undefined, network)).body.code).toBe('place_refused');
    const tries = { address: 'a@example.com', password: 'x' };
    expect((await call('POST', '/api/v1/sign-in', { body: tries, headers: network })).body.code).toBe(
      'place_refused',
    );
    expect((await ask(visitor, 'GET', '/conversations', undefined, network)).body.code).toBe('banned');
    expect((await ask(here.anna, 'GET', '/session')).status).toBe(200);
    // Nor whoever has a token of the deployment's.
    const token = 'Zq7-Checks-Token-Of-The-Tests-0123456789';
    for (const path of ['/checks', '/metrics']) {
      const headers = { ...network, authorization: `Bearer ${token}` };
      const tokensSet = { ...env, CHECKS_TOKEN: token, METRICS_TOKEN: token };
      const answered = await app.request(`https://sotto.test${path}`, { headers }, tokensSet);
      expect([path, (await answered.json<{ code: string }>()).code]).toEqual([path, 'place_refused']);
    }
    // Whoever lifts bans does not let staff in.
    await env.DB.prepare('DELETE FROM bans').run();
    expect((await ask(here.anna, 'GET', '/session', undefined, network)).body.code).toBe('place_refused');
    expect((await ask(visitor, 'GET', '/conversations', undefined, network)).body.code).toBe('place_refused');
    await undo(blocked);
    expect((await ask(here.anna, 'GET', '/session', undefined, network)).status).toBe(200);
    expect((await ask(visitor, 'GET', '/conversations', undefined, network)).status).toBe(200);
  });

  const hour = 3_600_000;
  const ban = (lasts: number) =>
    ask(owner, 'POST', '/bans', { kind: 'network', target: '203.0.113.9', reason: 'Abuse', lasts });
  const bans = async () =>
    (await ask<BansAnswer>(owner, 'GET', '/bans')).body.bans.map(({ reason }) => reason);
  const block = (lasts: number) => held('network', { target: '203.0.113.9', lasts });

  it('N25 leaves a ban that lasts longer as it is, and ends no other than its own', async () => {
    expect((await ban(48 * hour)).status).toBe(201);
    const blocked = await block(hour);
    expect(blocked.target).toBe('203.0.113.0/24');
    expect(await bans()).toEqual(['Abuse']);
    await undo(blocked);
    expect(await bans()).toEqual(['Abuse']);
    const longer = await block(72 * hour);
    expect(await bans()).toEqual(['account']);
    // Done again it is its own still.
    const again = await block(hour);
    expect(again.id).not.toBe(longer.id);
    await undo(again);
    expect(await bans()).toEqual([]);
  });

  it('N25 is done where there is no room for another ban', async () => {
    await env.DB.prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO bans (id, kind, lookup, key, reason, banned_by, banned_at, until)
       SELECT 'full' || i, 'visitor', CAST('full' || i AS BLOB), x'00', x'00', ?, 1, 9e15 FROM n`,
    )
      .bind(limits.bans, owner.id)
      .run();
    expect((await ban(hour)).body.code).toBe('no_room');
    const blocked = await block(hour);
    const network = at('203.0.113.9');
    expect((await ask(here.anna, 'GET', '/session', undefined, network)).body.code).toBe('place_refused');
    await env.DB.prepare(`DELETE FROM bans WHERE id LIKE 'full%'`).run();
    await undo(blocked);
    expect((await ask(here.anna, 'GET', '/session', undefined, network)).status).toBe(200);
  });

  it('N25 shuts out nobody who stands above whoever blocks it, who can undo it from there', async () => {
    const admin = await newMember('admin', []);
    const network = at('203.0.113.9');
    const seated = async (who: Member) => {
      const tickets = ask<{ ticket: string }>(who, 'POST', `/teams/${here.team}/tickets`, {}, network);
      return open(here.team, (await tickets).body.ticket, { headers: network });
    };
    await ask(owner, 'PATCH', `/teams/${here.team}`, { members: [here.anna.id, owner.id] });
    const anna = await seated(here.anna);
    await anna.next('list');
    const target = '203.0.113.0/24';
    const made = await contain('network', { target, lasts: 3_600_000 }, admin);
    expect(made.status).toBe(201);
    expect(await closedWithinASecond(anna)).toBe(4401);
    const from = (who: Member) => ask(who, 'GET', '/session', undefined, network);
    expect([(await from(here.anna)).body.code, (await from(admin)).body.code]).toEqual([
      'place_refused',
      'place_refused',
    ]);
    expect((await from(owner)).status).toBe(200);
    const back = await seated(owner);
    await back.next('list');
    // Where a password is tried from there, nobody learns whether it was right but an owner.
    const directory = new StaffDirectory(env);
    const signIn = async (who: Member, password: string) => {
      const member = await directory.byId(who.id);
      const body = { address: await member?.address(), password };
      return (await call('POST', '/api/v1/sign-in', { body, headers: network })).body.code;
    };
    const right = 'a long one that nobody else has';
    for (const { id } of [owner, here.anna]) {
      const hashed = await hashPassword(await vaultOf(env), right);
      const member = await directory.byId(id);
      if (member === undefined) throw new Error('nobody is there');
      await directory.store.setPassword(member.row, await member.seal('password', hashed));
    }
    const tried = [signIn(here.anna, right), signIn(here.anna, 'wrong'), signIn(owner, 'wrong')];
    expect(await Promise.all(tried)).toEqual(Array(3).fill('place_refused'));
    expect(await signIn(owner, right)).toBeUndefined();
    const undone = await ask(owner, 'DELETE', `/containment/${made.body.containment.id}`, undefined, network);
    expect(undone.status).toBe(200);
    expect((await from(here.anna)).status).toBe(200);
  });

  it('N25 is never one’s own, and always ends', async () => {
    const wish = { kind: 'network', reason: 'account', lasts: 3_600_000 };
    const from = at('198.51.100.7');
    const mine = await ask(owner, 'POST', '/containment', { ...wish, target: '198.51.100.0/24' }, from);
    expect(mine.body.code).toBe('would_lock_out');
    expect((await contain('network', { target: '203.0.113.9' })).body.code).toBe('invalid');
    expect((await contain('network', { target: 'nowhere', lasts: 60_000 })).body.code).toBe('invalid');
    expect(await list()).toEqual([]);
  });
});

describe('N26 the log', () => {
  it('N26 says more for a while, nothing of anybody, and goes back by itself', async () => {
    const lines: Record<string, unknown>[] = [];
    const raised = await held('logging', { lasts: 60_000 });
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(JSON.parse(line) as never));
    const { customer } = await talking(here);
    customer.post('MARKED words', 1);
    await customer.next('messages');
    await call('GET', '/healthz');
    const kinds = new Set(lines.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['request', 'socket']));
    expect(lines.map(({ door }) => door)).toContain('GET /healthz');
    expect(lines.find(({ frame }) => frame === 'post')).toMatchObject({ object: 'Conversation' });
    expect(lines.find(({ door }) => door === 'POST /conversations')).toMatchObject({
      bytes: expect.any(Number) as number,
    });
    expect(JSON.stringify(lines)).not.toMatch(/MARKED|(?:per|vis|con|ses)_|192\.0\.2/);
    vi.useFakeTimers({ toFake: ['Date'], now: (raised.until ?? 0) + 1 });
    lines.length = 0;
    await call('GET', '/healthz');
    expect(lines).toEqual([]);
    vi.restoreAllMocks();
    expect((await contain('logging', { lasts: 2 * 86_400_000 })).body.code).toBe('invalid');
  });
});

describe('N27 every act', () => {
  it('N27 stands in the ledger with why and for how long, and so does its end', async () => {
    const before = await size();
    const mode = await held('readOnly', { lasts: 60_000 });
    await undo(mode);
    const entries = await since(before);
    expect(entries).toEqual([
      {
        ...own(owner),
        action: 'incident.contain',
        outcome: 'done',
        facts: { door: 'POST /containment', contain: 'readOnly', reason: 'account', lasts: 60_000 },
      },
      {
        ...own(owner),
        action: 'incident.contain',
        object: mode.id,
        outcome: 'done',
        facts: { door: 'DELETE /containment/:id', letGo: 'readOnly' },
      },
    ]);
  });

  it('N27 waits for no ledger: it holds, and is entered late', async () => {
    const before = await size();
    await rename('begun', 'gone');
    await rename('recent', 'missing');
    const locked = await held('person', { target: here.anna.id });
    expect((await ask(here.anna, 'GET', '/session')).body.code).toBe('signed_out');
    await rename('gone', 'begun');
    await rename('missing', 'recent');
    await evictDurableObject(ledgerOf(env));
    expect((await since(before)).filter(({ action }) => action === 'incident.contain')).toMatchObject([
      { ...own(owner), object: here.anna.id, subject: here.anna.id, late: true },
    ]);
    await undo(locked);
  });

  it('N27 L4 nor does declaring an incident, working on it, renewing a key, or proving oneself for that', async () => {
    const incident = {
      ...{ title: 'A stolen key', what: 'It was in a mail.', kind: 'key', severity: 2, things: [] },
      ...{ noticedAt: Date.now(), beganAt: Date.now(), alarm: null, drill: false },
    };
    await rename('begun', 'gone');
    await rename('recent', 'missing');
    const declared = await ask<{ incident: { id: string } }>(owner, 'POST', '/incidents', incident);
    const path = `/incidents/${declared.body.incident.id}`;
    const noted = await ask(owner, 'POST', `${path}/notes`, { kind: 'note', text: 'It begins.' });
    const moved = await ask(owner, 'POST', `${path}/move`, { to: 'contain', reason: null });
    expect([declared.status, noted.status, moved.status]).toEqual([201, 201, 200]);
    // They get beyond the ledger: what is asked for is not there, or wrong.
    const others = [
      ask(owner, 'POST', '/keys/none/renew', { leaked: false }),
      ask(owner, 'POST', '/emergency', { conversation: newId('conversation') }),
      ask(owner, 'POST', '/me/step-up', { code: '000000' }),
    ];
    const codes = (await Promise.all(others)).map(({ body }) => body.code);
    await rename('gone', 'begun');
    await rename('missing', 'recent');
    await evictDurableObject(ledgerOf(env));
    expect(codes).not.toContain('unavailable');
    const late = (await since(0)).filter(({ late: isLate }) => isLate === true);
    expect(late.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['incident.declare', 'incident.lead']),
    );
  });

  it('N27 done again is done anew, and what was cut off is finished', async () => {
    await writtenElsewhere('person', here.anna.id);
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE id = ?`).bind(here.anna.id).run();
    // Her account was not told, and she is still in.
    expect((await ask(here.anna, 'GET', '/session')).status).toBe(200);
    const locked = await held('person', { target: here.anna.id });
    expect(await list()).toEqual(['person']);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_001 });
    expect((await ask(here.anna, 'GET', '/session')).body.code).toBe('signed_out');
    await undo(locked);
  });

  it('N28 a team’s inbox serves nobody who is locked, though their account could not be told', async () => {
    const inbox = await join(here.team, here.anna.access);
    await inbox.next('list');
    const sue = await join(here.team, here.sue.access);
    await sue.next('list');
    await writtenElsewhere('person', here.anna.id);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_000 });
    await begin(await newVisitor(here.site), 'not for her');
    await sue.next('entry');
    expect(await closedWithinASecond(inbox)).toBe(4401);
    expect(inbox.raw.join()).not.toContain('"entry"');
    await env.DB.prepare('DELETE FROM containment').run();
  });

  it('N28 everybody on staff is told which modes hold, and those alone who may see who held what', async () => {
    await held('exports');
    await held('site', { target: here.site });
    expect((await ask<HeldAnswer>(here.anna, 'GET', '/held')).body).toEqual({ held: ['exports'] });
    expect((await ask(here.anna, 'GET', '/containment')).body.code).toBe('not_allowed');
    expect((await ask(here.sue, 'POST', '/containment', { kind: 'files', reason: 'other' })).body.code).toBe(
      'not_allowed',
    );
    expect((await list()).toSorted()).toEqual(['exports', 'site']);
    expect((await undo({ id: newId('containment') })).body.code).toBe('not_found');
  });
});
