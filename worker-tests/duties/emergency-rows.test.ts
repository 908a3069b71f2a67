/** People, customers, bans, requests and what is personal in the ledger, sealed anew under other keys. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { BackupStore } from '../../src/duties/backups/store.ts';
import { emergencyPortion, sealAnew } from '../../src/duties/rotation.ts';
import { keyPlaceOf } from '../../src/duties/rotation/holders.ts';
import { incidentOf } from '../../src/duties/incidents/register.ts';
import { fullView } from '../../src/duties/incidents/showing.ts';
import { IncidentStore } from '../../src/duties/incidents/store.ts';
import { openedSaid, RequestStore } from '../../src/duties/requests.ts';
import { rowsNames, sealRowAnew } from '../../src/duties/rotation/rows.ts';
import { KeyedRows } from '../../src/duties/rotation/store.ts';
import { drillPortion } from '../../src/duties/restore.ts';
import { RestoreStore } from '../../src/duties/restore/store.ts';
import { checkLedger, ledgerOf, pageOf } from '../../src/ledger.ts';
import { LedgerTable } from '../../src/ledger/store.ts';
import { addBan, bannedNetwork, listBans } from '../../src/people/bans.ts';
import { PasskeyStore } from '../../src/people/identity/passkeys/store.ts';
import { setPassword, StaffDirectory } from '../../src/people/staff.ts';
import { eraseVisitor } from '../../src/people/visitor.ts';
import { factsOf, rememberProved, rememberSaid } from '../../src/people/visitor/facts.ts';
import type { IncidentId, RequestId } from '../../src/protocol/ids.ts';
import type { IncidentAnswer } from '../../src/protocol/incidents.ts';
import type { KeysAnswer } from '../../src/protocol/keys.ts';
import { bind, isSameKey, keyStore, type KeyStoreKind, keyTable, monthOf } from '../../src/vault.ts';
import { accountOf } from '../../src/people/account.ts';
import { call, keyed, newVisitor } from '../cast.ts';
import { since, size } from '../ledger/scene.ts';
import {
  asks,
  beginAs,
  begins,
  type Customer,
  does,
  here,
  opens,
  owner,
  shown,
  stands,
  vouched,
} from './privacy-scene.ts';
import { backedUp, beginsWithNothing, lost, putBack } from './restore-scene.ts';

const words = 'Known to one alone';
const month = monthOf(Date.now());
let ada: Customer;
let request: RequestId;
let incident: IncidentId;

beforeEach(async () => {
  await beginsWithNothing();
  await begins();
  ada = await vouched('Ada', 'ada@example.com');
  request = (await asks(ada, 'access', words)).body.request.id;
  const by = { ...owner, kind: 'staff', role: 'owner', grants: null, teams: [] } as const;
  const network = await bannedNetwork(env, '198.51.100.0/24');
  await addBan(env, by, network, { reason: words, lasts: 3_600_000, team: null }, Date.now());
  const passkey = { publicKey: new Uint8Array(1), counter: 0, transports: [], createdAt: 0 };
  const member = await memberOf();
  const name = await member.sealPasskeyName(`key of ${owner.id}`, 'A blue one');
  await new PasskeyStore(env.DB).add(member.row, {
    ...passkey,
    id: `key of ${owner.id}`,
    person: owner.id,
    name,
  });
  await setPassword(env, member, new TextEncoder().encode('hashed'));
  await tell(owner.id, 'from afar');
  const [at, text] = [Date.now(), words];
  const declared = await inIncident('POST', '', {
    ...{ title: words, what: words, kind: 'device', severity: 3, noticedAt: at, beganAt: at },
    ...{ things: [], alarm: null, drill: false },
  });
  incident = declared.incident.id;
  await inIncident('PUT', `/${incident}/clocks/gdpr.people`, { outcome: 'done', text });
});

/** What is done in an incident. */
async function inIncident(method: string, path: string, body?: object): Promise<IncidentAnswer> {
  const at = `/api/v1/incidents${path}`;
  const reply = await call<IncidentAnswer>(method, at, { token: owner.access, ...(body && { body }) });
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply.body;
}

