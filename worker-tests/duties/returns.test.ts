/** What was lost here comes back from a backup while everything goes on: one conversation, or all of one visitor's. */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationKeyPlace, conversationOf } from '../../src/chat/conversation.ts';
import { vaultOf } from '../../src/config.ts';
import { eraseFromDirectory, registerErased } from '../../src/chat/directory.ts';
import { restrict } from '../../src/duties/privacy/restricting.ts';
import { returnPortion, seeToReturns } from '../../src/duties/restore.ts';
import { ReturnStore } from '../../src/duties/restore/store.ts';
import { ledgerOf } from '../../src/ledger.ts';
import { accountOf } from '../../src/people/account.ts';
import { visitorKeyPlace } from '../../src/people/visitor.ts';
import type { Message } from '../../src/protocol/frames.ts';
import { type ConversationId, newId, type VisitorId } from '../../src/protocol/ids.ts';
import type { ReturnAnswer } from '../../src/protocol/restore.ts';
import { keyStore } from '../../src/vault.ts';
import { accessFor, call, join, type Member, newTeam, signedIn } from '../cast.ts';
import {
  begins,
  cookieOf,
  here,
  later,
  load,
  mark,
  open,
  owner,
  released,
  talk,
  text,
} from '../chat/files-scene.ts';
import { act, hears, places, recorded, rows } from '../chat/scene.ts';
import { aMinuteLater, since, size } from '../ledger/scene.ts';
import { backedUp, beginsWithNothing } from './restore-scene.ts';
import { enters } from '../ledger/elsewhere.ts';

const store = new ReturnStore(env.DB);
let count = 0;

beforeEach(async () => {
  await beginsWithNothing();
  await begins();
  await stands(talk.id);
});

afterEach(() => {
  vi.useRealTimers();
});

const said = async (words: string) => {
  talk.customer.post(words);
  await hears(talk.customer, words);
};
const line = (id: string) => env.DB.prepare('SELECT * FROM conversations WHERE id = ?').bind(id).first();
const stands = async (id: ConversationId) => {
  await expect.poll(() => line(id)).not.toBeNull();
  await recorded(id);
};
const read = async (id: string, by = owner) =>
  (
    await call<{ messages: Message[] }>('GET', `/api/v1/conversations/${id}/messages?limit=50`, {
      token: by.access,
    })
  ).body.messages;
/** The storage of its object is gone, by a fault. */
async function wiped(...ids: ConversationId[]): Promise<void> {
  for (const id of ids)
    await runInDurableObject(conversationOf(env, id), (_, { storage }) => storage.deleteAll());
  await abortAllDurableObjects();
}
const ask = (number: number, id: string, by: Member = owner) =>
  call<ReturnAnswer>('POST', '/api/v1/backups/returns', { token: by.access, body: { number, id } });
/** Enters what is wanted, and does its portions, each as often as this says, up to a place. */
async function putBack(
  number: number,
  wanted: string,
  { times = 1, until = (_: string) => false }: { times?: number; until?: (place: string) => boolean } = {},
) {
  const run = `return-of-the-test-${count++}`;
  expect(await store.begin({ run, number, wanted }, Date.now() + count)).toBe(true);
  return goOn(run, null, times, until);
}
async function goOn(
  run: string,
  from: string | null,
  times = 1,
  until: (place: string) => boolean = () => false,
) {
  let place: string | null = from;
  do {
    const at: string | null = place;
    for (let time = 0; time < times; time++) {
      const { place: to } = await returnPortion(env, run, at);
      if (time === 0 || to !== null) place = to;
    }
  } while (place !== null && !until(place));
  return { ...(await store.ofRun(run)), run, place, counts: await store.counts(run) };
}

