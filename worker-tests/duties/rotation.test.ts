/** Rotation of Sotto's own keys: everything opens as before, wherever it is cut off, and the old key goes last. */
import { evictDurableObject, listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { type Env, vaultOf } from '../../src/config.ts';
import { watchOf } from '../../src/duties/alarms.ts';
import { setWitness, witnessOf } from '../../src/duties/audit/witness.ts';
import { policyOf, savePolicy } from '../../src/duties/incident-plan/policy.ts';
import { rolesOf, setRoles } from '../../src/duties/incident-plan/roles.ts';
import { declare, incidentOf } from '../../src/duties/incidents/register.ts';
import { fullView } from '../../src/duties/incidents/showing.ts';
import { accept, exceptionsOf } from '../../src/duties/checks/exceptions.ts';
import { contractsOf, controllerOf, noteContract, setController } from '../../src/duties/laws/notes.ts';
import { overdueKeys, rotate, rotationPortion, seeToKeys } from '../../src/duties/rotation.ts';
import { SealedColumn } from '../../src/duties/rotation/store.ts';
import { RunStore } from '../../src/duties/runs/store.ts';
import { ledgerOf, pageOf } from '../../src/ledger.ts';
import { addBan, bannedNetwork, listBans } from '../../src/people/bans.ts';
import { hashPassword } from '../../src/people/identity/password.ts';
import { StaffDirectory } from '../../src/people/staff.ts';
import { rememberSaid, factsOf } from '../../src/people/visitor/facts.ts';
import type { Message } from '../../src/protocol/frames.ts';
import type { ConversationId, IncidentId } from '../../src/protocol/ids.ts';
import type { EnrolmentAnswer, SignInAnswer } from '../../src/protocol/sign-in.ts';
import type { IdentityKeyAnswer } from '../../src/protocol/visitors.ts';
import { fromBase64url, keyName, keyStore, keyTable } from '../../src/vault.ts';
import { begin, call, join, keyed, newVisitor } from '../cast.ts';
import {
  begins,
  finish,
  here,
  load,
  mark,
  open,
  owner,
  putPart,
  released,
  start,
  talk,
  text,
} from '../chat/files-scene.ts';
import { evict, hears } from '../chat/scene.ts';

const minute = 60_000;
const word = 'a long enough pass phrase';
const store = new RunStore(env.DB);

beforeEach(begins);
afterEach(() => void vi.useRealTimers());

type Purpose = 'data' | 'pepper' | 'token' | 'ledger' | 'lookup';
const activeOf = async (purpose: Purpose) => {
  const found = (await keyTable(env.DB).all()).find(
    (key) => key.purpose === purpose && key.state === 'active',
  );
  if (found === undefined) throw new Error(`no ${purpose} key`);
  return found;
};
const stateOf = async (id: number) => (await keyTable(env.DB).all()).find((key) => key.id === id)?.state;
/** Retires this key as if that were some minutes ago, when nobody seals under it any more. */
async function retired(purpose: 'data' | 'pepper', ago = 3 * minute): Promise<number> {
  const { id } = await activeOf(purpose);
  await (await vaultOf(env)).replace(id, Date.now() - ago);
  return id;
}
const network = (n: number) => ({ 'cf-connecting-ip': `203.0.114.${n}` });
const later = (by: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by });

/** Drives it to its end, portion by portion, without the waiting in between. @returns the places between */
async function driven(
  key: number,
  how: { twice?: boolean; with?: Env; from?: string | null; stopAt?: (place: string) => boolean } = {},
): Promise<string[]> {
  const places: string[] = [];
  for (let place = how.from ?? null; ;) {
    place = place?.replace(/^(\d+) \d+/, '$1 0') ?? null;
    const done = await rotationPortion(how.with ?? env, `rotation-${key}`, place);
    // A process that is killed has done its portion, and nobody knows.
    if (how.twice === true) await rotationPortion(how.with ?? env, `rotation-${key}`, place);
    if (done.place === null) return places;
    places.push(done.place);
    if (how.stopAt?.(done.place) === true) return places;
    place = done.place;
  }
}