async function memberOf() {
  const member = await new StaffDirectory(env).byId(owner.id);
  if (member === undefined) throw new Error('nobody is there');
  return member;
}
async function tell(of: string, said: string) {
  const entry = { id: crypto.randomUUID(), at: Date.now(), actor: owner.id, action: 'me.address' } as const;
  await ledgerOf(env).append([{ ...entry, outcome: 'done', personal: { of, what: { said } } }]);
  await ledgerOf(env).checkpoint();
}

/** All that is read of what lies sealed. */
async function read() {
  const member = await memberOf();
  const [passkey] = await new PasskeyStore(env.DB).of(owner.id);
  const asked = await new RequestStore(env.DB).find(request);
  return {
    staff: [await member.name(), await member.address(), (await member.open('password'))?.length],
    passkey: passkey && (await member.openPasskeyName(passkey.id, passkey.name)),
    visitor: await factsOf(env, ada.id),
    bans: (await listBans(env, Date.now())).map(({ reason, target }) => [reason, target]),
    request: asked && (await openedSaid(env, asked)).wish,
    ledger: (await pageOf(env, { actor: owner.id, action: ['me.address'] }, undefined, 5)).entries.map(
      ({ personal }) => personal,
    ),
    incident: await fullView(env, await incidentOf(env, incident)),
    session: (await call('GET', '/api/v1/session', { token: owner.access })).status,
  };
}

/** Each sealed cell of these rows as it lies there, its table's keys apart. */
async function cells() {
  const sealed: Record<string, string[]> = { key: [] };
  for (const [table, columns] of Object.entries({
    people: ['key', 'name', 'address', 'password'],
    passkeys: ['name'],
    visitors: ['key', 'name', 'address'],
    bans: ['key', 'target', 'reason'],
    requests: ['key', 'wish'],
    incidents: ['key', 'title'],
    incident_notes: ['text'],
    incident_tasks: ['text'],
    incident_clocks: ['text'],
    ledger_keys: ['key'],
    ledger: ['details'],
  }))
    for (const column of columns) {
      const query = `SELECT hex(${column}) AS hex FROM ${table} WHERE ${column} IS NOT NULL`;
      const { results } = await env.DB.prepare(query).all<{ hex: string }>();
      expect(results.length, `${table}.${column}`).toBeGreaterThan(0);
      sealed[`${table}.${column}`] = results.map(({ hex }) => hex);
    }
  return sealed;
}

/** Does portion after portion, each as often as this says. */
async function driven(times = 1, from = 'ledger', until = 'backup'): Promise<void> {
  for (let place: string | null = from; place !== null && place !== until;) {
    const at: string = place;
    for (let time = 0; time < times; time++) ({ place } = await emergencyPortion(env, 'emergency-1', at));
  }
}
const left = async () =>
  (
    await env.DB.prepare(`SELECT thing FROM unmoved WHERE holder = 'emergency'`).all<{ thing: string }>()
  ).results.map(({ thing }) => thing);
const keyIn = async (table: string, id: string) =>
  Uint8Array.from(
    (await env.DB.prepare(`SELECT key FROM ${table} WHERE id = ?`).bind(id).first<number[]>('key')) ?? [],
  );
/** Every record of these tables has its copy. */
async function copied() {
  const copies: [string, string, KeyStoreKind, string][] = [
    ['people', owner.id, 'person', owner.id],
    ['visitors', ada.id, 'visitor', ada.id],
    ['requests', request, 'visitor', `${ada.id}/${request}`],
    ['incidents', incident, 'incident', incident],
  ];
  for (const [table, id, kind, name] of copies)
    expect(
      isSameKey(await keyIn(table, id), (await keyStore(env.KEYS).get(kind, name)) ?? new Uint8Array()),
    ).toBe(true);
}

