/** That nothing of whoever was erased can be read any more, by anybody who has all of the storage. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, it } from 'vitest';
import { copyOf } from '../../src/duties/copies.ts';
import { checkLedger, exported, ledgerOf, verifierKeys } from '../../src/ledger.ts';
import { plainSettings } from '../../src/protocol/bodies.ts';
import type { CopyAnswer } from '../../src/protocol/copies.ts';
import type { LedgerAnswer } from '../../src/protocol/ledger.ts';
import { readCheckpoint, readLedger, readVerifierKey, report } from '../../src/protocol/ledger-proof.ts';
import { readReceipt } from '../../src/protocol/receipt.ts';
import { call, join, newMember, newTeam } from '../cast.ts';
import { asked, open, release, scanned, send, text } from '../chat/files-scene.ts';
import { act, recorded } from '../chat/scene.ts';
import {
  asks,
  beginAs,
  begins,
  type Customer,
  does,
  fulfils,
  here,
  inDirectory,
  isDone,
  opens,
  own,
  owner,
  receipt,
  stands,
  vouched,
} from './privacy-scene.ts';
import { backedUp } from './restore-scene.ts';
import { everythingStored, placesOf } from './traces.ts';

beforeEach(begins);

/** Words that no id can hold. */
const said = (what: string) => `Mark! of Kim: ${what}`;
const address = 'mark.kim@mark.example';
const marks = ['Mark!', 'mark.kim@', 'mark-page!', 'mark-file!', 'second.kim@'];

/** Has something said of them wherever anything can be said. */
async function lived(kim: Customer): Promise<{ id: string; other: string; file: string }> {
  const question = { kind: 'text', label: { en: 'What is it about?' }, required: false } as const;
  const settings = { ...plainSettings, questions: [question] };
  await asked('PATCH', `/api/v1/sites/${here.site}`, { token: owner.access, body: { settings } });
  const start = await asked<{ conversation: { id: string } }>('POST', '/api/v1/conversations', {
    token: kim.access,
    body: {
      ...{ id: crypto.randomUUID(), text: said('a first message'), page: 'https://shop.test/mark-page!' },
      customer: { name: said('typed'), answers: [said('an answer before')] },
    },
  });
  expect(start.status, start.text).toBe(201);
  const { id } = start.body.conversation;
  expect((await act('claim', id, here.anna.access)).status).toBe(200);
  const desk = await join(id, here.anna.access);
  await desk.next('welcome');
  desk.note(said('a note'), 1);
  desk.post(said('an answer'), 1);
  await desk.until(() => desk.texts.includes(said('an answer')) || undefined);
  const file = await send(kim.access, text(said('in a file')), { name: 'mark-file!.txt' }, id);
  await scanned(here.anna.access, file, 'unscanned', id);
  expect((await release(file, owner.access, id)).status).toBe(200);
  expect((await open(here.anna.access, file, { reason: said('why it was opened') }, id)).status).toBe(200);
  expect((await act('tags', id, here.anna.access, { tags: [said('a tag')] })).status).toBe(200);
  const changed = { name: said('another name'), address: 'second.kim@mark.example' };
  expect((await act('customer', id, here.anna.access, changed)).status).toBe(200);
  expect((await act('rating', id, kim.access, { score: 2, comment: said('a comment') })).status).toBe(200);
  for (const reason of [said('why it is held'), null])
    await asked('PUT', `/api/v1/conversations/${id}/hold`, { token: owner.access, body: { reason } });
  const words = { id: crypto.randomUUID(), text: said('a note of a hand-over') };
  const there = await newTeam('Another');
  await newMember('agent', [there]);
  expect((await act('hand-over', id, here.anna.access, { to: there, note: words })).status).toBe(200);
  const second = { id: crypto.randomUUID(), text: said('another conversation') };
  const other = await asked<{ conversation: { id: string } }>('POST', '/api/v1/conversations', {
    token: kim.access,
    body: second,
  });
  const codes = `/api/v1/conversations/${id}/codes`;
  const code = { token: kim.access, headers: { cookie: kim.cookie }, body: { address } };
  expect((await asked('POST', codes, code)).status).toBe(202);
  // They are refused something, from where they are.
  expect((await asked('GET', '/api/v1/people', { token: kim.access })).status).toBe(403);
  for (const kind of ['access', 'rectification']) {
    const { request } = (await asks(kim, kind, said('a wish'))).body;
    expect((await does(request.id, 'refuse', { ground: 'other', reason: said('an answer') })).status).toBe(
      200,
    );
  }
  // A copy of it all is made, and at the end a backup.
  const copy = await asked<CopyAnswer>('POST', `/api/v1/visitors/${kim.id}/copies`, {
    ...{ token: kim.access, headers: { cookie: kim.cookie }, body: {} },
  });
  expect(copy.status, copy.text).toBe(201);
  for (const ban of [
    { kind: 'visitor', reason: said('why they are banned'), lasts: 60_000 },
    { kind: 'address', reason: said('why nobody writes from there'), lasts: 60_000 },
  ])
    expect(
      (await asked('POST', `/api/v1/conversations/${id}/bans`, { token: owner.access, body: ban })).status,
    ).toBe(201);
  await recorded(id as never);
  await ledgerOf(env).checkpoint();
  await expect
    .poll(async () => (await copyOf(env, copy.body.copy.id, Date.now()))?.state, { timeout: 15_000 })
    .toBe('ready');
  await backedUp();
  return { id, other: other.body.conversation.id, file };
}