/** Every table, row, object and copy that names this key. */
async function named(key: number): Promise<string[]> {
  const found: string[] = [];
  const name = keyName(key);
  const isNamed = (value: unknown): boolean => {
    const bytes =
      value instanceof ArrayBuffer
        ? new Uint8Array(value)
        : Array.isArray(value)
          ? Uint8Array.from(value as number[])
          : undefined;
    if (bytes !== undefined)
      return [0x21, 0x31].includes(bytes[0] ?? 0) && bytes.subarray(1, 5).toHex() === name.toHex();
    // A conversation keeps its keys as a list of texts.
    if (typeof value !== 'string') return false;
    return [...value.matchAll(/"([\w-]{130})"/g)].some(([, record = '']) =>
      isNamed(fromBase64url(record)?.slice().buffer),
    );
  };
  const look = (where: string, rows: readonly object[]) => {
    for (const row of rows) if (Object.values(row).some(isNamed)) found.push(where);
  };
  const tables = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'`;
  for (const { name } of (await env.DB.prepare(tables).all<{ name: string }>()).results)
    look(name, (await env.DB.prepare(`SELECT * FROM ${name}`).all()).results);
  for (const space of [env.Conversation, env.Account, env.Inbox, env.Ledger, env.Watch])
    for (const id of await listDurableObjectIds(space))
      await runInDurableObject(space.get(id), (_, { storage }) => {
        for (const { name } of storage.sql.exec<{ name: string }>(tables).toArray())
          look(`object ${name}`, storage.sql.exec(`SELECT * FROM ${name}`).toArray());
      });
  for (let startAfter = '', more = true; more;) {
    const { objects, truncated } = await env.KEYS.list({ startAfter });
    for (const { key: copy } of objects)
      look('copies', [{ record: await (await env.KEYS.get(copy))?.arrayBuffer() }]);
    more = truncated;
    startAfter = objects.at(-1)?.key ?? '';
  }
  for (const { id } of await new StaffDirectory(env).store.list()) {
    const password = await (await new StaffDirectory(env).byId(id))?.open('password');
    look('passwords', [{ password: password?.slice(20).buffer }]);
  }
  return [...new Set(found)].toSorted();
}