describe('K24 what is kept of colleagues, customers, bans, requests and incidents', () => {
  it('is sealed anew, reads as before, and nothing that is stored of it opens by the keys of before', async () => {
    const before = await read();
    expect(before).toMatchObject({ passkey: 'A blue one', request: words, session: 200 });
    const [lay, keys] = [
      await cells(),
      await env.DB.prepare('SELECT id, key FROM visitors').all<{ id: string }>(),
    ];
    await driven();
    expect(await left()).toEqual([]);
    const now = await cells();
    for (const [column, texts] of Object.entries(lay)) {
      expect(now[column]?.length, column).toBe(texts.length);
      for (const text of now[column] ?? []) expect(texts, column).not.toContain(text);
    }
    expect(await read()).toEqual(before);
    await copied();
    // Whoever has the key of before has nothing of what lies there now.
    const former = Uint8Array.from(
      (keys.results.find(({ id }) => id === ada.id) as unknown as { key: number[] }).key,
    );
    const old = await (await vaultOf(env)).dataKey(keyPlaceOf('visitor', ada.id), former);
    const row = await new KeyedRows(env.DB, 'visitors').find(ada.id);
    const place = bind('sotto/visitor/1', [ada.id, 'name']);
    await expect(old.open(place, Uint8Array.from(row?.['name'] as number[]))).rejects.toThrow();
  });

  it('comes to the same wherever it is cut off or done twice', async () => {
    const before = await read();
    await driven(2);
    expect(await read()).toEqual(before);
    await copied();
    // Stored, and cut off before its copy was.
    const fault = vi.spyOn(env.KEYS, 'put').mockRejectedValue(new Error('lost'));
    await expect(sealRowAnew(env, 'people', owner.id)).rejects.toThrow('lost');
    fault.mockRestore();
    await driven();
    expect(await read()).toEqual(before);
    await copied();
  });

  it('stays as it is where some of it is damaged, is said, and keeps nothing else', async () => {
    await env.DB.prepare('UPDATE visitors SET name = ? WHERE id = ?').bind(new Uint8Array(40), ada.id).run();
    const [damaged, good] = [await keyIn('visitors', ada.id), await keyIn('people', owner.id)];
    await driven();
    expect(await left()).toEqual([ada.id]);
    expect(await keyIn('visitors', ada.id)).toEqual(damaged);
    expect(isSameKey(await keyIn('people', owner.id), good)).toBe(false);
  });
});

