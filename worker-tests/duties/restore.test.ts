/** A deployment that is lost but for its backups and the store of keys comes back from them, but for what was erased. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkLedger, ledgerOf } from '../../src/ledger.ts';
import { vaultOf } from '../../src/config.ts';
import { BackupReader } from '../../src/duties/restore/reading.ts';
import { RestoreStore } from '../../src/duties/restore/store.ts';
import { restrict } from '../../src/duties/privacy/restricting.ts';
import { rootView } from '../../src/duties/checks.ts';
import { emergencyPortion, rotate, seeToRoots } from '../../src/duties/rotation.ts';
import { conversationKeyPlace, conversationOf } from '../../src/chat/conversation.ts';
import { numbersPerKey } from '../../src/chat/conversation/rules.ts';
import { registerErased } from '../../src/chat/directory.ts';
import { changeSite } from '../../src/chat/sites.ts';
import { enter } from '../../src/people/recording.ts';
import { RestrictionStore } from '../../src/people/restrictions.ts';
import { personKeyPlace, StaffDirectory } from '../../src/people/staff.ts';
import { plainSettings } from '../../src/protocol/bodies.ts';
import type { Message } from '../../src/protocol/frames.ts';
import type { RestoreAnswer } from '../../src/protocol/restore.ts';
import type { ConversationId, VisitorId } from '../../src/protocol/ids.ts';
import { readLeaf } from '../../src/protocol/ledger-proof.ts';
import { doDuties } from '../../src/schedule.ts';
import { keyStore, keyTable, RETIRING_MS, toBase64url } from '../../src/vault.ts';
import { accessFor, call, join, whence } from '../cast.ts';
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
import { since, size } from '../ledger/scene.ts';
import { accountOf } from '../../src/people/account.ts';
import { newId } from '../../src/protocol/ids.ts';
import { backedUp, beginsWithNothing, drive, lost, nothing, putBack, toPutBack } from './restore-scene.ts';

const setupToken = 'the-setup-token-of-the-tests-and-of-nobody-else';

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
const stands = (id: ConversationId) =>
  expect
    .poll(() => env.DB.prepare('SELECT 1 FROM conversations WHERE id = ?').bind(id).first())
    .not.toBeNull();
/** Does one portion of sealing this one anew. */
const sealedAnew = async (id: ConversationId, place: string | null) =>
  (await emergencyPortion(env, `emergency-1-${id}`, place)).place;
/** As somebody who was signed in before signs in again. */
async function signsIn(id: typeof owner.id): Promise<string> {
  const account = accountOf(env, id);
  expect(
    await account.startSession(
      newId('session'),
      { by: 'totp', step: 1_000 + Math.floor(Math.random() * 1e6) },
      whence,
    ),
  ).toBe('unfinished');
  await account.offerRecoveryCodes(['another code'], 'enrolment');
  const started = await account.finishEnrolment(newId('session'), 'another code', whence, 0);
  if (started === undefined) throw new Error('no session');
  return accessFor(id, started.session);
}
const read = async (id: string, token: string) =>
  (await call<{ messages: Message[] }>('GET', `/api/v1/conversations/${id}/messages?limit=50`, { token }))
    .body.messages;

describe('R9 a whole deployment comes back', () => {
  it('from its backups, the store of keys and KEYRING: messages, notes, files, people, inbox and ledger', async () => {
    await said('Before the first');
    const file = await released(text(mark));
    await backedUp();
    talk.desk.note('Only for us');
    await hears(talk.desk, 'Only for us');
    await said('After the first');
    await stands(talk.id);
    await recorded(talk.id);
    const before = places(await read(talk.id, owner.access));
    const kept = await size();
    const newest = await backedUp();
    await recorded(talk.id);
    await lost();
    const restore = await putBack();
    expect(restore).toMatchObject({ state: 'done', wrong: null, number: newest, newest });
    expect(restore.counts).toMatchObject({ conversations: 1, files: 1 });
    const access = await signsIn(owner.id);
    expect(places(await read(talk.id, access))).toEqual(before);
    expect((await rows(talk.id, 'SELECT epoch FROM conversation'))[0]?.['epoch']).not.toBe(talk.epoch);
    const opened = await open(access, file, { reason: 'To see whether it is there.' });
    expect(opened.status, opened.text).toBe(200);
    expect(await (await load(opened.body.address, { cookie: cookieOf(opened) })).text()).toContain(mark);
    const ear = await join(here.team, access);
    expect((await ear.next('list')).entries.map(({ id }) => id)).toEqual([talk.id]);
    expect(await size()).toBeGreaterThan(kept);
    expect(await checkLedger(env, 0)).toMatchObject({ broken: null });
    expect(await since(kept)).toContainEqual(
      expect.objectContaining({
        action: 'backup.restore',
        facts: expect.objectContaining({ number: newest }) as object,
      }),
    );
  });
});

