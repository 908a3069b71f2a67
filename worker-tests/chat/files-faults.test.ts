import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { finishedFile } from '../../src/chat/files/taking.ts';
import type { SentAnswer } from '../../src/protocol/file-bodies.ts';
import { take } from '../../src/protocol/refusals.ts';
import { join, newTeam } from '../cast.ts';
import { since, size } from '../ledger/scene.ts';
import {
  asked,
  begins,
  bucket,
  filesOf,
  finish,
  here,
  jpegWith,
  load,
  cookieOf,
  mark,
  open,
  putPart,
  release,
  released,
  rings,
  rules,
  scanned,
  send,
  start,
  talk,
  text,
} from './files-scene.ts';
import { act, evict, hears, places, rows } from './scene.ts';

beforeEach(begins);
afterEach(() => {
  vi.useRealTimers();
});

const photo = jpegWith(text('Exif\0\0 GPS !Ort! 52.5'));
const arrives = async (bytes: Uint8Array, wish: Parameters<typeof start>[2] = {}) => {
  const { file } = (await start(talk.visitor.access, bytes, wish)).body.upload;
  await putPart(talk.visitor.access, file, 0, bytes);
  return file;
};
const alarmAt = () =>
  runInDurableObject(conversationOf(env, talk.id), (_, { storage }) => storage.getAlarm());

describe('an upload', () => {
  it('F35 is nobody’s any more who could not send it: no part is taken, and none is looked at', async () => {
    const mine = await arrives(text('a'));
    const { file: annas } = (await start(here.anna.access, text('b'))).body.upload;
    await act('hand-over', talk.id, here.anna.access, { to: here.ben.id });
    expect((await putPart(here.anna.access, annas, 0, text('b'))).body.code).toBe('not_allowed');
    await act('close', talk.id, talk.visitor.access);
    const before = await bucket();
    expect((await putPart(talk.visitor.access, mine, 0, text('c'))).body.code).toBe('conversation_closed');
    // What would be refused for its bytes is not looked at.
    await rows(talk.id, 'UPDATE files SET record = zeroblob(LENGTH(record))');
    await evict(talk.id);
    expect((await finish(talk.visitor.access, mine)).body.code).toBe('conversation_closed');
    expect(await bucket()).toEqual(before);
  });

  it('F35 that was given up is no more, even while some of it still lies in the bucket', async () => {
    const id = crypto.randomUUID();
    const file = await arrives(text('a'), { id });
    const nothing = `record = x'', about = x'', manifest = x'', parts = '[]'`;
    await rows(talk.id, `UPDATE files SET state = 'gone', ${nothing}`);
    await evict(talk.id);
    expect((await putPart(talk.visitor.access, file, 0, text('a'))).body.code).toBe('not_found');
    expect((await finish(talk.visitor.access, file)).body.code).toBe('not_found');
    const again = await start(talk.visitor.access, text('a'), { id });
    expect([again.status, again.body.upload.stored]).toEqual([201, []]);
    await putPart(talk.visitor.access, file, 0, text('a'));
    expect((await finish(talk.visitor.access, file)).status).toBe(200);
  });

  it('F38 leaves nothing of a picture as it was sent, whoever was cut off on the way', async () => {
    const file = await send(talk.visitor.access, photo, { name: 'photo.jpg' });
    await scanned(here.anna.access, file);
    const other = await arrives(photo, { name: 'photo.jpg' });
    const [sent = ''] = (await bucket()).filter((name) => name.includes(other));
    const bytes = await (await env.FILES.get(sent))?.arrayBuffer();
    await finish(talk.visitor.access, other);
    // As if the request had ended before it deleted what was sent.
    await env.FILES.put(sent, bytes ?? null);
    await rows(talk.id, `UPDATE files SET state = 'waiting', scan_at = 1 WHERE id = ?`, other);
    await evict(talk.id);
    await scanned(here.anna.access, other);
    expect(await bucket()).not.toContain(sent);
    expect(await bucket()).toHaveLength(2);
    for (const each of [file, other]) {
      await release(each);
      const opened = await open(here.anna.access, each);
      expect((await load(opened.body.address, { cookie: cookieOf(opened) })).status).toBe(200);
    }
  });

  it('F40 F45 has a copy of its key as soon as it stands in the conversation, and none before', async () => {
    const file = await arrives(text(mark));
    const copy = () => env.KEYS.get(`file/${talk.id}/${file}`);
    const visitor = { kind: 'visitor', id: talk.visitor.id, site: here.site } as const;
    const upload = take(await conversationOf(env, talk.id).upload(visitor, file));
    // Looked at, and then cut off.
    await finishedFile(env, { conversation: talk.id, file }, upload, rules);
    expect(await copy()).toBeNull();
    expect((await finish(talk.visitor.access, file)).status).toBe(200);
    const [row] = await rows(talk.id, 'SELECT record FROM files');
    expect(await (await copy())?.arrayBuffer()).toEqual(row?.['record']);
  });

  it('C22 F40 does not tell its sender who destroyed its message', async () => {
    const file = await send(talk.visitor.access, text(mark));
    const removal = { seq: 2, how: 'redacted' };
    const path = `/api/v1/conversations/${talk.id}/removals`;
    expect((await asked('POST', path, { token: here.sue.access, body: removal })).status).toBe(200);
    const again = await finish(talk.visitor.access, file);
    const { message }: SentAnswer = again.body;
    expect(message.removed?.how).toBe('redacted');
    expect(JSON.stringify(again.body)).not.toContain(here.sue.id);
  });
});