/** Something of everything that is sealed. @returns what reads it again */
async function everything() {
  const directory = new StaffDirectory(env);
  const anna = here.anna;
  const hashed = await hashPassword(await vaultOf(env), word);
  await directory.store.setPassword(
    await keyed(anna.id),
    (await (await directory.byId(anna.id))?.seal('password', hashed)) ?? new Uint8Array(),
  );
  const enrolled = await call<EnrolmentAnswer>('POST', '/api/v1/me/totp', { token: anna.access, body: {} });
  const secret = Secret.fromBase32(enrolled.body.secret);
  const code = () => new TOTP({ secret }).generate();
  await call('POST', '/api/v1/me/totp/confirm', { token: anna.access, body: { code: code() } });
  talk.customer.post(`${mark} by the customer`, 1);
  await hears(talk.desk, `${mark} by the customer`);
  talk.desk.note(`${mark} as a note`, 2);
  await hears(talk.desk, `${mark} as a note`);
  const file = await released(text(mark));
  const visitor = await newVisitor(here.site);
  await rememberSaid(env, visitor, { name: mark, address: 'ada@example.com' }, Date.now());
  const network = await bannedNetwork(env, '203.0.113.0/24');
  const by = { ...owner, kind: 'staff', role: 'owner', grants: null, teams: [] } as const;
  await addBan(env, by, network, { reason: mark, lasts: 60 * minute, team: null }, Date.now());
  const entry = {
    id: crypto.randomUUID(),
    at: Date.now(),
    actor: anna.id,
    action: 'me.address',
    outcome: 'done',
  } as const;
  await ledgerOf(env).append([{ ...entry, personal: { of: anna.id, what: { said: mark } } }]);
  await ledgerOf(env).checkpoint();
  await setWitness(env, 'witness@example.com');
  await noteContract(env, 'gdpr.processor', { date: '2026-11-28', where: mark });
  await setController(env, { name: mark, contact: '', officer: '' });
  const incident = await declared();
  const accepted = { reason: mark, by: owner.id, at: Date.now(), until: Date.now() + 86_400_000 };
  await accept(env, 'ledger-witness', accepted);
  const keys = await call<IdentityKeyAnswer>('POST', `/api/v1/sites/${here.site}/keys`, {
    token: owner.access,
    body: { publicKey: null },
  });
  expect(keys.status).toBe(201);
  await watchOf(env).addWebhook('http://127.0.0.1:9/', 5);
  await watchOf(env).raise({ rule: 'ledger.broken', about: null, facts: {} });
  const alarms = async () => watchOf(env).list('answered', Number.MAX_SAFE_INTEGER, 5);
  const [raised] = await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 5);
  if (raised !== undefined) await watchOf(env).answer(raised.id, owner.id, mark);
  await expect
    .poll(async () => (await env.KEYS.list({ prefix: `conversation/${talk.id}/` })).objects.length)
    .toBe(1);

  return async () => {
    for (const each of [talk.id]) await evict(each);
    await evictDurableObject(watchOf(env));
    const again = await join(talk.id, anna.access);
    const texts = (await again.next('messages')).messages.map((message) => message.text);
    again.close();
    const opened = await open(owner.access, file);
    const bytes = await load(opened.body.address, {
      cookie: opened.headers.get('set-cookie')?.split(';')[0] ?? '',
    });
    // The code of now may be spent: the next one is good too.
    later(minute / 2);
    const half = await call<SignInAnswer>('POST', '/api/v1/sign-in', {
      body: { address: anna.address, password: word },
    });
    const factor = 'token' in half.body ? half.body.token : undefined;
    const signedIn = await call('POST', '/api/v1/sign-in/totp', { token: factor, body: { code: code() } });
    const member = await directory.byId(anna.id);
    return {
      texts,
      file: await bytes.text(),
      session: (await call('GET', '/api/v1/session', { token: owner.access })).status,
      signIn: signedIn.status,
      staff: [await member?.name(), await member?.address()],
      visitor: await factsOf(env, visitor.id),
      bans: (await listBans(env, Date.now())).map(({ reason, target }) => [reason, target]),
      ledger: (await pageOf(env, { actor: anna.id, action: ['me.address'] }, undefined, 5)).entries.map(
        ({ personal }) => personal,
      ),
      witness: await witnessOf(env),
      noted: [await contractsOf(env), await controllerOf(env)],
      incident: await fullView(env, await incidentOf(env, incident)),
      plan: [await policyOf(env), await rolesOf(env)],
      accepted: [...(await exceptionsOf(env, Date.now())).values()].map(({ reason }) => reason),
      answers: (await alarms()).map(({ answer }) => answer?.reason),
    };
  };
}

/** An incident, with a plan for it. */
async function declared(): Promise<IncidentId> {
  const nobody = { first: null, deputy: null };
  const first = { person: owner.id, contact: mark };
  const others = { technical: nobody, privacy: nobody, communications: nobody };
  await setRoles(env, { lead: { first, deputy: null }, ...others });
  await savePolicy(env, owner.id, { version: 0, text: mark }, Date.now()).catch(() => 0);
  const now = Date.now();
  const asked = { title: mark, what: mark, kind: 'account', severity: 2, things: [], alarm: null } as const;
  const when = { noticedAt: now, beganAt: now, drill: false };
  return (await declare(env, owner.id, { ...asked, ...when, things: [] }, now)).id;
}