describe('R10 what was erased stays so', () => {
  it('erase, then restore yesterday’s backup: the conversation and the person stay erased', async () => {
    const yesterday = await backedUp();
    const gone = talk;
    await recorded(gone.id);
    expect(await conversationOf(env, gone.id).erase(null)).toBe(true);
    const kim = `vis_${'K'.repeat(21)}A` as VisitorId;
    await env.DB.prepare(
      `INSERT INTO visitors (id, site, key, created_at, seen_at) VALUES (?, ?, x'00', 1, 1)`,
    )
      .bind(kim, here.site)
      .run();
    await begins();
    await stands(talk.id);
    await registerErased(env, kim, Date.now());
    await backedUp();
    await lost();
    const restore = await putBack(yesterday);
    expect(restore).toMatchObject({ state: 'done', number: yesterday });
    const ids = await env.DB.prepare('SELECT id FROM conversations').all();
    // What was begun after yesterday is not in it, and what was erased since is not put back.
    expect(ids.results).toEqual([]);
    expect(await rows(gone.id, 'SELECT name FROM sqlite_master')).toEqual([]);
    const { results } = await env.DB.prepare('SELECT id FROM erased').all<{ id: string }>();
    expect(results.map(({ id }) => id)).toEqual(expect.arrayContaining([gone.id, kim]));
    expect(await env.DB.prepare('SELECT 1 FROM visitors WHERE id = ?').bind(kim).first()).toBeNull();
    expect((await env.FILES.list({ prefix: `${gone.id}/` })).objects).toEqual([]);
  });

  it('what the store of keys no longer holds does not come back, whatever the register says', async () => {
    const file = await released(text(mark));
    await stands(talk.id);
    await recorded(talk.id);
    const other = talk;
    await begins();
    await stands(talk.id);
    await backedUp();
    await lost();
    await keyStore(env.KEYS).delete('file', `${other.id}/${file}`);
    await keyStore(env.KEYS).deleteAll('conversation', talk.id);
    await keyStore(env.KEYS).delete('person', here.ben.id);
    const restore = await putBack();
    expect(restore.counts).toMatchObject({
      'left out conversations': 1,
      'left out people': 1,
      'left out files': 1,
      'files that can not be opened': 1,
    });
    expect(await env.DB.prepare('SELECT 1 FROM people WHERE id = ?').bind(here.ben.id).first()).toBeNull();
    expect(
      await env.DB.prepare('SELECT 1 FROM team_members WHERE person = ?').bind(here.ben.id).first(),
    ).toBeNull();
    expect(await rows(talk.id, 'SELECT name FROM sqlite_master')).toEqual([]);
    const access = await signsIn(owner.id);
    expect(places(await read(other.id, access)).length).toBeGreaterThan(0);
    expect((await open(access, file, {}, other.id)).body.code).toBe('file_gone');
  });
});

it('R37 what was taken back since the backup stays so, though an older one is put back', async () => {
  await said('To be taken back');
  await stands(talk.id);
  const older = await backedUp();
  const seq = places(await read(talk.id, owner.access)).length;
  const wish = { seq, how: 'redacted' };
  expect((await act('removals', talk.id, here.sue.access, wish)).status).toBe(200);
  await recorded(talk.id);
  await backedUp();
  await lost();
  expect(await putBack(older)).toMatchObject({ state: 'done', counts: { conversations: 1 } });
  const access = await signsIn(owner.id);
  expect((await read(talk.id, access)).at(-1)).toMatchObject({
    seq,
    text: '',
    removed: { how: 'redacted' },
  });
});