describe('R30 one conversation comes back', () => {
  it('that was lost, with its notes, files, line and inbox, in another epoch, while others go on', async () => {
    const file = await released(text(mark));
    talk.desk.note('Only for us');
    await hears(talk.desk, 'Only for us');
    await stands(talk.id);
    const before = places(await read(talk.id));
    const other = talk;
    await begins();
    await stands(talk.id);
    const number = await backedUp();
    await said('After the backup, elsewhere');
    const untouched = places(await read(talk.id));
    await wiped(other.id);
    await env.DB.prepare('DELETE FROM conversations WHERE id = ?').bind(other.id).run();
    for (const { key } of (await env.FILES.list({ prefix: `${other.id}/` })).objects)
      await env.FILES.delete(key);
    expect(await putBack(number, other.id)).toMatchObject({
      ...{ state: 'done', wrong: null },
      counts: { conversations: 1, files: 1 },
    });
    expect(places(await read(other.id))).toEqual(before);
    expect(await line(other.id)).toMatchObject({ visitor: other.visitor.id });
    expect((await rows(other.id, 'SELECT epoch FROM conversation'))[0]?.['epoch']).not.toBe(other.epoch);
    const opened = await open(owner.access, file, { reason: 'To see whether it is there.' }, other.id);
    expect(opened.status, opened.text).toBe(200);
    expect(await (await load(opened.body.address, { cookie: cookieOf(opened) })).text()).toContain(mark);
    expect(places(await read(talk.id))).toEqual(untouched);
    expect(await env.DB.prepare('SELECT 1 FROM return_lines').first()).toBeNull();
  });
});

/** Another conversation of the visitor of `talk`, as its backup has it. */
async function another(of: VisitorId): Promise<ConversationId> {
  await begins();
  await stands(talk.id);
  await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) =>
    storage.sql.exec('UPDATE conversation SET visitor = ?', of),
  );
  await env.DB.prepare('UPDATE conversations SET visitor = ? WHERE id = ?').bind(of, talk.id).run();
  await abortAllDurableObjects();
  return talk.id;
}

describe('R31 all of one visitor’s comes back', () => {
  it('but for what is there, and so do they; others do not', async () => {
    const visitor = talk.visitor.id;
    const first = talk.id;
    const second = await another(visitor);
    await begins();
    const stranger = talk.id;
    await stands(stranger);
    const { record } = await (await vaultOf(env)).newDataKey(visitorKeyPlace(visitor));
    await keyStore(env.KEYS).put('visitor', visitor, record);
    await env.DB.prepare(`INSERT INTO visitors (id, site, key, created_at, seen_at) VALUES (?, ?, ?, 1, 1)`)
      .bind(visitor, here.site, record)
      .run();
    const number = await backedUp();
    await wiped(first, stranger);
    const epoch = async (id: ConversationId) => (await rows(id, 'SELECT epoch FROM conversation'))[0];
    const kept = await epoch(second);
    await env.DB.batch([
      env.DB.prepare('DELETE FROM visitors WHERE id = ?').bind(visitor),
      env.DB.prepare('DELETE FROM conversations WHERE id IN (?, ?)').bind(first, stranger),
    ]);
    const before = await size();
    expect(await putBack(number, visitor)).toMatchObject({
      state: 'done',
      counts: { conversations: 1, 'conversations that were there': 1, 'table visitors': 1 },
    });
    expect(places(await read(first)).length).toBeGreaterThan(0);
    expect(await epoch(second)).toEqual(kept);
    expect(await line(stranger)).toBeNull();
    expect(await env.DB.prepare('SELECT key FROM visitors WHERE id = ?').bind(visitor).first()).toEqual({
      key: [...record],
    });
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...{ actor: null, action: 'backup.return', subject: visitor },
        facts: { number, isWhole: true, conversations: 1, files: 0, leftOut: 0 },
      }),
    );
    // Done again nothing is missing any more.
    expect(await putBack(number, visitor)).toMatchObject({
      state: 'done',
      counts: { 'conversations that were there': 2 },
    });
  });
});

describe('R32 nothing is put over what is there', () => {
  it('and it is refused at the door, or passed over, and stays as it is', async () => {
    const number = await backedUp();
    await said('Said since');
    const before = places(await read(talk.id));
    const [epoch] = await rows(talk.id, 'SELECT epoch FROM conversation');
    expect((await ask(number, talk.id)).body).toMatchObject({ code: 'still_there' });
    expect(await putBack(number, talk.id)).toMatchObject({
      state: 'done',
      counts: { 'conversations that were there': 1 },
    });
    expect(places(await read(talk.id))).toEqual(before);
    expect(await rows(talk.id, 'SELECT epoch FROM conversation')).toEqual([epoch]);
  });
});