/** Where keys and peppered values lie, once there is something of everything. */
const holding = {
  data: [
    'bans',
    'copies',
    'incidents',
    'ledger_keys',
    'object conversation',
    'object files',
    'people',
    'visitors',
  ],
  pepper: [
    'check_exceptions',
    'contracts',
    'controller',
    'incident_policies',
    'incident_roles',
    'ledger_witness',
    'object alarms',
    'object webhooks',
    'passwords',
    'site_keys',
  ],
};

describe('K9 a key that is renewed', () => {
  it('leaves everything as it was, for all who read it', async () => {
    const read = await everything();
    const before = await read();
    expect(before).toMatchObject({
      file: mark,
      signIn: 200,
      session: 200,
      witness: 'witness@example.com',
      accepted: [mark],
      answers: [mark],
    });
    expect(before.texts).toContain(`${mark} as a note`);
    for (const purpose of ['data', 'pepper'] as const) {
      const key = await retired(purpose);
      expect(await named(key)).toEqual(holding[purpose]);
      await driven(key);
      expect([await stateOf(key), await named(key)]).toEqual([undefined, []]);
      expect(await read()).toEqual(before);
    }
  });
});

describe('K10 a rotation', () => {
  it('that is cut off after any portion, or in it, ends the same', async () => {
    const read = await everything();
    const before = await read();
    for (const purpose of ['data', 'pepper'] as const) {
      const key = await retired(purpose);
      await driven(key, { twice: true });
      expect([await stateOf(key), await named(key)]).toEqual([undefined, []]);
    }
    expect(await read()).toEqual(before);
  });

  it('that is begun by two at once is one, and its Workflow ends it', async () => {
    const key = await activeOf('data');
    const then = Date.now() - 3 * minute;
    await Promise.all([rotate(env, key, then), rotate(env, key, then)]);
    const keys = (await keyTable(env.DB).all()).filter(({ purpose }) => purpose === 'data');
    expect(keys.map(({ state }) => state).toSorted()).toEqual(['active', 'retired']);
    const run = () => store.find(`rotation-${key.id}`);
    await expect.poll(async () => (await run())?.place ?? '', { timeout: 10_000 }).toMatch(/^2 /);
    later(2 * minute);
    await expect.poll(async () => (await run())?.overAt, { timeout: 20_000 }).toEqual(expect.any(Number));
    expect([await stateOf(key.id), await named(key.id)]).toEqual([undefined, []]);
  });

  it('keeps nobody from writing, beginning or sending a file meanwhile', async () => {
    const begun = await start(talk.visitor.access, text(mark));
    const { file } = begun.body.upload;
    const key = await retired('data');
    const ids = [talk.id];
    for (let place: string | null = null, n = 0; ; n++) {
      const words = `${mark} number ${n}`;
      talk.customer.post(words, 1);
      await hears(talk.desk, words);
      ids.push(await begin(await newVisitor(here.site, network(n)), words, crypto.randomUUID(), network(n)));
      if (n === 3) expect((await putPart(talk.visitor.access, file, 0, text(mark))).status).toBe(200);
      const portion = await rotationPortion(
        env,
        `rotation-${key}`,
        place?.replace(/^(\d+) \d+/, '$1 0') ?? null,
      );
      if (portion.place === null) break;
      place = portion.place;
    }
    expect((await finish(talk.visitor.access, file)).status).toBe(200);
    expect([await stateOf(key), await named(key)]).toEqual([undefined, []]);
    for (const id of ids) {
      await evict(id);
      const read = await call<{ messages: Message[] }>('GET', `/api/v1/conversations/${id}/messages`, {
        token: owner.access,
      });
      expect(read.body.messages.filter((message) => message.text.startsWith(mark)).length).toBeGreaterThan(0);
    }
  });

  it('takes an upload’s part that was begun under the key that is gone', async () => {
    const { file } = (await start(talk.visitor.access, text(mark))).body.upload;
    const readsFirst = await conversationOf(env, talk.id).upload({ kind: 'visitor', ...talk.visitor }, file);
    const record = 'done' in readsFirst ? readsFirst.done.record : new Uint8Array();
    await driven(await retired('data'));
    const part = { attempt: crypto.randomUUID(), length: text(mark).length, header: new Uint8Array(56) };
    const by = { kind: 'visitor', ...talk.visitor } as const;
    expect(await conversationOf(env, talk.id).storePart(by, file, 0, { record, part })).toMatchObject({
      done: { stored: [0] },
    });
    const other = new Uint8Array(record);
    other[40] = (other[40] ?? 0) ^ 1;
    expect(
      await conversationOf(env, talk.id).storePart(by, file, 0, {
        record: other,
        part: { ...part, length: 0 },
      }),
    ).toEqual({ refused: 'file_changed' });
  });
});