it('R41 so does a legal hold of which nobody knows what became, and whoever restores is told how many to look at', async () => {
  const older = await backedUp();
  const about = { actor: owner.id, object: talk.id, action: 'conversation.hold' } as const;
  await ledgerOf(env).append([{ id: crypto.randomUUID(), at: Date.now(), ...about, outcome: 'unknown' }]);
  const kept = await size();
  await backedUp();
  await lost();
  expect(await putBack(older)).toMatchObject({
    state: 'done',
    counts: { conversations: 1, 'legal holds to look at': 1 },
  });
  expect(await conversationOf(env, talk.id).isHeld()).toBe(true);
  expect(await since(kept)).toContainEqual(
    expect.objectContaining({
      action: 'backup.restore',
      facts: expect.objectContaining({ holdsToLookAt: 1 }) as object,
    }),
  );
});

describe('R10 what was sealed anew since the backup', () => {
  /** Both with a file, and stored; the second one is `talk`. */
  const two = async () => {
    const first = { talk, file: await released(text(mark)) };
    await stands(talk.id);
    await recorded(talk.id);
    await begins();
    const second = { talk, file: await released(text(mark)) };
    await stands(talk.id);
    await recorded(talk.id);
    return [first, second] as const;
  };
  const filesIn = async (id: ConversationId) => (await env.FILES.list({ prefix: `${id}/` })).objects;

  it('is left out with its files, and all others come back', async () => {
    const [other, anew] = await two();
    const before = await backedUp();
    const id = anew.talk.id;
    for (let place: string | null = await sealedAnew(id, null); place !== null;)
      place = await sealedAnew(id, place);
    const record = await keyStore(env.KEYS).get('conversation', `${id}/1`);
    await lost();
    const restore = await putBack(before);
    expect(restore).toMatchObject({
      state: 'done',
      counts: { conversations: 1, 'left out conversations': 1 },
    });
    expect(await rows(id, 'SELECT name FROM sqlite_master')).toEqual([]);
    expect(await env.DB.prepare('SELECT 1 FROM conversations WHERE id = ?').bind(id).first()).toBeNull();
    expect(await filesIn(id)).toEqual([]);
    // A newer backup would still open by it.
    expect(await keyStore(env.KEYS).get('conversation', `${id}/1`)).toEqual(record);
    const access = await signsIn(owner.id);
    expect(places(await read(other.talk.id, access)).length).toBeGreaterThan(0);
    expect((await filesIn(other.talk.id)).length).toBeGreaterThan(0);
  });

  it('is as little there where its record is damaged, or names a key that is nowhere', async () => {
    const [other, damaged] = await two();
    await begins();
    await stands(talk.id);
    await backedUp();
    await lost();
    const store = keyStore(env.KEYS);
    const record = async (id: string) => (await store.get('conversation', `${id}/1`)) ?? new Uint8Array();
    const good = await record(damaged.talk.id);
    await store.put('conversation', `${damaged.talk.id}/1`, good.subarray(0, 20));
    await store.put('conversation', `${talk.id}/1`, (await record(talk.id)).with(1, 99));
    expect(await putBack()).toMatchObject({
      state: 'done',
      counts: { conversations: 1, 'left out conversations': 2 },
    });
    expect(places(await read(other.talk.id, await signsIn(owner.id))).length).toBeGreaterThan(0);
  });

  it('a file alone is gone, and the conversation around it is there', async () => {
    const [, { file }] = await two();
    await backedUp();
    const good = await keyStore(env.KEYS).get('file', `${talk.id}/${file}`);
    await runInDurableObject(conversationOf(env, talk.id), (object) => object.renewFile(null));
    expect(await keyStore(env.KEYS).get('file', `${talk.id}/${file}`)).not.toEqual(good);
    await lost();
    expect(await putBack()).toMatchObject({
      state: 'done',
      counts: { conversations: 2, 'files that can not be opened': 1 },
    });
    const access = await signsIn(owner.id);
    expect((await open(access, file)).body.code).toBe('file_gone');
    expect(places(await read(talk.id, access)).length).toBeGreaterThan(0);
  });

  it('a later stretch is cut off, and what was said before it is there', async () => {
    await said('Under the first key');
    await stands(talk.id);
    await recorded(talk.id);
    // As if so many numbers lay in between.
    const vault = await vaultOf(env);
    const fromSeq = numbersPerKey + 1;
    const place = conversationKeyPlace(talk.id, fromSeq);
    const { record } = await vault.newDataKey(place);
    await keyStore(env.KEYS).put('conversation', `${talk.id}/${fromSeq}`, record);
    await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => {
      const [{ keys } = { keys: '' }] = storage.sql
        .exec<{ keys: string }>('SELECT keys FROM conversation')
        .toArray();
      const more = [...(JSON.parse(keys) as unknown[]), [fromSeq, toBase64url(record), true]];
      storage.sql.exec('UPDATE conversation SET keys = ?', JSON.stringify(more));
      storage.sql.exec(
        `INSERT INTO messages SELECT ?, 'later', author_kind, author, at, read, sealed FROM messages LIMIT 1`,
        fromSeq * 2 ** 16,
      );
    });
    await backedUp();
    await lost();
    expect(await putBack()).toMatchObject({
      state: 'done',
      counts: { conversations: 1, 'messages without a key': 1 },
    });
    expect(places(await read(talk.id, await signsIn(owner.id))).at(-1)).toContain('Under the first key');
  });
});