/** Every key, as it lies wrapped, by which something of theirs can be opened. */
async function keysOf(kim: Customer, conversations: readonly string[]): Promise<Uint8Array[]> {
  const prefixes = [
    ...[`visitor/${kim.id}`, `ledger/${kim.id}/`, `copy/${kim.id}/`],
    ...conversations.flatMap((id) => [`conversation/${id}/`, `file/${id}/`]),
  ];
  const keys: Uint8Array[] = [];
  for (const prefix of prefixes)
    for (const { key } of (await env.KEYS.list({ prefix })).objects)
      keys.push(new Uint8Array((await (await env.KEYS.get(key))?.arrayBuffer()) ?? []));
  const { results } = await env.DB.prepare('SELECT key FROM bans').all<{ key: number[] }>();
  return [...keys, ...results.map(({ key }) => Uint8Array.from(key))];
}

async function entriesOf({ id }: Customer) {
  await ledgerOf(env).checkpoint();
  const found = await asked<LedgerAnswer>('GET', `/api/v1/ledger?about=${id}`, { token: owner.access });
  return found.body.entries;
}

it('D25 leaves nothing of them that anybody could read, and the ledger whole', async () => {
  const kim = await vouched(said('their name'), address);
  const { id, other } = await lived(kim);
  await stands(kim, 2);
  const request = await opens(kim.id, 'erasure', { how: said('how we know them'), wish: said('all of it') });
  expect(request.status, request.text).toBe(201);
  const opened = await entriesOf(kim);
  expect(opened.map(({ action, personal }) => [action, personal])).toEqual(
    expect.arrayContaining([
      ['conversation.hold', { reason: said('why it is held') }],
      ['file.release', { reason: expect.any(String) as string }],
      ['file.open', { reason: said('why it was opened') }],
    ]),
  );
  const keys = await keysOf(kim, [id, other]);
  const before = await everythingStored();
  // Nothing of it stands in the clear before either; their keys and ids are there.
  for (const mark of marks) expect([mark, placesOf(mark, before)]).toEqual([mark, []]);
  for (const key of keys) expect(placesOf(key, before)).not.toEqual([]);
  expect(keys.length).toBe(11);
  // No backup has any of them, opened neither; what it has of them it has sealed.
  const isBackup = (at: string) => at.startsWith('BACKUPS');
  for (const key of keys) expect(placesOf(key, before).filter(isBackup)).toEqual([]);
  for (const about of [kim.id, id, other]) expect(placesOf(about, before).some(isBackup)).toBe(true);
  expect(placesOf(kim.id, before).some((at) => at.startsWith('COPIES'))).toBe(true);

  expect((await fulfils(request.body.request.id)).status).toBe(200);
  await isDone(request.body.request.id);
  const after = await everythingStored();
  for (const mark of marks) expect([mark, placesOf(mark, after)]).toEqual([mark, []]);
  // Without these keys what may still lie somewhere is noise.
  for (const key of keys) expect(placesOf(key, after)).toEqual([]);
  const where = (about: string) => [...new Set(placesOf(about, after).map((at) => at.split('.')[0] ?? ''))];
  const ids = ['D1 erased', 'D1 ledger', 'D1 ledger_keys', 'D1 requests', 'Ledger recent', 'Ledger folded'];
  // Backups have the ids until they go, and no way to open anything.
  const isElsewhere = (at: string) => !isBackup(at);
  expect(where(kim.id).filter((at) => !ids.includes(at) && isElsewhere(at))).toEqual([]);
  // Ids alone: who on staff opened it lately, in the inbox of a team that it had left that it is elsewhere, and what backups
  // there are of it.
  const more = [...ids, 'Account marks', 'Inbox entries', 'D1 backup_marks', 'D1 backup_objects'];
  expect(where(id).filter((at) => !more.includes(at) && isElsewhere(at))).toEqual([]);
  expect(await inDirectory(kim)).toBe(0);
  expect((await checkLedger(env, 0)).broken).toBeNull();

  // What is in the ledger of them stands there still, and says nothing.
  const left = await entriesOf(kim);
  expect(left.length).toBeGreaterThan(opened.length);
  expect(left.filter(({ personal }) => personal !== null && personal !== 'erased')).toEqual([]);
  const lines = (await Array.fromAsync(await exported(env))).flat();
  const file = lines.map((line) => `${JSON.stringify(line)}\n`);
  const read = await readLedger(new Blob(file).stream(), { notes: [], keys: await verifierKeys(env) });
  expect(report(read)).toMatchObject({ isWhole: true });
  expect(placesOf('Mark!', [{ at: 'the file', bytes: text(file.join('')) }])).toEqual([]);
});