describe('K11 the old key', () => {
  /** As everything is, but that this conversation can't be asked. */
  const without = (id: ConversationId): Env => ({
    ...env,
    Conversation: {
      getByName: (name: string) =>
        name === id
          ? { rewrapKeys: () => Promise.reject(new Error('it is away')) }
          : env.Conversation.getByName(name),
    } as unknown as Env['Conversation'],
  });
  const unmoved = async (key: number) =>
    (await env.DB.prepare('SELECT holder, thing FROM unmoved WHERE key = ?').bind(key).all()).results;
  const portions = (id: string) => store.find(id);

  it('stays while a conversation could not be asked, and goes once it was', async () => {
    const other = await begin(
      await newVisitor(here.site, network(70)),
      mark,
      crypto.randomUUID(),
      network(70),
    );
    await expect
      .poll(async () => (await env.KEYS.list({ prefix: `conversation/${other}/` })).objects.length)
      .toBe(1);
    const key = await retired('data');
    await driven(key, { with: without(other) });
    expect(await stateOf(key)).toBe('retired');
    expect(await named(key)).toEqual(['object conversation']);
    expect(await unmoved(key)).toEqual([{ holder: 'conversations', thing: other }]);
    await store.add('rotation', `rotation-${key}`, 1);
    await store.move({ id: `rotation-${key}`, place: null }, null, 0, 2);
    const night = Date.now();
    await seeToKeys(env, night);
    expect(await portions(`rotation-${key}-${night}`)).toMatchObject({ duty: 'rotation' });
    // While that one goes on there is no other, whoever wants it.
    await seeToKeys(env, night + 1);
    await rotate(env, { ...(await activeOf('data')), id: key }, night + 1);
    expect(await portions(`rotation-${key}-${night + 1}`)).toBeUndefined();
    await driven(key);
    expect([await stateOf(key), await named(key), await unmoved(key)]).toEqual([undefined, [], []]);
  });

  it('stays while a conversation can’t store what was wrapped anew, though it has it in memory', async () => {
    const rename = (from: string, to: string) =>
      runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
        storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
      });
    await expect
      .poll(async () => (await env.KEYS.list({ prefix: `conversation/${talk.id}/` })).objects.length)
      .toBe(1);
    const key = await retired('data');
    await rename('conversation', 'away');
    await driven(key);
    expect([await stateOf(key), await unmoved(key)]).toEqual([
      'retired',
      [{ holder: 'conversations', thing: talk.id }],
    ]);
    await rename('away', 'conversation');
    await driven(key);
    expect([await stateOf(key), await named(key)]).toEqual([undefined, []]);
    await evict(talk.id);
    const read = await call<{ messages: Message[] }>('GET', `/api/v1/conversations/${talk.id}/messages`, {
      token: owner.access,
    });
    expect(read.status).toBe(200);
  });

  it('stays while a row that names it is damaged, and keeps nothing else from being moved', async () => {
    const key = await retired('data');
    const broken = { ...env };
    const row = await env.DB.prepare('SELECT key FROM people WHERE id = ?')
      .bind(here.ben.id)
      .first<{ key: number[] }>();
    const good = Uint8Array.from(row?.key ?? []);
    const bad = good.with(90, (good[90] ?? 0) ^ 1);
    const put = (record: Uint8Array) =>
      env.DB.prepare('UPDATE people SET key = ? WHERE id = ?').bind(record, here.ben.id).run();
    await put(bad);
    await driven(key, { with: broken });
    expect([await stateOf(key), await unmoved(key)]).toEqual([
      'retired',
      [{ holder: 'people', thing: here.ben.id }],
    ]);
    await put(good);
    await driven(key);
    expect([await stateOf(key), await named(key)]).toEqual([undefined, []]);
  });

  it('is not given up before two minutes have passed in which others may seal under it', async () => {
    // The clock stands still here, so that no slow machine makes it two minutes.
    later(0);
    const { id } = await activeOf('data');
    await (await vaultOf(env)).replace(id, Date.now() - 2 * minute + 1_500);
    const { place, done } = await rotationPortion(env, `rotation-${id}`, null);
    expect([place?.split(' ')[0], place?.split(' ')[3], done]).toEqual(['1', '', 0]);
    expect(await named(id)).not.toEqual([]);
    later(minute);
    expect(await rotationPortion(env, `rotation-${id}`, place)).not.toEqual({ place, done: 0 });
    await driven(id);
  });

  it('is found in every round, also where it comes back behind the one before', async () => {
    const key = await retired('data');
    const stale = await (await env.KEYS.get(`person/${here.ben.id}`))?.arrayBuffer();
    const places = await driven(key, { stopAt: (place) => place.startsWith('2 ') });
    await env.KEYS.put(`person/${here.ben.id}`, stale ?? new ArrayBuffer());
    const more = await driven(key, { from: places.at(-1) ?? null });
    expect(more.some((place) => place.startsWith('3 '))).toBe(true);
    expect([await stateOf(key), await named(key)]).toEqual([undefined, []]);
  });
});