describe('D62 what was restricted comes back so', () => {
  const comesBack = async () => {
    await backedUp();
    await lost();
    const run = await toPutBack();
    // Nobody can sign in yet.
    await drive(run, 1, (place) => place.startsWith('rights'));
    expect(await rows(talk.id, 'SELECT "on" FROM restriction')).toEqual([{ on: 1 }]);
    expect(await rows(talk.id, 'SELECT state FROM conversation')).toEqual([{ state: 'closed' }]);
    await drive(run, 1, undefined, 'rights 0 0 ');
  };

  it('from the first moment: closed to staff, and kept past its time and its files’', async () => {
    const file = await released(text(mark));
    await changeSite(env, here.site, {
      settings: { ...plainSettings, keptDays: 1, files: { ...plainSettings.files, days: 1 } },
    });
    await stands(talk.id);
    await restrict(env, talk.visitor.id, owner.id, true, Date.now());
    await recorded(talk.id);
    await comesBack();
    const access = await signsIn(here.anna.id);
    expect((await call('GET', `/api/v1/conversations/${talk.id}/messages`, { token: access })).body).toEqual(
      expect.objectContaining({ code: 'restricted' }),
    );
    later(400 * 86_400_000);
    await runDurableObjectAlarm(conversationOf(env, talk.id));
    expect(await conversationOf(env, talk.id).expire()).toBe(false);
    const [row] = await rows(
      talk.id,
      `SELECT state, LENGTH(record) AS record FROM files WHERE id = '${file}'`,
    );
    expect(row?.['state']).not.toBe('gone');
    expect(row?.['record']).toBeGreaterThan(0);
  });

  it('wherever it is cut off: it is so before it has heard since when', async () => {
    await stands(talk.id);
    await changeSite(env, here.site, { settings: { ...plainSettings, keptDays: 1 } });
    await restrict(env, talk.visitor.id, owner.id, true, Date.now());
    await recorded(talk.id);
    await backedUp();
    await lost();
    const run = await toPutBack();
    await drive(run, 1, (place) => place.startsWith('open'));
    const restriction = `CREATE TABLE restriction (only INTEGER PRIMARY KEY, "on" INTEGER NOT NULL, at INTEGER NOT NULL)`;
    const cut = `CREATE TRIGGER cut BEFORE INSERT ON restriction WHEN NEW.at > 0 BEGIN SELECT RAISE(ABORT, 'cut off'); END`;
    await rows(talk.id, restriction);
    await rows(talk.id, cut);
    await expect(drive(run, 1, undefined, 'open 0 0 ')).rejects.toThrow('cut off');
    later(400 * 86_400_000);
    await runDurableObjectAlarm(conversationOf(env, talk.id));
    expect(await conversationOf(env, talk.id).expire()).toBe(false);
    vi.useRealTimers();
    expect(await rows(talk.id, 'SELECT "on", at FROM restriction')).toEqual([{ on: 1, at: 0 }]);
    await rows(talk.id, 'DROP TRIGGER cut');
    await drive(run, 1, undefined, 'open 0 0 ');
    expect(await rows(talk.id, 'SELECT "on", at > 0 AS heard FROM restriction')).toEqual([
      { on: 1, heard: 1 },
    ]);
  });

  it('even if it had not heard of it when it was backed up', async () => {
    await stands(talk.id);
    await new RestrictionStore(env.DB).put(talk.visitor.id, owner.id, Date.now());
    await recorded(talk.id);
    expect(await rows(talk.id, 'SELECT state FROM conversation')).not.toEqual([{ state: 'closed' }]);
    await comesBack();
  });
});