describe('K25 whoever changes such a row meanwhile', () => {
  it('has what they sealed under the key of before sealed once more, and it stands', async () => {
    const member = await memberOf();
    const bob = await newVisitor(here.site, { 'cf-connecting-ip': '203.0.114.1' });
    const passkeys = new PasskeyStore(env.DB);
    const id = `key of ${owner.id}`;
    // What was read before is written after, under a key that is nobody's any more.
    const stale = { row: await keyed(owner.id), password: await member.seal('password', new Uint8Array(5)) };
    await sealRowAnew(env, 'people', owner.id);
    expect(
      await new StaffDirectory(env).store.setPassword({ ...member.row, ...stale.row }, stale.password),
    ).toBe(false);
    expect(await passkeys.rename(stale.row, id, await member.sealPasskeyName(id, 'A red one'))).toBe(false);
    await setPassword(env, member, new Uint8Array(5));
    await new StaffDirectory(env).write(member, async (now) =>
      passkeys.rename(now.row, id, await now.sealPasskeyName(id, 'A red one')),
    );
    expect((await (await memberOf()).open('password'))?.length).toBe(5);
    expect((await read()).passkey).toBe('A red one');
    // Of two at once, again and again, neither is lost.
    await rememberSaid(env, bob, { name: 'Bob', address: null }, Date.now());
    const sealing = (async () => {
      for (let n = 0; n < 6; n++) await sealRowAnew(env, 'visitors', bob.id);
    })();
    for (let n = 0; n < 6; n++) await rememberSaid(env, bob, { name: `Bob ${n}`, address: null }, Date.now());
    expect(await rememberProved(env, bob, 'bob@example.com', Date.now())).toBe(true);
    await sealing;
    expect(await factsOf(env, bob.id)).toMatchObject({ name: 'Bob 5', address: 'bob@example.com' });
    const copy = (await keyStore(env.KEYS).get('visitor', bob.id)) ?? new Uint8Array();
    expect(isSameKey(await keyIn('visitors', bob.id), copy)).toBe(true);
  });

  it('answers a request, and the answer is read', async () => {
    const opened = (await opens(ada.id, 'objection')).body.request.id;
    const [reply] = await Promise.all([
      does(opened, 'refuse', { ground: 'other', reason: words }),
      ...[1, 2, 3].map(() => sealRowAnew(env, 'requests', opened)),
    ]);
    expect(reply.status, reply.text).toBe(200);
    expect((await shown(opened)).answer).toBe(words);
  });

  it('notes, moves and settles in an incident, and reads all of it', async () => {
    const sealing = (async () => {
      for (let n = 0; n < 8; n++) await sealRowAnew(env, 'incidents', incident);
    })();
    for (let n = 0; n < 4; n++) {
      await inIncident('POST', `/${incident}/notes`, { kind: 'note', text: `number ${n}` });
      await inIncident('GET', `/${incident}`);
    }
    await inIncident('POST', `/${incident}/tasks`, { phase: 'detect', text: 'one more' });
    await inIncident('PUT', `/${incident}/clocks/gdpr.authority`, { outcome: 'notNeeded', text: words });
    await inIncident('POST', `/${incident}/move`, { to: 'contain', reason: null });
    await inIncident('POST', `/${incident}/move`, { to: 'detect', reason: 'back' });
    await sealing;
    const { notes, tasks, clocks } = (await inIncident('GET', `/${incident}`)).incident;
    const said = notes.map(({ text }) => text);
    expect(said).toEqual([words, ...[0, 1, 2, 3].map((n) => `number ${n}`), 'back']);
    expect(tasks.some(({ text }) => text === 'one more')).toBe(true);
    expect(clocks.map(({ settled }) => settled?.text)).toEqual([words, words]);
    // What was read before is written after, under a key that is nobody's any more.
    const row = await incidentOf(env, incident);
    await sealRowAnew(env, 'incidents', incident);
    const note = { id: 'late', at: 0, by: owner.id, kind: 'note', text: new Uint8Array(5) } as const;
    expect(await new IncidentStore(env.DB).addNote(row, note, 100)).toBe(false);
  });

  it('and had begun to set up a second factor or another address begins anew', async () => {
    const begun = await call<{ secret: string }>('POST', '/api/v1/me/totp', {
      token: owner.access,
      body: {},
    });
    expect(begun.status).toBe(200);
    await sealRowAnew(env, 'people', owner.id);
    expect(await accountOf(env, owner.id).pendingTotp(owner.session)).toBeUndefined();
    const confirmed = await call('POST', '/api/v1/me/totp/confirm', {
      token: owner.access,
      body: { code: '123456' },
    });
    expect(confirmed.body.code).toBe('setup_gone');
  });
});