describe('a conversation with files', () => {
  it('F37 is read on where what is known of one file was bent', async () => {
    const bent = await released(text(mark));
    const sound = await released(text(mark));
    await rows(talk.id, 'UPDATE files SET about = zeroblob(LENGTH(about)) WHERE id = ?', bent);
    await evict(talk.id);
    const files = await filesOf(here.anna.access);
    expect(files.map(({ file }) => file.about?.name ?? null)).toEqual([null, 'notes.txt']);
    const ear = await join(talk.id, here.anna.access);
    await ear.next('welcome');
    expect(places((await ear.next('messages')).messages)).toHaveLength(3);
    ear.post('on', 3);
    await hears(ear, 'on');
    expect((await open(here.anna.access, bent)).status).toBe(500);
    expect((await open(here.anna.access, sound)).status).toBe(200);
  });

  it('F40 tells whoever comes back what has become of the files that they know', async () => {
    const file = await send(talk.visitor.access, text(mark));
    talk.customer.close();
    await scanned(here.anna.access, file);
    await release(file);
    const back = await join(talk.id, talk.visitor.access, { after: 2, epoch: talk.epoch });
    await back.next('welcome');
    expect(await back.next('file')).toMatchObject({ seq: 2, file: { id: file, state: 'released' } });
  });

  it('F45 comes to the end of its files, though an alarm has failed', async () => {
    await released(text(mark));
    await rows(talk.id, 'UPDATE files SET until = 1');
    const [row] = await rows(talk.id, 'SELECT customer FROM conversation');
    await rows(talk.id, `UPDATE conversation SET customer = x'00'`);
    await evict(talk.id);
    await runDurableObjectAlarm(conversationOf(env, talk.id));
    expect(await alarmAt()).toBeGreaterThan(Date.now());
    await runInDurableObject(conversationOf(env, talk.id), (_, { storage }) =>
      storage.sql.exec('UPDATE conversation SET customer = ?', row?.['customer'] as ArrayBuffer),
    );
    await evict(talk.id);
    await rings();
    expect(await bucket()).toEqual([]);
  });
});

describe('what a customer opens', () => {
  it('F42 stands in the ledger once for a while, however often they do', async () => {
    const file = await released(text(mark));
    const before = await size();
    for (let n = 0; n < 3; n++) expect((await open(talk.visitor.access, file)).status).toBe(200);
    const entries = (await since(before)).filter(({ object }) => object === file);
    expect(entries).toMatchObject([{ action: 'file.open', actor: talk.visitor.id, outcome: 'done' }]);
  });
});

describe('a link', () => {
  it('F43 ends for whoever may not read the conversation any more', async () => {
    const file = await released(text(mark));
    const opened = await open(here.anna.access, file);
    const headers = { cookie: cookieOf(opened) };
    const { address } = opened.body;
    expect((await load(address, headers)).status).toBe(200);
    const other = await newTeam();
    await act('hand-over', talk.id, here.anna.access, { to: other });
    for (const range of [{}, { range: 'bytes=0-0' }])
      expect((await load(address, { ...headers, ...range })).status).toBe(404);
    expect(await filesOf(here.anna.access)).toBeUndefined();
  });
});