describe('R11 a backup that is not as it was signed is refused with its place', () => {
  const part = async (at: number) =>
    (await env.BACKUPS.list()).objects
      .map(({ key }) => key)
      .filter((key) => /^\d{8}\/\d{6}-/.test(key))
      .at(at) ?? '';
  const refused = async () => {
    const restore = await putBack();
    expect(restore).toMatchObject({ state: 'failed', head: null });
    expect(await env.DB.prepare('SELECT 1 FROM keys UNION SELECT 1 FROM conversations').first()).toBeNull();
    return restore.wrong;
  };
  const bytesOf = async (name: string) =>
    new Uint8Array((await (await env.BACKUPS.get(name))?.arrayBuffer()) ?? []);

  it('changed, cut, swapped or missing parts, before anything is written', async () => {
    await begins();
    await backedUp();
    await said('And more');
    await backedUp();
    await lost();
    const [name, other] = [await part(-1), await part(-2)];
    const [bytes, others] = [await bytesOf(name), await bytesOf(other)];
    await env.BACKUPS.put(name, bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
    expect(await refused()).toBe(`${name} is not what was signed`);
    await env.BACKUPS.put(name, bytes.subarray(0, 40));
    expect(await refused()).toBe(`${name} has 40 bytes instead of ${bytes.length}`);
    await env.BACKUPS.put(name, others);
    expect(await refused()).toMatch(new RegExp(`^${name} (is not what was signed|has )`));
    await env.BACKUPS.delete(name);
    expect(await refused()).toBe(`${name} is missing`);
    await env.BACKUPS.put(name, bytes);
    const list = `${name.slice(0, 8)}/parts`;
    const lines = (await (await env.BACKUPS.get(list))?.text()) ?? '';
    await env.BACKUPS.put(list, `${lines.trimEnd().split('\n').toReversed().join('\n')}\n`);
    expect(await refused()).toBe(`${list} is not the list that was signed, or not in its order`);
    await env.BACKUPS.put(list, lines);
    expect(await putBack()).toMatchObject({ state: 'done' });
  });

  it('an older one in a newer one’s place, and a newest that is not the one that is known, at the door', async () => {
    await backedUp();
    const last = await backedUp();
    const folder = String(last).padStart(8, '0');
    const { hash = '' } = (await new BackupReader(env).heads()).at(-1) ?? {};
    await lost();
    const begin = (body: object) =>
      call('POST', '/api/v1/setup/restore', {
        token: setupToken,
        body: { number: null, newest: null, ...body },
      });
    const note = (await (await env.BACKUPS.get(`${folder}/manifest`))?.text()) ?? '';
    const older = (await (await env.BACKUPS.get('00000001/manifest'))?.text()) ?? '';
    await env.BACKUPS.put(`${folder}/manifest`, older);
    expect((await begin({})).body).toMatchObject({
      code: 'backup_refused',
      detail: `${folder}/manifest is the manifest of backup 1, put in the place of another.`,
    });
    await env.BACKUPS.put(`${folder}/manifest`, note);
    const before = hash.startsWith('A') ? hash.replace('A', 'B') : hash.replace(/^./, 'A');
    expect((await begin({ newest: before })).body).toMatchObject({
      code: 'backup_refused',
      detail: `${folder}/manifest is not the newest: another one has been.`,
    });
    expect((await begin({ number: last + 1 })).body).toMatchObject({ code: 'backup_refused' });
    expect(await env.DB.prepare('SELECT 1 FROM restores').first()).toBeNull();
  });
});

describe('R12 a backup is put back', () => {
  it('by whoever has the token of the deployment, where nobody is yet, and is driven to its end', async () => {
    const begin = (token?: string) =>
      call<RestoreAnswer>('POST', '/api/v1/setup/restore', { token, body: { number: null, newest: null } });
    await said('To come back');
    await stands(talk.id);
    await recorded(talk.id);
    await backedUp();
    expect((await begin(setupToken)).body.code).toBe('already_done');
    await lost();
    expect((await begin()).body.code).toBe('signed_out');
    expect((await begin('another token of nobody in particular')).body.code).toBe('signed_out');
    const begun = await begin(setupToken);
    expect(begun.status, begun.text).toBe(202);
    expect(begun.body.restore).toMatchObject({ state: 'working' });
    // Begun again it is the same one.
    expect((await begin(setupToken)).status).toBe(202);
    const first = {
      owner: { name: 'Eve', address: 'eve@example.com', password: 'a long enough pass phrase' },
      team: { name: 'T' },
    };
    expect((await call('POST', '/api/v1/setup', { token: setupToken, body: first })).body.code).toMatch(
      /restoring|already_done/,
    );
    const look = () => call<RestoreAnswer>('GET', '/api/v1/setup/restore', { token: setupToken });
    await expect.poll(async () => (await look()).body.restore?.state, { timeout: 15_000 }).toBe('done');
    expect((await look()).body.restore).toMatchObject({
      stage: null,
      wrong: null,
      counts: { conversations: 1 },
    });
    expect((await begin(setupToken)).body.code).toBe('already_done');
    const last = await backedUp();
    // The next one builds upon none of before, and takes none of their places.
    expect((await new BackupReader(env).heads()).at(-1)).toMatchObject({ number: last, full: true });
  });

  it('while it goes on nobody makes themselves the first owner, and nothing that is timed is done', async () => {
    await backedUp();
    await lost();
    const run = await toPutBack();
    expect((await call<{ needed: boolean }>('GET', '/api/v1/setup')).body.needed).toBe(false);
    const first = {
      owner: { name: 'Eve', address: 'eve@example.com', password: 'a long enough pass phrase' },
      team: { name: 'T' },
    };
    expect((await call('POST', '/api/v1/setup', { token: setupToken, body: first })).body.code).toBe(
      'restoring',
    );
    await doDuties(env, '17 3 * * *', Date.now());
    expect((await env.DB.prepare('SELECT duty FROM runs').all()).results).toEqual([]);
    await drive(run);
    expect((await call<{ needed: boolean }>('GET', '/api/v1/setup')).body.needed).toBe(false);
  });

  it('where the empty deployment has keys and entries of its own, which go; what is told meanwhile is entered late', async () => {
    await stands(talk.id);
    await backedUp();
    await lost();
    // Somebody has tried to sign in, and the night has passed.
    await (await vaultOf(env)).reload(Date.now());
    await enter(env, {
      actor: null,
      action: 'ledger.check',
      personal: { of: 'nobody', what: { network: '192.0.2.0/24' } },
    });
    await ledgerOf(env).checkpoint();
    const run = await toPutBack();
    await drive(run, 1, (place) => place.startsWith('settle'));
    await enter(env, { actor: null, action: 'ledger.check', facts: { size: 1 } });
    later(RETIRING_MS + 1_000);
    await drive(run, 1, undefined, 'settle 0 0 ');
    vi.useRealTimers();
    expect(await new RestoreStore(env.DB).ofRun(run)).toMatchObject({ state: 'done', wrong: null });
    await ledgerOf(env).checkpoint();
    expect(await checkLedger(env, 0)).toMatchObject({ broken: null });
    const { results } = await env.DB.prepare(
      `SELECT leaf FROM ledger WHERE action IN ('ledger.check', 'backup.restore') ORDER BY seq`,
    ).all<{ leaf: string }>();
    expect(results.map(({ leaf }) => readLeaf(leaf)).map((leaf) => [leaf?.action, leaf?.late])).toEqual([
      ['ledger.check', true],
      ['backup.restore', undefined],
    ]);
    await signsIn(owner.id);
  });
});

describe('R13 a restore that is cut off', () => {
  it('comes to the same, whichever portion is done twice', async () => {
    await said('Once and only once');
    await released(text(mark));
    await stands(talk.id);
    await recorded(talk.id);
    const before = places(await read(talk.id, owner.access));
    await backedUp();
    await said('And once more');
    await backedUp();
    await lost();
    const restore = await putBack(undefined, 2);
    expect(restore).toMatchObject({ state: 'done', counts: { conversations: 1, files: 1 } });
    const access = await signsIn(owner.id);
    expect(places(await read(talk.id, access)).slice(0, before.length)).toEqual(before);
    expect(await checkLedger(env, 0)).toMatchObject({ broken: null });
    const { results } = await env.DB.prepare(`SELECT 1 FROM ledger WHERE action = 'backup.restore'`).all();
    expect(results).toHaveLength(1);
  });

  it('or was ended half-way is begun anew, whatever it left', async () => {
    await said('To come back');
    await stands(talk.id);
    await recorded(talk.id);
    await backedUp();
    await lost();
    const run = await toPutBack();
    await drive(run, 1, (place) => place.startsWith('open'));
    // It is half here, and as if it were not there.
    expect(await conversationOf(env, talk.id).expire()).toBe(false);
    const erasing = await runInDurableObject(conversationOf(env, talk.id), (object) =>
      object.erase(null).catch((error: unknown) => String(error)),
    );
    expect(erasing).toContain('being put back');
    await new RestoreStore(env.DB).finish(run, 'It was ended by the test', Date.now());
    expect(
      (
        await call('POST', '/api/v1/setup/restore', {
          token: setupToken,
          body: { number: null, newest: null },
        })
      ).status,
    ).toBe(202);
    const look = async () => {
      // Nobody else has opened any keys here.
      await env.DB.prepare('UPDATE restores SET settled_at = 0 WHERE settled_at IS NOT NULL').run();
      return call<RestoreAnswer>('GET', '/api/v1/setup/restore', { token: setupToken });
    };
    await expect.poll(async () => (await look()).body.restore?.state, { timeout: 15_000 }).toBe('done');
    const access = await signsIn(owner.id);
    expect(places(await read(talk.id, access)).at(-1)).toContain('To come back');
  });

  it('puts nothing over a conversation that is there', async () => {
    await stands(talk.id);
    await backedUp();
    await said('Said since');
    await recorded(talk.id);
    await lost({ but: ['Conversation'] });
    const restore = await putBack();
    expect(restore.counts).toMatchObject({ 'conversations that were there': 1 });
    const access = await signsIn(owner.id);
    expect(places(await read(talk.id, access)).at(-1)).toContain('Said since');
  });
});

describe('R14 the ledger of the newest comes back', () => {
  it('whichever backup is put back, and nobody who kept a head of it finds another', async () => {
    const first = await backedUp();
    await said('Since');
    await recorded(talk.id);
    await enter(env, { actor: null, action: 'ledger.check', facts: { size: 1 } });
    const { note, size: kept } = await ledgerOf(env).checkpoint();
    await backedUp();
    await lost();
    expect(await putBack(first)).toMatchObject({ state: 'done', number: first });
    await env.LEDGER.put(`checkpoint/${String(kept).padStart(16, '0')}`, note);
    expect(await size()).toBeGreaterThan(kept);
    expect(await checkLedger(env, 0)).toMatchObject({ broken: null });
  });

  it('with what lies in its archive', async () => {
    await nothing();
    const old = { at: 1, actor: null, action: 'ledger.check', outcome: 'done' } as const;
    for (let n = 0; n < 300; n++) await ledgerOf(env).append([{ id: crypto.randomUUID(), ...old }]);
    await begins();
    await ledgerOf(env).checkpoint();
    await ledgerOf(env).archive();
    expect(await env.DB.prepare('SELECT before FROM ledger_archive').first('before')).toBe(256);
    const { note, size: kept } = await ledgerOf(env).checkpoint();
    await backedUp();
    await lost();
    expect(await putBack()).toMatchObject({ state: 'done', wrong: null });
    expect(await env.DB.prepare('SELECT before FROM ledger_archive').first('before')).toBe(256);
    await env.LEDGER.put(`checkpoint/${String(kept).padStart(16, '0')}`, note);
    expect(await size()).toBeGreaterThan(kept);
    expect(await checkLedger(env, 0)).toMatchObject({ broken: null });
  });
});

describe('K33 since when the root is in use is known after a restore', () => {
  const day = 86_400_000;
  const made = Date.now() - 900 * day;
  const ofRoot = async () => (await rootView(env, Date.now())).since;
  const enters = (at: number, action: 'keys.adopt' | 'ledger.check') =>
    ledgerOf(env).append([
      { ...{ id: crypto.randomUUID(), at, actor: null, action, outcome: 'done' }, facts: { root: 1 } },
    ]);
  const keysMade = (at: number) => env.DB.prepare('UPDATE keys SET created_at = ?').bind(at).run();
  const archived = () => env.DB.prepare('SELECT before FROM ledger_archive').first('before');

  it('by the ledger, where that lies in the archive too', async () => {
    await nothing();
    const adopted = made + 400 * day;
    await enters(adopted, 'keys.adopt');
    for (let n = 0; n < 300; n++) await enters(adopted, 'ledger.check');
    await begins();
    await keysMade(made);
    await ledgerOf(env).checkpoint();
    await ledgerOf(env).archive();
    expect(await archived()).toBe(256);
    await backedUp();
    await lost();
    // An empty deployment has seen it for a while before anything is put back.
    await seeToRoots(env, Date.now());
    expect(await putBack()).toMatchObject({ state: 'done', wrong: null });
    await seeToRoots(env, Date.now());
    expect(await ofRoot()).toBe(adopted);
  });

  it('by the ledger, and stays so when that goes to the archive', async () => {
    await nothing();
    const adopted = made + 600 * day;
    await enters(adopted, 'keys.adopt');
    for (let n = 0; n < 300; n++) await enters(adopted, 'ledger.check');
    await begins();
    await keysMade(made);
    await backedUp();
    await lost();
    expect(await putBack()).toMatchObject({ state: 'done', wrong: null });
    expect([await archived(), await ofRoot()]).toEqual([0, adopted]);
    later(200 * day);
    await ledgerOf(env).archive();
    vi.useRealTimers();
    expect([await archived(), await ofRoot()]).toEqual([256, adopted]);
  });

  it('by its oldest key, where Sotto never went over to it', async () => {
    await keysMade(made);
    await backedUp();
    await lost();
    expect(await putBack()).toMatchObject({ state: 'done', wrong: null });
    expect(await ofRoot()).toBe(made);
  });
});

it('R15 what was wrapped anew since the last backup opens with the keys that lie beside it', async () => {
  await said('Under another key');
  await stands(talk.id);
  await recorded(talk.id);
  await backedUp();
  const key = (await keyTable(env.DB).all()).find(
    ({ purpose, state }) => purpose === 'data' && state === 'active',
  );
  if (key === undefined) throw new Error('there is no key');
  await rotate(env, key, Date.now() - RETIRING_MS);
  // What the store of keys has lies under the new one from here on, and the old one is gone.
  const vault = await vaultOf(env);
  await keyStore(env.KEYS).change('person', owner.id, (record) =>
    vault.rewrap(personKeyPlace(owner.id), record),
  );
  await lost();
  expect(await putBack()).toMatchObject({ state: 'done' });
  expect(await (await new StaffDirectory(env).byId(owner.id))?.name()).toBe('Olivia');
});