describe('K26 what is personal in the ledger', () => {
  const told = async () =>
    (await pageOf(env, { actor: owner.id, action: ['me.address'] }, undefined, 50)).entries
      .map(({ personal }) => personal)
      .toReversed();
  const renewed = () => ledgerOf(env).renewMonth({ owner: owner.id, month });

  it('is sealed anew, and its entries, their tree and what was signed stay as they are', async () => {
    const head = await ledgerOf(env).checkpoint();
    const leaves = await env.DB.prepare('SELECT seq, leaf FROM ledger').all();
    const before = await told();
    const record = await keyStore(env.KEYS).get('ledger', `${owner.id}/${month}`);
    await renewed();
    expect(await told()).toEqual(before);
    expect(await env.DB.prepare('SELECT seq, leaf FROM ledger').all()).toMatchObject({
      results: leaves.results,
    });
    expect(await ledgerOf(env).checkpoint()).toEqual(head);
    expect(await checkLedger(env, 0)).toMatchObject({ broken: null });
    const now = await keyStore(env.KEYS).get('ledger', `${owner.id}/${month}`);
    expect(isSameKey(now ?? new Uint8Array(), record ?? new Uint8Array())).toBe(false);
    await evictDurableObject(ledgerOf(env));
    await tell(owner.id, 'after it');
    expect(await told()).toEqual([...before, { said: 'after it' }]);
    // A database that loses its last rows is told them again, as they lie now.
    for (const sql of [
      "INSERT INTO restores (run, scratch, number, newest, state, begun_at) VALUES ('test', 0, 1, 1, 'working', 0)",
      'DELETE FROM ledger WHERE seq > 0',
      "DELETE FROM restores WHERE run = 'test'",
    ])
      await env.DB.prepare(sql).run();
    await tell(owner.id, 'and then');
    expect(await told()).toEqual([...before, { said: 'after it' }, { said: 'and then' }]);
  });

  it('is found by whose it is, and the others of its month are not read for it', async () => {
    let plan: Promise<D1Result<{ detail: string }>> | undefined;
    const db = new Proxy(env.DB, {
      get: (target, name) =>
        name === 'prepare'
          ? (query: string) => ({
              bind: (...values: unknown[]) => {
                plan = target
                  .prepare(`EXPLAIN QUERY PLAN ${query}`)
                  .bind(...values)
                  .all();
                return target.prepare(query).bind(...values);
              },
            })
          : (Reflect.get(target, name) as unknown),
    });
    const found = await new LedgerTable(db).detailsOf(owner.id, { from: 0, to: Date.now() + 1 }, 10);
    expect(found.length).toBeGreaterThan(0);
    const [step] = (await plan)?.results ?? [];
    expect(step?.detail).toMatch(/USING INDEX ledger_details \(<expr>=\? AND at>\? AND at<\?\)/);
  });

  it('and is told meanwhile is read as what came before and after', async () => {
    const telling = Promise.all(Array.from({ length: 12 }, (_, n) => tell(owner.id, `number ${n}`)));
    const folding = Array.from({ length: 6 }, (_, n) => {
      const entry = {
        id: crypto.randomUUID(),
        at: Date.now(),
        actor: owner.id,
        action: 'me.address',
      } as const;
      const personal = { of: owner.id, what: { said: `folded ${n % 2}` } };
      return ledgerOf(env).fold([
        { key: `${n % 2}`, told: { ...entry, outcome: 'refused', personal }, count: 1 },
      ]);
    });
    for (let n = 0; n < 4; n++) await renewed();
    await Promise.all([telling, ...folding]);
    await renewed();
    const said = (await told()).map((personal) => (personal as { said?: string }).said);
    expect(said).toEqual(expect.arrayContaining(['from afar', 'folded 0', 'folded 1']));
    expect(said.filter((each) => each?.startsWith('number'))).toHaveLength(12);
  });

  it('stays destroyed where it was, and stays under its key where it can’t be stored', async () => {
    const before = await told();
    const key = () =>
      env.DB.prepare('SELECT hex(key) AS hex FROM ledger_keys WHERE owner = ?').bind(owner.id).first('hex');
    const was = await key();
    await env.DB.prepare(
      `CREATE TRIGGER full BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'no room'); END`,
    ).run();
    await runInDurableObject(ledgerOf(env), async (object) => {
      await expect(object.renewMonth({ owner: owner.id, month })).rejects.toThrow('no room');
    });
    await env.DB.prepare('DROP TRIGGER full').run();
    expect([await key(), await told()]).toEqual([was, before]);
    await ledgerOf(env).forget(owner.id);
    await renewed();
    expect(await key()).toBe('');
    expect((await told()).every((personal) => personal === 'erased')).toBe(true);
    expect(await keyStore(env.KEYS).get('ledger', `${owner.id}/${month}`)).toBeUndefined();
  });

  it('K34 stays as it is where it lies in the archive, and whoever may rotate keys is told how much that is', async () => {
    const archived = async () =>
      (await call<KeysAnswer>('GET', '/api/v1/keys', { token: owner.access })).body.archived;
    const keys = async () =>
      (await env.DB.prepare(`SELECT owner, hex(key) AS key FROM ledger_keys WHERE key <> x''`).all()).results;
    const enters = async () => {
      for (let n = 0; n < 30; n++) {
        const one = { at: Date.now(), actor: null, action: 'ledger.check', outcome: 'done' } as const;
        const ten = Array.from({ length: 10 }, () => ({ id: crypto.randomUUID(), ...one }));
        await ledgerOf(env).append(ten);
      }
      await ledgerOf(env).checkpoint();
    };
    expect(await archived()).toBe(0);
    await enters();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 401 * 86_400_000 });
    expect(await ledgerOf(env).archive()).toMatchObject({ moved: 256 });
    vi.useRealTimers();
    await enters();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 401 * 86_400_000 });
    await tell(ada.id, 'of a later month');
    vi.useRealTimers();
    const before = await keys();
    await emergencyPortion(env, 'emergency-1', 'ledger');
    const after = await keys();
    const renewed = before.filter(({ key }) => !after.some((each) => each['key'] === key));
    expect(renewed.map((each) => each['owner'])).toEqual([ada.id]);
    expect(await archived()).toBe(before.length - 1);
    // What was destroyed is sealed under nothing.
    await ledgerOf(env).forget(owner.id);
    expect(await archived()).toBe(before.length - 2);
    // Where all of it lies there, so may every month.
    await new LedgerTable(env.DB).dropBefore((await ledgerOf(env).checkpoint()).size);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 401 * 86_400_000 });
    await emergencyPortion(env, 'emergency-1', 'ledger');
    vi.useRealTimers();
    expect(await keys()).toEqual(after.filter((each) => each['owner'] !== owner.id));
  });

  it('is all that may change of a row: no leaf does, and no entry gets or loses any', async () => {
    for (const sql of [
      `UPDATE ledger SET leaf = '{}' WHERE seq = 0`,
      'UPDATE ledger SET seq = 999999 WHERE seq = 0',
      'UPDATE ledger SET details = NULL WHERE details IS NOT NULL',
      `UPDATE ledger SET details = x'00' WHERE details IS NULL`,
    ])
      await expect(env.DB.prepare(sql).run(), sql).rejects.toThrow('append-only');
  });
});