it('D26 has what they come back with, and nothing of what was before', async () => {
  const kim = await vouched('Kim', 'kim@example.com', 'customer 42');
  await beginAs(kim);
  await stands(kim, 1);
  const { id } = (await asks(kim, 'erasure')).body.request;
  await ledgerOf(env).append([detailsOf(kim, 'before')]);
  expect(await personalOf(kim)).toEqual([{ network: 'before' }]);
  await fulfils(id);
  await isDone(id);
  expect(await personalOf(kim)).toEqual(['erased']);
  // In the month in which they were erased nothing personal is kept of them: one key is never two.
  const again = await vouched('Kim', 'kim@example.com', 'customer 42');
  expect(again.id).toBe(kim.id);
  await ledgerOf(env).append([detailsOf(kim, 'after')]);
  expect(await personalOf(kim)).toEqual(['erased', null]);
  expect((await own(again)).body.requests).toEqual([
    expect.objectContaining({ id, kind: 'erasure', state: 'done', extension: null, answer: null }),
  ]);
  expect((await asks(again, 'access')).status).toBe(201);
});

it('D28 gives a receipt that anybody can check, and that nobody can change', async () => {
  const kim = await vouched('Kim', 'kim@example.com');
  await beginAs(kim);
  await stands(kim, 1);
  const { id } = (await asks(kim, 'erasure')).body.request;
  expect(await receipt(id)).toBeUndefined();
  await fulfils(id);
  await isDone(id);
  expect(await receipt(id)).toMatchObject({
    ...{ from: 'sotto.test', request: id, kind: 'erasure', visitor: kim.id, conversations: '1' },
  });
  const note = (await call('GET', `/receipts/${id}`)).text;
  const keys = (await verifierKeys(env)).flatMap((key) => readVerifierKey(key) ?? []);
  expect(await readReceipt(note.replace('conversations 1', 'conversations 0'), keys)).toBeUndefined();
  expect(await readReceipt(note.replace('from sotto.test', 'from other.test'), keys)).toBeUndefined();
  expect(await readReceipt(note, [])).toBeUndefined();
  // One is never taken for the other.
  expect(await readCheckpoint(note, keys)).toBeUndefined();
  expect(await readReceipt((await ledgerOf(env).checkpoint()).note, keys)).toBeUndefined();
});

it('D89 gives a receipt of a refusal too, which says on which ground and no word of why', async () => {
  const kim = await vouched('Kim', 'kim@example.com');
  const { request } = (await asks(kim, 'erasure', said('a wish'))).body;
  expect((await does(request.id, 'refuse', { reason: said('why not') })).body.code).toBe('invalid');
  expect((await does(request.id, 'refuse', { ground: 'anger', reason: said('why') })).body.code).toBe(
    'invalid',
  );
  expect(request.hasReceipt).toBe(false);
  expect(await receipt(request.id)).toBeUndefined();
  const refused = await does(request.id, 'refuse', { ground: 'claims', reason: said('why not') });
  expect(refused.body.request).toMatchObject({ state: 'refused', hasReceipt: true });
  expect((await own(kim)).body.requests).toMatchObject([{ id: request.id, hasReceipt: true }]);
  const note = (await call('GET', `/receipts/${request.id}`)).text;
  expect(note).not.toMatch(/Mark!|Kim/);
  expect(await receipt(request.id)).toEqual({
    ...{ from: 'sotto.test', request: request.id, kind: 'erasure', visitor: kim.id },
    asked: new Date(request.openedAt).toISOString(),
    refused: new Date(refused.body.request.doneAt ?? 0).toISOString(),
    ...{ law: 'gdpr', ground: 'claims' },
  });
  const keys = (await verifierKeys(env)).flatMap((key) => readVerifierKey(key) ?? []);
  expect(await readReceipt(note.replace('ground claims', 'ground duty'), keys)).toBeUndefined();
  expect(await readReceipt(note.replace('refused ', 'done '), keys)).toBeUndefined();
});

const detailsOf = ({ id }: Customer, network: string) => ({
  ...{ id: crypto.randomUUID(), at: Date.now(), actor: id, action: 'privacy.ask', outcome: 'done' as const },
  personal: { of: id, what: { network } },
});
/** What is personal in those entries, the oldest first. */
async function personalOf(kim: Customer) {
  const entries = (await entriesOf(kim)).filter(
    ({ action, object }) => action === 'privacy.ask' && object === null,
  );
  return entries.map(({ personal }) => personal).toReversed();
}