describe('R33 what was erased, or is opened by no key, does not come back', () => {
  it('a conversation or a visitor that the register has, by name', async () => {
    const number = await backedUp();
    const erased = talk;
    expect(await conversationOf(env, talk.id).erase(null)).toBe(true);
    expect((await ask(number, erased.id)).body).toMatchObject({ code: 'erased' });
    expect(await putBack(number, erased.id)).toMatchObject({
      state: 'done',
      counts: { 'erased conversations': 1 },
    });
    expect(await rows(erased.id, 'SELECT name FROM sqlite_master')).toEqual([]);
    expect(await line(erased.id)).toBeNull();
    await begins();
    await stands(talk.id);
    const later = await backedUp();
    await wiped(talk.id);
    await registerErased(env, talk.visitor.id, Date.now());
    expect((await ask(later, talk.visitor.id)).body).toMatchObject({ code: 'erased' });
    expect(await putBack(later, talk.visitor.id)).toMatchObject({ counts: { 'erased conversations': 1 } });
    expect(await rows(talk.id, 'SELECT name FROM sqlite_master')).toEqual([]);
  });

  it('nor does any key or file of one stay that had lost its storage before it was erased', async () => {
    const file = await released(text(mark));
    await stands(talk.id);
    const number = await backedUp();
    for (const erases of ['erase', 'expire'] as const) {
      await wiped(talk.id);
      const object = conversationOf(env, talk.id);
      expect(await (erases === 'erase' ? object.erase(null) : object.expire())).toBe(true);
      for (const kind of ['conversation', 'file'])
        expect((await env.KEYS.list({ prefix: `${kind}/${talk.id}/` })).objects).toEqual([]);
      expect((await env.FILES.list({ prefix: `${talk.id}/` })).objects).toEqual([]);
      await env.DB.prepare('DELETE FROM erased').run();
      expect(await putBack(number, talk.id)).toMatchObject({ counts: { 'left out conversations': 1 } });
      await keyStore(env.KEYS).put('file', `${talk.id}/${file}`, new Uint8Array(1));
    }
  });

  it('nor one that was erased while it was on its way', async () => {
    await released(text(mark));
    await stands(talk.id);
    const number = await backedUp();
    await wiped(talk.id);
    await env.DB.prepare('DELETE FROM conversations').run();
    const { run, place } = await putBack(number, talk.id, { until: (at) => at.startsWith('open') });
    // As if that had come between its being looked for and its being put back.
    await eraseFromDirectory(env, talk.id, false, Date.now());
    expect(await goOn(run, place)).toMatchObject({ state: 'done', counts: { 'erased conversations': 1 } });
    expect(await rows(talk.id, 'SELECT name FROM sqlite_master')).toEqual([]);
    expect(await line(talk.id)).toBeNull();
    expect((await env.FILES.list({ prefix: `${talk.id}/` })).objects).toEqual([]);
  });

  it('nor one whose key is nowhere, or is another one since', async () => {
    const number = await backedUp();
    await wiped(talk.id);
    await env.DB.prepare('DELETE FROM conversations').run();
    const good = (await keyStore(env.KEYS).get('conversation', `${talk.id}/1`)) ?? new Uint8Array();
    const { record } = await (await vaultOf(env)).newDataKey(conversationKeyPlace(talk.id, 1));
    await keyStore(env.KEYS).put('conversation', `${talk.id}/1`, record);
    const left = { state: 'done', counts: { 'left out conversations': 1 } };
    expect(await putBack(number, talk.id)).toMatchObject(left);
    await keyStore(env.KEYS).deleteAll('conversation', talk.id);
    expect((await ask(number, talk.id)).body).toMatchObject({ code: 'key_gone' });
    expect(await putBack(number, talk.id)).toMatchObject(left);
    expect(await rows(talk.id, 'SELECT name FROM sqlite_master')).toEqual([]);
    expect(await line(talk.id)).toBeNull();
    await keyStore(env.KEYS).put('conversation', `${talk.id}/1`, good);
    expect(await putBack(number, talk.id)).toMatchObject({ counts: { conversations: 1 } });
  });

  it('K23 what was lost while all others were sealed anew comes back, and is sealed anew then', async () => {
    await stands(talk.id);
    const number = await backedUp();
    await wiped(talk.id);
    const { results: before } = await env.DB.prepare('SELECT id FROM runs').all();
    const insert = `INSERT INTO runs (id, duty, begun_at, moved_at, over_at) VALUES (?, 'emergency', ?2, ?2, ?2)`;
    await env.DB.prepare(insert).bind('emergency-1', 1).run();
    expect(await putBack(number, talk.id)).toMatchObject({ state: 'done' });
    expect((await env.DB.prepare('SELECT id FROM runs').all()).results.length).toBe(before.length + 1);
    await wiped(talk.id);
    await env.DB.prepare(insert).bind(`emergency-${Date.now()}`, Date.now()).run();
    const keys = async () => {
      const found = await env.KEYS.list({ prefix: `conversation/${talk.id}` });
      return found.objects.map(({ etag }) => etag);
    };
    const old = await keys();
    expect(old.length).toBeGreaterThan(0);
    expect(await putBack(number, talk.id)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
    await expect
      .poll(() =>
        env.DB.prepare(`SELECT over_at FROM runs WHERE id LIKE ?`)
          .bind(`emergency-%-${talk.id}`)
          .first('over_at'),
      )
      .not.toBeNull();
    for (const etag of await keys()) expect(old).not.toContain(etag);
    expect(places(await read(talk.id)).length).toBeGreaterThan(0);
    await env.DB.prepare(`DELETE FROM runs WHERE duty = 'emergency'`).run();
  });

  it('and what is restricted today is so from the first moment', async () => {
    const number = await backedUp();
    await wiped(talk.id);
    await env.DB.prepare('DELETE FROM conversations').run();
    await restrict(env, talk.visitor.id, owner.id, true, Date.now());
    expect(await putBack(number, talk.id)).toMatchObject({ counts: { conversations: 1 } });
    expect(await rows(talk.id, 'SELECT "on" FROM restriction')).toEqual([{ on: 1 }]);
    const agent = await call('GET', `/api/v1/conversations/${talk.id}/messages?limit=50`, {
      token: here.anna.access,
    });
    expect(agent.body.code).toBe('restricted');
  });
});

it('R33 where its line is there still, it comes back to those who may read it today', async () => {
  const number = await backedUp();
  const other = await newTeam();
  expect((await act('hand-over', talk.id, here.anna.access, { to: other })).status).toBe(200);
  await expect.poll(async () => (await line(talk.id))?.['team']).toBe(other);
  await recorded(talk.id);
  await wiped(talk.id);
  expect(await putBack(number, talk.id)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
  expect(await line(talk.id)).toMatchObject({ team: other, state: 'waiting', assignee: null });
  expect(await rows(talk.id, 'SELECT team, state, assignee FROM conversation')).toEqual([
    { team: other, state: 'waiting', assignee: null },
  ]);
  const reads = async (by: Member) =>
    (await call('GET', `/api/v1/conversations/${talk.id}/messages?limit=50`, { token: by.access })).status;
  expect([await reads(here.anna), await reads(owner)]).toEqual([404, 200]);
  // Without one it comes back as it was.
  await wiped(talk.id);
  await env.DB.prepare('DELETE FROM conversations').run();
  expect(await putBack(number, talk.id)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
  expect(await line(talk.id)).toMatchObject({ team: here.team, state: 'claimed', assignee: here.anna.id });
});

it('R37 a consent that was taken back since stays so, and what was agreed to by it is closed', async () => {
  const agreed = Date.now();
  await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) =>
    storage.sql.exec(`UPDATE conversation SET consent_version = 'v2', consent_at = ?`, agreed),
  );
  await abortAllDurableObjects();
  const number = await backedUp();
  const withdrawn = await call('POST', `/api/v1/sites/${here.site}/visitor/consents/withdraw`, {
    ...{ token: talk.visitor.access, body: { version: 'v2' } },
  });
  expect(withdrawn.status, withdrawn.text).toBe(200);
  const consent = async () => (await conversationOf(env, talk.id).consent(talk.visitor.id))?.withdrawnAt;
  expect(await consent()).toBeGreaterThanOrEqual(agreed);
  await recorded(talk.id);
  await ledgerOf(env).checkpoint();
  for (const where of ['its line is there', 'nothing is']) {
    await wiped(talk.id);
    if (where === 'nothing is') await env.DB.prepare('DELETE FROM conversations').run();
    expect(await putBack(number, talk.id)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
    expect(await consent()).toBeGreaterThanOrEqual(agreed);
    expect(await line(talk.id)).toMatchObject({ state: 'closed' });
  }
});

it('R37 a legal hold that was put or ended since the backup stands', async () => {
  const hold = async (reason: string | null) => {
    const path = `/api/v1/conversations/${talk.id}/hold`;
    const { status, text } = await call('PUT', path, { token: owner.access, body: { reason } });
    expect(status, text).toBe(200);
    await recorded(talk.id);
    await ledgerOf(env).checkpoint();
  };
  const held = async () => [
    await conversationOf(env, talk.id).isHeld(),
    (await line(talk.id))?.['held'],
    await rows(talk.id, 'SELECT hold_by AS by FROM conversation'),
  ];
  const free = await backedUp();
  await hold('A court has asked for it.');
  const kept = await backedUp();
  await wiped(talk.id);
  expect(await putBack(free, talk.id)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
  expect(await held()).toEqual([true, 1, [{ by: owner.id }]]);
  await hold(null);
  await wiped(talk.id);
  expect(await putBack(kept, talk.id)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
  expect(await held()).toEqual([false, 0, [{ by: null }]]);
});

it('R41 a legal hold of which nobody knows what became counts as put, which is said and not told the customer', async () => {
  const number = await backedUp();
  const about = {
    actor: owner.id,
    session: owner.session,
    object: talk.id,
    action: 'conversation.hold',
  } as const;
  const entry = (facts: object = {}) => ({
    ...{ id: crypto.randomUUID(), at: Date.now(), ...about },
    facts: { door: 'PUT /conversations/:id/hold', ...facts },
  });
  const putBackNow = async () => {
    await ledgerOf(env).checkpoint();
    await wiped(talk.id);
    const before = await size();
    const { state, counts } = await putBack(number, talk.id);
    expect(state).toBe('done');
    const [told] = (await since(before)).filter(({ action }) => action === 'backup.return');
    expect(Object.keys(told?.facts ?? {}).toSorted()).toEqual([
      ...['conversations', 'files', 'isWhole', 'leftOut', 'number'],
    ]);
    const [row] = await rows(talk.id, 'SELECT hold_by AS by FROM conversation');
    return [await conversationOf(env, talk.id).isHeld(), row?.['by'], counts['legal holds to look at'] ?? 0];
  };
  const tell = async (outcome: 'done' | 'failed' | 'unknown', facts?: object) => {
    await ledgerOf(env).append([{ ...entry(facts), subject: talk.visitor.id, outcome }]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1 });
  };
  // It was begun, and nothing was heard of it again.
  await ledgerOf(env).begin({ ...entry(), outcome: 'unknown' });
  await aMinuteLater();
  expect(await putBackNow()).toEqual([true, owner.id, 1]);
  // Whoever looks at it ends it.
  await tell('done', { on: false });
  expect(await putBackNow()).toEqual([false, null, 0]);
  // Nobody was told whether it came to the conversation.
  await tell('failed', { on: true });
  expect(await putBackNow()).toEqual([true, owner.id, 1]);
  await tell('done', { on: true });
  expect(await putBackNow()).toEqual([true, owner.id, 0]);
  await tell('failed', { on: false });
  expect(await putBackNow()).toEqual([true, owner.id, 1]);
  await tell('done', { on: false });
  // What failed before it was known what was wanted has done nothing.
  await tell('failed');
  expect(await putBackNow()).toEqual([false, null, 0]);
});

it('R37 what was taken back or destroyed since the backup stays so, and what has its number since does not', async () => {
  await said('To be destroyed');
  await stands(talk.id);
  const number = await backedUp();
  await said('Said after the backup');
  const destroy = async (seq: number) => {
    const wish = { seq, how: 'redacted' };
    expect((await act('removals', talk.id, here.sue.access, wish)).status).toBe(200);
    await recorded(talk.id);
  };
  const last = async () => (await read(talk.id)).at(-1);
  const seq = (await last())?.seq ?? 0;
  await destroy(seq - 1);
  await destroy(seq);
  await wiped(talk.id);
  expect(await putBack(number, talk.id)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
  expect(await last()).toMatchObject({
    ...{ seq: seq - 1, text: '' },
    removed: { how: 'redacted', by: { kind: 'staff', id: here.sue.id } },
  });
  const customer = await join(talk.id, talk.visitor.access);
  customer.post('Another one with that number');
  expect((await hears(customer, 'Another one with that number')).seq).toBe(seq);
  await stands(talk.id);
  const newest = await backedUp();
  await wiped(talk.id);
  expect(await putBack(newest, talk.id)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
  expect(await last()).toMatchObject({ seq, text: 'Another one with that number' });
});

describe('R34 a backup that is not as it was signed is refused with its place', () => {
  it('before anything is written', async () => {
    await released(text(mark));
    await stands(talk.id);
    const number = await backedUp();
    await wiped(talk.id);
    await env.DB.prepare('DELETE FROM conversations').run();
    const keys = (await env.BACKUPS.list()).objects.map(({ key }) => key);
    const file = keys.find((key) => key.startsWith(`objects/files/${talk.id}/`)) ?? '';
    const part = keys.find((key) => /^\d{8}\/000000-/.test(key)) ?? '';
    for (const name of [part, file]) {
      const bytes = await (await env.BACKUPS.get(name))?.bytes();
      if (bytes === undefined) throw new Error('there is no such part');
      await env.BACKUPS.put(name, bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
      const before = await size();
      const wrong = `${name} is not what was signed`;
      expect(await putBack(number, talk.id)).toMatchObject({ state: 'failed', wrong });
      expect(await line(talk.id)).toBeNull();
      expect(await rows(talk.id, 'SELECT name FROM sqlite_master')).toEqual([]);
      expect(await since(before)).toContainEqual(
        expect.objectContaining({
          ...{ action: 'backup.return', object: talk.id },
          facts: expect.objectContaining({ isWhole: false, conversations: 0 }) as object,
        }),
      );
      await env.BACKUPS.put(name, bytes);
    }
    await env.BACKUPS.put(`${String(number).padStart(8, '0')}/manifest`, 'nothing that was signed');
    expect((await ask(number, talk.id)).body).toMatchObject({ code: 'backup_refused' });
    expect((await ask(number + 1, talk.id)).body).toMatchObject({ code: 'backup_refused' });
  });

  it('and what it holds nothing of is said', async () => {
    const number = await backedUp();
    const none = newId('conversation');
    expect(await putBack(number, none)).toMatchObject({
      state: 'failed',
      wrong: `Backup ${number} holds nothing of ${none} that is not here`,
    });
  });
});

describe('R35 putting back that is cut off', () => {
  it('goes on where it stopped, and comes to the same, whichever portion is done twice', async () => {
    const file = await released(text(mark));
    await stands(talk.id);
    const before = places(await read(talk.id));
    const number = await backedUp();
    const cuts = ['look', 'verify', 'visitor', 'directory', 'objects', 'conversations', 'open', 'end'];
    for (const stage of cuts) {
      await wiped(talk.id);
      await env.DB.prepare('DELETE FROM conversations').run();
      const { run, place } = await putBack(number, talk.id, { until: (at) => at.startsWith(stage) });
      await abortAllDurableObjects();
      expect(await goOn(run, place, 2)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
      expect(places(await read(talk.id))).toEqual(before);
      expect((await open(owner.access, file, { reason: 'To see.' })).status).toBe(200);
    }
  });

  it('leaves nothing where it can’t go on, and all that was there', async () => {
    const { visitor } = talk;
    await released(text(mark));
    await released(text(`${mark} once more`));
    await stands(talk.id);
    const { record } = await (await vaultOf(env)).newDataKey(visitorKeyPlace(visitor.id));
    await keyStore(env.KEYS).put('visitor', visitor.id, record);
    await env.DB.prepare(`INSERT INTO visitors (id, site, key, created_at, seen_at) VALUES (?, ?, ?, 1, 1)`)
      .bind(visitor.id, here.site, record)
      .run();
    const files = async () => (await env.FILES.list({ prefix: `${talk.id}/` })).objects.map(({ key }) => key);
    const all = await files();
    expect(all.length).toBeGreaterThan(1);
    const number = await backedUp();
    await wiped(talk.id);
    await env.DB.batch(['conversations', 'visitors'].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
    const [kept = '', ...gone] = all;
    await env.FILES.delete(gone);
    const { run, place } = await putBack(number, talk.id, { until: (at) => at.startsWith('open') });
    expect(await line(talk.id)).not.toBeNull();
    expect(await files()).toEqual(all);
    await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) =>
      storage.sql.exec('UPDATE putting_back SET messages = messages + 1'),
    );
    for (let time = 1; time < 10; time++) await expect(goOn(run, place)).rejects.toThrow();
    expect(await goOn(run, place)).toMatchObject({
      state: 'failed',
      wrong: 'Stage open has failed 10 times at one place',
    });
    expect(await line(talk.id)).toBeNull();
    expect(await rows(talk.id, 'SELECT name FROM sqlite_master')).toEqual([]);
    expect(await files()).toEqual([kept]);
    expect(await env.DB.prepare('SELECT id FROM visitors').all()).toMatchObject({ results: [] });
    expect(await putBack(number, talk.id)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
    expect(await files()).toEqual(all);
  });
});

describe('R36 something is put back', () => {
  it('by whoever may, with a new second factor, and the ledger has what and from which backup', async () => {
    const number = await backedUp();
    await wiped(talk.id);
    expect((await ask(number, talk.id, here.sue)).body.code).toBe('not_allowed');
    expect((await ask(number, 'con_nothing')).body.code).toBe('invalid');
    const [session] = await accountOf(env, owner.id).sessions();
    later(6 * 60_000);
    const stale = session && (await accessFor(owner.id, session));
    expect((await ask(number, talk.id, { ...owner, access: stale ?? '' })).body.code).toBe('step_up_needed');
    const before = await size();
    const again = { ...owner, ...(await signedIn(owner.id)) };
    const begun = await ask(number, talk.id, again);
    expect(begun.status, begun.text).toBe(202);
    expect(begun.body.back).toMatchObject({ number, wanted: talk.id, state: 'working' });
    const look = async () => (await store.last())?.state;
    await expect.poll(look, { timeout: 15_000 }).toBe('done');
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...{ actor: owner.id, action: 'backup.putBack', object: talk.id, outcome: 'done' },
        facts: expect.objectContaining({ number }) as object,
      }),
    );
    await enters('duties/returns.test.ts');
    vi.useRealTimers();
    expect(places(await read(talk.id)).length).toBeGreaterThan(0);
  });

  it('one at a time, and what was entered alone is begun by whoever asks again, or in the night', async () => {
    const number = await backedUp();
    await wiped(talk.id);
    expect(await store.begin({ run: 'cut-off', number, wanted: talk.id }, Date.now())).toBe(true);
    expect((await ask(number, newId('conversation'))).body.code).toBe('restoring');
    await seeToReturns(env, Date.now());
    await expect.poll(async () => (await store.last())?.state, { timeout: 15_000 }).toBe('done');
    expect((await ask(number, talk.id)).body.code).toBe('still_there');
  });
});