describe('K27 one press', () => {
  it('renews the keys that wrap, seal and sign, waits, seals everything anew, and begins a full backup', async () => {
    await beginAs(ada);
    await stands(ada, 1);
    const before = await read();
    await backedUp();
    const purposes = async () =>
      (await keyTable(env.DB).all()).map(({ purpose, state }) => `${purpose} ${state}`).toSorted();
    const entered = await size();
    expect(
      (
        await call<KeysAnswer>('POST', '/api/v1/emergency', {
          token: owner.access,
          body: { conversation: null },
        })
      ).status,
    ).toBe(202);
    expect(await purposes()).toEqual(
      expect.arrayContaining([
        'data retired',
        'pepper retired',
        'token retired',
        'data active',
        'pepper active',
      ]),
    );
    const standing = async () =>
      (await call<KeysAnswer>('GET', '/api/v1/keys', { token: owner.access })).body.emergency;
    expect(await standing()).toMatchObject({ isOver: false, stage: 'wait', left: 0 });
    // Pressed again it is the same.
    const keys = await purposes();
    await sealAnew(env, null, Date.now());
    expect(await purposes()).toEqual(keys);
    await env.DB.prepare(`UPDATE keys SET created_at = created_at - 180000 WHERE purpose = 'data'`).run();
    await expect
      .poll(standing, { timeout: 40_000, interval: 500 })
      .toMatchObject({ isOver: true, stage: null, left: 0 });
    expect(await read()).toEqual(before);
    const backups = await new BackupStore(env.DB).all();
    expect(backups.at(-1)).toMatchObject({ isFull: true });
    await expect
      .poll(async () => (await new BackupStore(env.DB).all()).at(-1)?.state, { timeout: 20_000 })
      .toBe('whole');
    expect((await since(entered)).map(({ action }) => action)).toContain('keys.rotate');
  }, 90_000);
});

