/** A copy of everything that is kept about a person, from asking for it until nothing of it is left. */
import { Validator } from '@cfworker/json-schema';
import { type FileEntry, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { env } from 'cloudflare:workers';
import { decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { beginCopy, copyOf, copyPortion, forgetCopiesOf, sweepCopies } from '../../src/duties/copies.ts';
import { isBackstage } from '../../src/duties/copies/rules.ts';
import { copySchema } from '../../src/duties/copies/schema.ts';
import { CopyStore } from '../../src/duties/copies/store.ts';
import { RunStore } from '../../src/duties/runs/store.ts';
import { seeToRuns } from '../../src/duties/runs.ts';
import { vaultOf } from '../../src/config.ts';
import { exported, ledgerOf } from '../../src/ledger.ts';
import { setPgp } from '../../src/people/organisation.ts';
import { enter } from '../../src/people/recording.ts';
import { VisitorStore } from '../../src/people/visitor/store.ts';
import { rememberProved } from '../../src/people/visitor/facts.ts';
import type { CopyAnswer } from '../../src/protocol/copies.ts';
import type { OpenFileAnswer } from '../../src/protocol/file-bodies.ts';
import { type CopyId, newId, type VisitorId } from '../../src/protocol/ids.ts';
import { leafHash, readLeaf } from '../../src/protocol/ledger-proof.ts';
import { lifetimes, limits } from '../../src/protocol/limits.ts';
import type { RequestAnswer } from '../../src/protocol/privacy.ts';
import { pgpFlaws } from '../../src/protocol/pgp.ts';
import { readPgpKey } from '../../src/vault.ts';
import { accessFor, begin, newMember, newVisitor } from '../cast.ts';
import {
  asked,
  begins,
  cookieOf,
  here,
  hold,
  latin,
  later,
  load,
  owner,
  released,
  scanned,
  send,
  talk,
  text,
} from '../chat/files-scene.ts';
import { act, recorded } from '../chat/scene.ts';
import { since, size } from '../ledger/scene.ts';

beforeEach(begins);
afterEach(() => {
  vi.useRealTimers();
});

const reason = 'They have asked for it by letter.';
const ask = (token: string, visitor: VisitorId = talk.visitor.id, body: object = { reason }, cookie = '') =>
  asked<CopyAnswer>('POST', `/api/v1/visitors/${visitor}/copies`, { token, body, headers: { cookie } });
const openCopy = (token: string, id: string, cookie = '') =>
  asked<OpenFileAnswer>('POST', `/api/v1/copies/${id}/open`, { token, body: {}, headers: { cookie } });
const isReady = (id: CopyId) =>
  expect.poll(async () => (await copyOf(env, id, Date.now()))?.state, { timeout: 15_000 }).toBe('ready');
const say = async (words: string, kind: 'text' | 'note' = 'text') => {
  const ear = kind === 'text' ? talk.customer : talk.desk;
  if (kind === 'text') ear.post(words);
  else ear.note(words);
  await expect.poll(() => ear.texts).toContain(words);
};

/** Every entry by its name, with all sums checked. */
async function unzipped(zip: Uint8Array): Promise<Map<string, Uint8Array>> {
  const reader = new ZipReader(new Uint8ArrayReader(zip), { checkCrc32: true, useWebWorkers: false });
  const entries = (await reader.getEntries()).filter((entry): entry is FileEntry => !entry.directory);
  const read: [string, Uint8Array][] = [];
  for (const entry of entries) read.push([entry.filename, await entry.getData(new Uint8ArrayWriter())]);
  return new Map(read);
}
const utf8 = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

/** What a copy holds once it is made, as whoever asked for it loads it. */
async function contentsOf(token: string, id: CopyId): Promise<Map<string, Uint8Array>> {
  await isReady(id);
  const opened = await openCopy(token, id);
  expect(opened.status, opened.text).toBe(200);
  const answer = await load(opened.body.address, { cookie: cookieOf(opened) });
  expect(answer.status).toBe(200);
  return unzipped(new Uint8Array(await answer.arrayBuffer()));
}
type Told = {
  number: number;
  text: string;
  by: unknown;
  kind: string;
  file?: { path?: string; missing?: string };
};
type Data = {
  person: object;
  requests: object[];
  conversations: { id: string; messages: Told[]; backstage?: object }[];
};
const dataIn = (zip: Map<string, Uint8Array>) => JSON.parse(utf8(zip.get('data.json'))) as Data;

const stranger = 'of somebody !else! entirely';
const whisper = 'a note that !nobody! outside reads';
const words = '"tricky" <script>alert(1)</script> \u202eturned =1+1 🙂';

describe('D31 D32 a copy', () => {
  it('holds everything about the person, and nothing of anybody else', async () => {
    const other = await newVisitor(here.site);
    await begin(other, stranger);
    const first = talk.id;
    await say(words);
    await say(whisper, 'note');
    const file = await released(text('the bytes of !their! file'), { name: 'Grüße "1".txt' });
    const closed = await send(talk.visitor.access, text('not looked at'), { name: 'b.txt' });
    await scanned(here.anna.access, closed);
    const second = await begin(talk.visitor, 'Once more');
    await rememberProved(env, { id: talk.visitor.id, site: here.site }, 'kim@example.com', Date.now());
    await recorded(first);
    const begun = await ask(owner.access);
    expect([begun.status, begun.body.copy.state]).toEqual([201, 'making']);
    const zip = await contentsOf(owner.access, begun.body.copy.id);
    const path = [...zip.keys()].find((name) => name.startsWith('files/')) ?? '';
    expect([...zip.keys()]).toEqual([path, 'ledger.ndjson', 'data.json', 'index.html', 'data.schema.json']);
    expect(path).toMatch(new RegExp(`^files/${first}/\\d Grüße _1_.txt$`));
    expect(utf8(zip.get(path))).toBe('the bytes of !their! file');
    const data = dataIn(zip);
    const schema = JSON.parse(utf8(zip.get('data.schema.json'))) as object;
    expect(schema).toEqual(copySchema);
    expect(new Validator(schema, '2020-12', false).validate(data).errors).toEqual([]);
    expect(data.person).toMatchObject({ id: talk.visitor.id, address: 'kim@example.com', ban: null });
    expect(data.conversations.map(({ id }) => id)).toEqual([first, second]);
    const told = data.conversations[0]?.messages ?? [];
    expect(told.map((each) => each.text)).toContain(words);
    expect(told.filter((each) => each.file !== undefined).map((each) => each.file)).toMatchObject([
      { id: file, path },
      { id: closed, missing: 'unscanned' },
    ]);
    for (const [name, bytes] of zip) {
      expect(utf8(bytes), name).not.toContain(stranger);
      expect(utf8(bytes), name).not.toContain(other.id);
      expect(utf8(bytes), name).not.toContain('!nobody!');
      expect(utf8(bytes), name).not.toContain(here.anna.address);
    }
    const page = utf8(zip.get('index.html'));
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toContain('<script');
  });

  it('D34 holds what staff keep to themselves only if somebody on staff says so', async () => {
    await say(whisper, 'note');
    await act('tags', talk.id, here.anna.access, { tags: ['a !tag!'] });
    await hold(true);
    const { body } = await ask(owner.access, talk.visitor.id, { reason, backstage: true });
    const zip = await contentsOf(owner.access, body.copy.id);
    const [told] = dataIn(zip).conversations;
    expect(told?.backstage).toMatchObject({ tags: ['a !tag!'], heldSince: expect.any(String) as string });
    expect(told?.messages.find(({ kind }) => kind === 'note')).toMatchObject({
      text: whisper,
      by: { staff: 'Anna' },
    });
    const plain = await ask(owner.access);
    const without = await contentsOf(owner.access, plain.body.copy.id);
    for (const [name, bytes] of without) {
      expect(utf8(bytes), name).not.toContain('!tag!');
      expect(utf8(bytes), name).not.toContain('!nobody!');
    }
  });

  it('D80 says nothing of a legal hold in its ledger either, nor of an erasure that it has stopped', async () => {
    await hold(true);
    const stopped = { object: newId('request'), subject: talk.visitor.id };
    await enter(env, { actor: null, action: 'privacy.stop', ...stopped });
    await recorded(talk.id);
    const ledgerIn = async (body: object) => {
      const { copy } = (await ask(owner.access, talk.visitor.id, body)).body;
      return utf8((await contentsOf(owner.access, copy.id)).get('ledger.ndjson'));
    };
    const backstage = await ledgerIn({ reason, backstage: true });
    for (const action of ['conversation.hold', 'privacy.stop']) expect(backstage).toContain(action);
    const theirs = await ledgerIn({ reason });
    expect(theirs).toContain('conversation.read');
    expect(theirs).not.toMatch(/conversation\.hold|privacy\.stop|\/hold/);
  });

  it('D35 has the ledger’s entries about them as they were signed, with what is theirs in the clear', async () => {
    await recorded(talk.id);
    const { body } = await ask(owner.access);
    const lines = utf8((await contentsOf(owner.access, body.copy.id)).get('ledger.ndjson'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; leaf: string; checkpoints?: string[] });
    const [head, ...entries] = lines;
    expect(head?.checkpoints).toHaveLength(1);
    expect(entries.length).toBeGreaterThan(1);
    for (const { seq, leaf } of entries) {
      const row = await env.DB.prepare('SELECT leaf FROM ledger WHERE seq = ?')
        .bind(seq)
        .first<{ leaf: string }>();
      expect(leaf).toBe(row?.leaf);
      expect(leafHash(text(leaf))).toHaveLength(32);
      const named = Object.values(readLeaf(leaf) ?? {});
      expect(named.includes(talk.visitor.id) || named.includes(talk.id), leaf).toBe(true);
    }
    // Who took it is told, though that names the conversation alone.
    expect(entries.map(({ leaf }) => readLeaf(leaf)?.action)).toContain('conversation.claim');
    expect(JSON.stringify(lines)).not.toContain(reason);
  });

  it('D90 has what they asked, what was said of it, and since when their data are restricted', async () => {
    const of = talk.visitor.id;
    const open = { of, kind: 'restriction', law: 'ccpa', how: 'By !telephone!.', wish: 'Keep !it! only.' };
    const opened = await asked<RequestAnswer>('POST', '/api/v1/requests', {
      token: owner.access,
      body: open,
    });
    expect(opened.status, opened.text).toBe(201);
    const { id } = opened.body.request;
    const path = `/api/v1/requests/${id}`;
    for (const [what, body] of [
      ['extend', { reason: 'We !look! for it.' }],
      ['fulfil', { answer: 'It is !kept! only.' }],
    ] as const)
      expect((await asked('POST', `${path}/${what}`, { token: owner.access, body })).status).toBe(200);
    await asked('POST', '/api/v1/requests', { token: owner.access, body: { ...open, kind: 'access' } });
    const zip = await contentsOf(owner.access, (await ask(owner.access)).body.copy.id);
    const data = dataIn(zip);
    expect(new Validator(copySchema as never, '2020-12', false).validate(data).errors).toEqual([]);
    expect(data.requests).toMatchObject([
      {
        ...{ id, kind: 'restriction', law: 'ccpa', state: 'done', proof: 'staff', how: 'By !telephone!.' },
        ...{ wish: 'Keep !it! only.', extension: 'We !look! for it.', answer: 'It is !kept! only.' },
      },
      { kind: 'access', state: 'open', doneAt: null, answer: null },
    ]);
    expect(data.person).toMatchObject({ restrictedSince: expect.any(String) as string });
    const page = utf8(zip.get('index.html'));
    for (const word of ['!telephone!', '!it!', '!look!', '!kept!']) expect(page).toContain(word);
  });

  it('D91 has what names one of their conversations alone, and what went to the archive, each entry once', async () => {
    await act('claim', talk.id, here.anna.access);
    const other = newId('visitor');
    const entry = (n: number) => ({
      ...{ id: crypto.randomUUID(), at: Date.now(), outcome: 'done' as const, action: 'customer.change' },
      ...{ actor: n % 3 === 0 ? talk.visitor.id : other, subject: n % 3 === 1 ? talk.visitor.id : other },
      ...(n % 40 === 2 && { object: talk.id }),
    });
    const append = async (count: number) => {
      const told = Array.from({ length: count }, (_, n) => entry(n)) as Parameters<
        ReturnType<typeof ledgerOf>['append']
      >[0];
      for (let from = 0; from < count; from += 100) await ledgerOf(env).append(told.slice(from, from + 100));
      await ledgerOf(env).checkpoint();
    };
    await append(1_300);
    later(1_000 * 24 * 3_600_000);
    const asked = Date.now();
    await ledgerOf(env).archive();
    vi.useRealTimers();
    const archived = (await env.DB.prepare('SELECT before FROM ledger_archive').first<number>('before')) ?? 0;
    expect(archived).toBeGreaterThan(1_200);
    // These are as old by then, and still in the database.
    await append(300);
    const wish = { visitor: talk.visitor.id, site: here.site, asker: owner.id, backstage: false };
    const { id } = await beginCopy(env, wish, asked);
    await isReady(id);
    await env.DB.prepare('UPDATE copies SET step = 0, progress = NULL, manifest = NULL WHERE id = ?')
      .bind(id)
      .run();
    let portions = 0;
    for (let place: string | null = null; ; portions++) {
      place = (await copyPortion(env, id, place, 1)).place;
      if (place === null) break;
    }
    expect(portions).toBeGreaterThan(12);
    const seqs = utf8((await contentsOf(owner.access, id)).get('ledger.ndjson'))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
    const theirs: number[] = [];
    for await (const lines of await exported(env))
      for (const line of lines) {
        const found = 'seq' in line ? readLeaf(line.leaf) : undefined;
        if (found === undefined || isBackstage(found) || !('seq' in line)) continue;
        const named = [found.actor, found.object, found.subject];
        if (named.includes(talk.visitor.id) || named.includes(talk.id)) theirs.push(line.seq);
      }
    // Of opening the copy nothing stands in it.
    const last = Math.max(...seqs);
    expect(seqs.toSorted((one, next) => one - next)).toEqual(theirs.filter((seq) => seq <= last));
    expect(seqs.filter((seq) => seq < archived).length).toBeGreaterThan(800);
    // It is of another time than all others here.
    await forgetCopiesOf(env, talk.visitor.id);
  });

  it('tells a long conversation whole, and as of when it was asked for', async () => {
    const many = Array.from({ length: limits.pageMessages + 20 }, (_, n) => `line ${n} of many`);
    for (const line of many) talk.customer.post(line);
    await expect.poll(() => talk.customer.texts).toContain(many.at(-1));
    const now = Date.now();
    later(60_000);
    await say('too late');
    vi.useRealTimers();
    const wish = { visitor: talk.visitor.id, site: here.site, asker: owner.id, backstage: false };
    const { id } = await beginCopy(env, wish, now);
    const zip = await contentsOf(owner.access, id);
    const told = dataIn(zip).conversations[0]?.messages ?? [];
    expect(told.map((each) => each.text).filter((each) => each.endsWith('of many'))).toEqual(many);
    expect(utf8(zip.get('index.html'))).not.toContain('too late');
  });
});

describe('D36 a copy that is cut off', () => {
  const wish = () => ({ visitor: talk.visitor.id, site: here.site, asker: owner.id, backstage: false });
  const store = new CopyStore(env.DB);

  it('between two portions or within one ends as one that was not', async () => {
    await say(words);
    const id = newId('copy');
    const { id: made } = await beginCopy(env, wish(), Date.now());
    await isReady(made);
    const row = await store.find(made);
    // The same once more, as if nothing but its beginning had been kept.
    await env.DB.prepare('UPDATE copies SET step = 0, progress = NULL, manifest = NULL WHERE id = ?')
      .bind(made)
      .run();
    const before = await parts(made);
    const [one, other] = await Promise.allSettled([
      copyPortion(env, made, null),
      copyPortion(env, made, null),
    ]);
    expect([one.status, other.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(await copyPortion(env, made, null)).toEqual({ place: null, done: 0 });
    const after = await parts(made);
    expect(after).toHaveLength(before.length);
    expect(after).not.toEqual(before);
    expect(row?.manifest).not.toEqual((await store.find(made))?.manifest);
    expect(dataIn(await contentsOf(owner.access, made)).conversations).toHaveLength(1);
    expect(await copyPortion(env, id, null)).toEqual({ place: null, done: 0 });
  });

  it('is set going again by the clock', async () => {
    const { id } = await beginCopy(env, wish(), Date.now());
    await isReady(id);
    await env.DB.prepare('UPDATE copies SET step = 0, progress = NULL, manifest = NULL WHERE id = ?')
      .bind(id)
      .run();
    await env.DB.prepare('UPDATE runs SET over_at = NULL, place = NULL, moved_at = 0 WHERE id = ?')
      .bind(id)
      .run();
    await seeToRuns(env, Date.now());
    await isReady(id);
    await expect.poll(async () => (await new RunStore(env.DB).find(id))?.overAt).toEqual(expect.any(Number));
  });

  it('goes on in the middle, whatever was left behind of the portion that was cut off', async () => {
    const large = Uint8Array.from({ length: 3 * 1024 * 1024 }, (_, n) => 32 + (n % 90));
    for (const name of ['a.txt', 'b.txt']) await released(large, { name });
    const { id } = await beginCopy(env, wish(), Date.now());
    await isReady(id);
    await env.DB.prepare('UPDATE copies SET step = 0, progress = NULL, manifest = NULL WHERE id = ?')
      .bind(id)
      .run();
    let [step, puts]: [number, number] = [0, 0];
    // Every portion is cut off once, after it has put something there, and bears no more than it has to.
    const dies = { ...env, COPIES: dying(env.COPIES, () => puts++ % 2 === 0) };
    for (let place: string | null = null; ;) {
      const drives = (by: typeof env) => copyPortion(by, id, place, 1);
      const next: string | null = (await drives(dies).catch(() => drives(env))).place;
      if (next === null) break;
      // It was kept that it is done, and whoever drives it does not know yet.
      expect(await drives(env)).toEqual({ place: next, done: 0 });
      place = next;
      step++;
    }
    expect(step).toBeGreaterThan(8);
    const zip = await contentsOf(owner.access, id);
    const files = [...zip].filter(([name]) => name.startsWith('files/'));
    expect(files.map(([, bytes]) => bytes.length)).toEqual([large.length, large.length]);
    expect(dataIn(zip).conversations).toHaveLength(1);
    expect(utf8(zip.get('index.html')).trimEnd()).toMatch(/<\/html>$/);
  });

  it('does without a file that can’t be read, and says so', async () => {
    const file = await released(text('to be lost'), { name: 'a.txt' });
    const { objects } = await env.FILES.list({ prefix: `${talk.id}/${file}/` });
    await env.FILES.delete(objects.map(({ key }) => key));
    const { id } = await beginCopy(env, wish(), Date.now());
    const zip = await contentsOf(owner.access, id);
    const told = dataIn(zip).conversations[0]?.messages.find((each) => each.file !== undefined);
    expect(told?.file).toMatchObject({ id: file, missing: 'unreadable' });
    expect([...zip.keys()].some((name) => name.startsWith('files/'))).toBe(false);
  });
});

const parts = async (id: CopyId) =>
  (await env.COPIES.list({ prefix: `${talk.visitor.id}/${id}/` })).objects.map(({ key }) => key);

/** A bucket whose process dies once it has taken what is put there. */
function dying(bucket: R2Bucket, dies: () => boolean): R2Bucket {
  return new Proxy(bucket, {
    get: (target, name) => {
      if (name !== 'put') return (Reflect.get(target, name) as () => unknown).bind(target);
      return async (...args: Parameters<R2Bucket['put']>) => {
        const put = await target.put(...args);
        if (dies()) throw new Error('cut off');
        return put;
      };
    },
  });
}

describe('D37 a copy lies', () => {
  it('sealed, in its bucket alone, with its key in the store of keys alone', async () => {
    await say(words);
    await released(text('the bytes of !their! file'));
    const { body } = await ask(owner.access);
    await isReady(body.copy.id);
    const names = await parts(body.copy.id);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const raw = latin((await (await env.COPIES.get(name))?.arrayBuffer()) ?? new ArrayBuffer());
      for (const word of ['PK\u0003\u0004', 'tricky', '!their!', 'index.html', 'data.json'])
        expect(raw).not.toContain(word);
    }
    expect(await env.KEYS.head(`copy/${talk.visitor.id}/${body.copy.id}`)).not.toBeNull();
    const row = await env.DB.prepare('SELECT * FROM copies WHERE id = ?').bind(body.copy.id).first();
    expect(Object.keys(row ?? {})).not.toContain('key');
  });

  it('for seven days, of which nothing is left then, whoever was cut off in between', async () => {
    const { body } = await ask(owner.access);
    const { id } = body.copy;
    await isReady(id);
    await env.COPIES.put(`${talk.visitor.id}/${newId('copy')}/0/left`, 'behind');
    await sweepCopies(env, Date.now() + lifetimes.copy - 60_000);
    expect((await copyOf(env, id, Date.now()))?.state).toBe('ready');
    expect(await copyOf(env, id, Date.now() + lifetimes.copy)).toBeUndefined();
    await sweepCopies(env, Date.now() + lifetimes.copy + 60_000);
    expect(await new CopyStore(env.DB).find(id)).toBeUndefined();
    expect(await env.KEYS.head(`copy/${talk.visitor.id}/${id}`)).toBeNull();
    expect((await env.COPIES.list({ prefix: `${talk.visitor.id}/` })).objects).toEqual([]);
  });

  it('D30 three times at most for one asker within a day, whatever keys they bring, and all of them go', async () => {
    const key = async () => (await generateKey({ userIDs: [{ name: 'Mara' }] })).publicKey;
    const first = await key();
    const made = [];
    for (const openpgp of [first, await key(), await key()])
      made.push((await ask(owner.access, talk.visitor.id, { reason, openpgp })).status);
    expect(made).toEqual([201, 201, 201]);
    const one = { reason, openpgp: await key() };
    expect((await ask(owner.access, talk.visitor.id, one)).body).toMatchObject({ code: 'too_fast' });
    expect((await ask(owner.access)).body).toMatchObject({ code: 'too_fast' });
    expect((await ask(owner.access, talk.visitor.id, { reason, openpgp: first })).status).toBe(201);
    const keys = async () => (await env.KEYS.list({ prefix: `copy/${talk.visitor.id}/` })).objects.length;
    expect(await keys()).toBe(3);
    const { site } = here;
    const { id: visitor } = talk.visitor;
    const values = Array.from(
      { length: 250 },
      () => `('${newId('copy')}', '${visitor}', '${site}', 'x', 0, 1)`,
    );
    await env.DB.prepare(
      `INSERT INTO copies (id, visitor, site, asker, backstage, asked_at) VALUES ${values.join(', ')}`,
    ).run();
    await sweepCopies(env, Date.now() + lifetimes.copy + 60_000);
    expect(await env.DB.prepare('SELECT COUNT(*) AS n FROM copies').first('n')).toBe(0);
    expect(await keys()).toBe(0);
  });

  it('until whoever it is about is erased', async () => {
    const { body } = await ask(owner.access);
    await isReady(body.copy.id);
    const opened = await openCopy(owner.access, body.copy.id);
    await forgetCopiesOf(env, talk.visitor.id);
    expect((await load(opened.body.address, { cookie: cookieOf(opened) })).status).toBe(404);
    expect((await asked('GET', `/api/v1/copies/${body.copy.id}`, { token: owner.access })).status).toBe(404);
    expect((await env.COPIES.list({ prefix: `${talk.visitor.id}/` })).objects).toEqual([]);
    expect((await env.KEYS.list({ prefix: `copy/${talk.visitor.id}/` })).objects).toEqual([]);
    expect(await copyPortion(env, body.copy.id, null)).toEqual({ place: null, done: 0 });
  });
});

describe('D69 a copy that was asked for with an OpenPGP key', () => {
  const pair = (more = {}) => generateKey({ userIDs: [{ name: 'Mara' }], ...more });
  const loadFrom = async (id: CopyId) => {
    await isReady(id);
    const opened = await openCopy(owner.access, id);
    return load(opened.body.address, { cookie: cookieOf(opened) });
  };

  it('is handed out as a message to it, and is another copy than one without', async () => {
    await say(words);
    const { publicKey, privateKey } = await pair();
    const before = await size();
    const plain = await ask(owner.access);
    const { body } = await ask(owner.access, talk.visitor.id, { reason, openpgp: publicKey });
    expect(body.copy).toMatchObject({ openpgp: true });
    expect(body.copy.id).not.toBe(plain.body.copy.id);
    const again = await ask(owner.access, talk.visitor.id, { reason, openpgp: publicKey });
    expect(again.body.copy.id).toBe(body.copy.id);
    const answer = await loadFrom(body.copy.id);
    expect(answer.headers.get('content-disposition')).toMatch(/\.zip\.pgp"?$/);
    const binaryMessage = new Uint8Array(await answer.arrayBuffer());
    const opened = await decrypt({
      message: await readMessage({ binaryMessage }),
      decryptionKeys: await readPrivateKey({ armoredKey: privateKey }),
      format: 'binary',
    });
    const data = dataIn(await unzipped(opened.data as Uint8Array));
    expect(data.conversations.flatMap(({ messages }) => messages.map((each) => each.text))).toContain(words);
    const told = (await since(before)).filter(({ action }) => action === 'customer.copy');
    expect(told.map(({ facts }) => facts?.['openpgp'])).toEqual([false, true, true]);
    expect(await contentsOf(owner.access, plain.body.copy.id)).toBeInstanceOf(Map);
  });

  it('is not handed out at all once the key is over', async () => {
    const { publicKey } = await pair({ keyExpirationTime: 120 });
    const { body } = await ask(owner.access, talk.visitor.id, { reason, openpgp: publicKey });
    await isReady(body.copy.id);
    later(3 * 60_000);
    const opened = await openCopy(owner.access, body.copy.id);
    expect(opened.status, opened.text).toBe(200);
    const answer = await load(opened.body.address, { cookie: cookieOf(opened) });
    expect(await answer.json()).toMatchObject({ code: 'pgp_unfit', detail: pgpFlaws.expired });
  });

  it('goes to the key of the organisation where staff say so and there is one', async () => {
    const wish = { reason, openpgp: 'organisation' };
    expect((await ask(owner.access, talk.visitor.id, wish)).body).toMatchObject({ code: 'pgp_missing' });
    const { publicKey } = await pair();
    await setPgp(env, await readPgpKey(publicKey, Date.now()));
    expect((await ask(owner.access, talk.visitor.id, wish)).body.copy).toMatchObject({ openpgp: true });
    await setPgp(env, null);
    const theirs = await ask(talk.visitor.access, talk.visitor.id, { openpgp: 'organisation' });
    expect(theirs.body).toMatchObject({ code: 'not_allowed' });
    const unfit = await ask(owner.access, talk.visitor.id, { reason, openpgp: 'no key' });
    expect(unfit.body).toMatchObject({ code: 'pgp_unfit' });
  });
});

describe('D38 a copy is asked for', () => {
  it('by staff with the right, a new second factor and a reason, which the ledger keeps sealed', async () => {
    expect((await ask(here.sue.access)).body).toMatchObject({ code: 'not_allowed' });
    expect((await ask(owner.access, talk.visitor.id, {})).body).toMatchObject({ code: 'invalid' });
    expect((await ask(owner.access, newId('visitor'))).body).toMatchObject({ code: 'not_found' });
    const { id, session } = await newMember('privacyOfficer', []);
    later(lifetimes.stepUp + 1_000);
    const old = await accessFor(id, { id: session, amr: ['pwd', 'otp'], provedAt: Date.now() });
    expect((await ask(old)).body).toMatchObject({ code: 'step_up_needed' });
    vi.useRealTimers();
    const before = await size();
    const { body } = await ask(owner.access);
    await isReady(body.copy.id);
    const opened = await openCopy(owner.access, body.copy.id);
    const entries = (await since(before)).filter(({ actor }) => actor === owner.id);
    expect(entries).toMatchObject([
      { action: 'customer.copy', object: talk.visitor.id, subject: talk.visitor.id, outcome: 'done' },
      { action: 'copy.open', object: body.copy.id, subject: talk.visitor.id, outcome: 'done' },
    ]);
    expect(JSON.stringify(entries)).not.toContain('by letter');
    expect(opened.headers.get('set-cookie')).toMatch(
      /^__Secure-sotto-file=[^;]+; .*Path=\/copies\/cop_[\w-]{22};.* HttpOnly; Secure; SameSite=Strict$/,
    );
    const answer = await load(opened.body.address, { cookie: cookieOf(opened) });
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="?data-\d{4}-\d\d-\d\d\.zip"?$/,
    );
    expect((await load(opened.body.address)).status).toBe(404);
    expect((await load(`/copies/${newId('copy')}`, { cookie: cookieOf(opened) })).status).toBe(404);
  });

  it('D30 again within a day and is the same, and opens for nobody but who asked for it', async () => {
    const { body } = await ask(owner.access);
    const again = await ask(owner.access);
    expect(again.body.copy.id).toBe(body.copy.id);
    const both = await Promise.all([ask(owner.access), ask(owner.access)]);
    expect(both.map((each) => each.body.copy.id)).toEqual([body.copy.id, body.copy.id]);
    await isReady(body.copy.id);
    const officer = await newMember('privacyOfficer', []);
    expect((await openCopy(officer.access, body.copy.id)).status).toBe(404);
    expect((await openCopy(talk.visitor.access, body.copy.id, talk.visitor.cookie)).status).toBe(404);
    const theirs = await ask(officer.access);
    expect(theirs.body.copy.id).not.toBe(body.copy.id);
    const { id } = await beginCopy(
      env,
      { visitor: talk.visitor.id, site: here.site, asker: owner.id, backstage: false },
      Date.now() + lifetimes.copyAgain,
    );
    expect(id).not.toBe(body.copy.id);
  });

  it('by whoever it is about, for themselves alone, and only in a browser that has proved it', async () => {
    const { access, cookie, id } = talk.visitor;
    expect((await ask(access, id, {}, cookie)).body).toMatchObject({ code: 'code_needed' });
    const other = await newVisitor(here.site);
    expect((await ask(other.access, id, {}, other.cookie)).body).toMatchObject({ code: 'not_found' });
    expect((await ask(access, id, { backstage: true }, cookie)).body).toMatchObject({ code: 'not_allowed' });
    const hold = await (await vaultOf(env)).lookup('own hold', `${here.site}.${cookie.split('=')[1] ?? ''}`);
    await rememberProved(env, { id, site: here.site }, 'kim@example.com', Date.now());
    const proved = { hold, visitor: id, key: null, provedAt: Date.now() };
    await new VisitorStore(env.DB).addHold(proved, { hold: undefined }, Date.now());
    const before = await size();
    const begun = await ask(access, id, {}, cookie);
    expect(begun.status, begun.text).toBe(201);
    expect((await ask(access, id, {}, cookie)).body.copy.id).toBe(begun.body.copy.id);
    await isReady(begun.body.copy.id);
    expect((await openCopy(access, begun.body.copy.id)).body).toMatchObject({ code: 'code_needed' });
    expect((await openCopy(other.access, begun.body.copy.id, other.cookie)).status).toBe(404);
    expect((await openCopy(owner.access, begun.body.copy.id)).status).toBe(404);
    const opened = await openCopy(access, begun.body.copy.id, cookie);
    expect(opened.headers.get('set-cookie')).toMatch(/; Secure; SameSite=None; Partitioned$/);
    const answer = await load(opened.body.address, { cookie: cookieOf(opened) });
    const zip = await unzipped(new Uint8Array(await answer.arrayBuffer()));
    expect(dataIn(zip).person).toMatchObject({ id, address: 'kim@example.com' });
    const entries = (await since(before)).filter(({ actor, outcome }) => actor === id && outcome === 'done');
    expect(entries.map(({ action }) => action)).toEqual(['customer.copy', 'copy.open']);
  });
});