it('K12 a key that has been destroyed does not come back by being wrapped anew', async () => {
  const copies = keyStore(env.KEYS);
  await copies.put('person', 'nobody', new Uint8Array(97));
  const changed = await copies.change('person', 'nobody', async () => {
    await copies.delete('person', 'nobody');
    return new Uint8Array(97);
  });
  expect([changed, await copies.get('person', 'nobody')]).toEqual([true, undefined]);
  const { id } = await activeOf('data');
  const gone = { table: 'bans', column: 'key', id: ['id'] };
  await new SealedColumn(env.DB, gone).replace('ban_none', new Uint8Array(97), new Uint8Array(97));
  const there = await new SealedColumn(env.DB, gone).under(id, '', 50);
  expect(there.map(({ name }) => name)).not.toContain('ban_none');
});

describe('K14 each night', () => {
  const open = async () =>
    (await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 20)).filter(
      ({ rule }) => rule === 'keys.overdue',
    );

  it('the metrics count what is overdue', async () => {
    const day = 24 * 60 * minute;
    expect([await overdueKeys(env, Date.now()), await overdueKeys(env, Date.now() + 33 * day)]).toEqual([
      [],
      ['token'],
    ]);
  });

  it('an alarm names the keys that are too old or have sealed too often, until somebody has answered', async () => {
    await seeToKeys(env, Date.now());
    expect(await open()).toEqual([]);
    const { id } = await activeOf('pepper');
    await env.DB.prepare('UPDATE keys SET uses = ? WHERE id = ?')
      .bind(2 ** 31, id)
      .run();
    await seeToKeys(env, Date.now());
    expect((await open()).map(({ facts }) => facts)).toEqual([{ purposes: ['pepper'] }]);
    await env.DB.prepare('UPDATE keys SET uses = 0 WHERE id = ?').bind(id).run();
    await seeToKeys(env, Date.now() + 366 * 24 * 60 * minute);
    expect((await open()).map(({ facts }) => facts)).toEqual([{ purposes: ['data', 'pepper', 'token'] }]);
  });
});