describe('K28 somebody who is erased', () => {
  it('while it goes on leaves nothing behind, and after it neither', async () => {
    const bob = await vouched('Bob', 'bob@example.com');
    await Promise.all([
      sealRowAnew(env, 'visitors', ada.id).catch(() => undefined),
      eraseVisitor(env, ada.id),
      sealRowAnew(env, 'visitors', ada.id).catch(() => undefined),
    ]);
    await sealRowAnew(env, 'visitors', bob.id);
    await eraseVisitor(env, bob.id);
    for (const { id } of [ada, bob]) {
      expect((await env.KEYS.list({ prefix: `visitor/${id}` })).objects).toEqual([]);
      expect(await env.DB.prepare('SELECT 1 FROM visitors WHERE id = ?').bind(id).first()).toBeNull();
    }
  });
});

describe('K29 an older backup', () => {
  it('brings back nothing that was sealed anew since, nor is stopped by it; the one made after brings all', async () => {
    const older = await backedUp();
    for (const name of rowsNames)
      for (const { id } of (await env.DB.prepare(`SELECT id FROM ${name}`).all<{ id: string }>()).results)
        if (id !== owner.id) await sealRowAnew(env, name, id);
    const before = await read();
    const newer = await backedUp();
    await lost();
    const restore = await putBack(older);
    expect(restore).toMatchObject({
      state: 'done',
      counts: { 'left out visitors': 1, 'left out bans': 1 },
    });
    // Incidents come from the newest backup, whichever is put back (R10).
    expect(await fullView(env, await incidentOf(env, incident))).toEqual(before.incident);
    expect(await factsOf(env, ada.id)).toMatchObject({ name: null, address: null });
    expect(await listBans(env, Date.now())).toEqual([]);
    expect(await env.DB.prepare('SELECT wish, key FROM requests WHERE id = ?').bind(request).first()).toEqual(
      {
        wish: null,
        key: null,
      },
    );
    expect(await (await memberOf()).name()).toBe(before.staff[0]);
    await lost();
    expect(await putBack(newer)).toMatchObject({ state: 'done', counts: { 'table visitors': 1 } });
    expect({ ...(await read()), session: 200 }).toEqual(before);
  }, 60_000);

  it('is no difference to the drill', async () => {
    const number = await backedUp();
    await driven();
    const run = 'drill-of-sealing-anew';
    expect(
      await new RestoreStore(env.DB).begin({ run, isScratch: true, number, newest: number }, Date.now()),
    ).toBe(true);
    for (let place: string | null = null; ;) {
      ({ place } = await drillPortion(env, run, place));
      if (place === null) break;
    }
    expect(await new RestoreStore(env.DB).ofRun(run)).toMatchObject({ state: 'done', wrong: null });
    expect((await new RestoreStore(env.DB).counts(run))['rows sealed anew since']).toBeGreaterThan(3);
  }, 60_000);
});
