import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lifetimes, limits } from '../../src/protocol/limits.ts';
import { begin, newSite, newVisitor } from '../cast.ts';
import {
  asked,
  begins,
  bucket,
  cookieOf,
  filesOf,
  finish,
  here,
  jpegWith,
  latin,
  later,
  load,
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
import { evict, rows } from './scene.ts';

beforeEach(begins);
afterEach(() => {
  vi.useRealTimers();
});

describe('a file on its way', () => {
  it('F40 is said in the conversation once all of it is there, to everybody, as one message', async () => {
    const id = crypto.randomUUID();
    const file = await send(talk.visitor.access, text(mark), { id });
    for (const ear of [talk.customer, talk.desk]) {
      const { messages } = await ear.next('messages');
      expect(messages).toMatchObject([
        {
          id,
          seq: 2,
          kind: 'file',
          text: '',
          file: { id: file, state: 'waiting', about: { name: 'notes.txt' } },
        },
      ]);
    }
    expect(await filesOf(here.anna.access)).toMatchObject([{ seq: 2, file: { id: file } }]);
  });
});

describe('an upload', () => {
  it('F35 goes on where it stopped, and the same one begun again is the same', async () => {
    const bytes = new Uint8Array(limits.filePartBytes + 10).fill(65);
    const id = crypto.randomUUID();
    const { upload } = (await start(talk.visitor.access, bytes, { id })).body;
    expect(upload).toMatchObject({ partBytes: limits.filePartBytes, parts: 2, stored: [] });
    const { file } = upload;
    await putPart(talk.visitor.access, file, 1, bytes.subarray(limits.filePartBytes));
    await evict(talk.id);
    expect((await start(talk.visitor.access, bytes, { id })).body.upload).toMatchObject({
      file,
      stored: [1],
    });
    expect((await finish(talk.visitor.access, file)).body.code).toBe('file_incomplete');
    await putPart(talk.visitor.access, file, 0, bytes.subarray(0, limits.filePartBytes));
    const first = await finish(talk.visitor.access, file);
    const again = await finish(talk.visitor.access, file);
    expect([first.status, again.body.message.seq]).toEqual([200, first.body.message.seq]);
    expect(await filesOf(talk.visitor.access)).toHaveLength(1);
  });

  it('F35 takes parts of exactly their length, of bytes and nothing else', async () => {
    const bytes = text('twelve bytes');
    const { file } = (await start(talk.visitor.access, bytes)).body.upload;
    for (const wrong of [bytes.subarray(1), text('thirteen byte')])
      expect((await putPart(talk.visitor.access, file, 0, wrong)).body.code).toBe('file_changed');
    expect((await putPart(talk.visitor.access, file, 1, bytes)).body.code).toBe('not_found');
    for (const part of ['01', '-1', '1e0', '99999'])
      expect((await putPart(talk.visitor.access, file, part as never, bytes)).body.code).toBe('not_found');
    const asJson = await asked('PUT', `/api/v1/conversations/${talk.id}/files/${file}/parts/0`, {
      token: talk.visitor.access,
      body: {},
    });
    expect(asJson.body.code).toBe('unsupported_type');
    expect(await bucket()).toEqual([]);
  });

  it('F35 keeps the last of two attempts at a part, and nothing of the other', async () => {
    const { file } = (await start(talk.visitor.access, text('one'))).body.upload;
    await putPart(talk.visitor.access, file, 0, text('one'));
    const [former] = await bucket();
    await putPart(talk.visitor.access, file, 0, text('two'));
    const left = await bucket();
    expect(left).toHaveLength(1);
    expect(left).not.toContain(former);
    await finish(talk.visitor.access, file);
    await scanned(here.anna.access, file);
    await release(file);
    const opened = await open(here.anna.access, file);
    expect(await (await load(opened.body.address, { cookie: cookieOf(opened) })).text()).toBe('two');
  });

  it('F35 is the business of whoever began it alone', async () => {
    const bytes = text('mine');
    const { file } = (await start(talk.visitor.access, bytes)).body.upload;
    const other = await newVisitor(here.site);
    for (const token of [here.anna.access, other.access]) {
      expect((await putPart(token, file, 0, bytes)).body.code).toBe('not_found');
      expect((await finish(token, file)).body.code).toBe('not_found');
      expect((await open(token, file)).body.code).toBe('not_found');
    }
    expect(await filesOf(here.anna.access)).toEqual([]);
  });

  it('F35 is for customers, and for whoever has claimed the conversation while it is open', async () => {
    expect((await start(here.ben.access, text('a'))).body.code).toBe('not_allowed');
    expect((await start(here.anna.access, text('a'))).status).toBe(201);
    const { file } = (await start(talk.visitor.access, text('b'))).body.upload;
    await putPart(talk.visitor.access, file, 0, text('b'));
    await asked('POST', `/api/v1/conversations/${talk.id}/close`, { token: here.anna.access, body: {} });
    expect((await finish(talk.visitor.access, file)).body.code).toBe('conversation_closed');
    expect((await start(talk.visitor.access, text('c'))).body.code).toBe('conversation_closed');
  });

  it('F35 of the same id is no other file', async () => {
    const id = crypto.randomUUID();
    await start(talk.visitor.access, text('one'), { id });
    for (const other of [{ name: 'other.txt' }, { bytes: 4 }])
      expect((await start(talk.visitor.access, text('one'), { id, ...other })).body.code).toBe('id_reused');
    // Somebody else’s message may have the same id.
    expect((await start(here.anna.access, text('other'), { id })).status).toBe(201);
  });

  it('F36 has room for as much as its site takes, its conversation holds and a visitor sends in a day', async () => {
    const none = await newSite(here.team, undefined, { files: { ...rules, groups: [] } });
    const small = await newSite(here.team, undefined, { files: { ...rules, bytes: 10 } });
    for (const [site, code] of [
      [none, 'not_allowed'],
      [small, 'too_large'],
    ] as const) {
      const visitor = await newVisitor(site);
      const id = await begin(visitor);
      expect((await start(visitor.access, new Uint8Array(11), {}, id)).body.code).toBe(code);
    }
    expect((await start(talk.visitor.access, text('a'), { bytes: limits.fileBytes + 1 })).body.code).toBe(
      'invalid',
    );
    for (let n = 0; n < limits.uploadsAtOnce; n++)
      expect((await start(talk.visitor.access, text('a'))).status).toBe(201);
    expect((await start(talk.visitor.access, text('a'))).body.code).toBe('no_room');
    const visitor = await newVisitor(here.site);
    const day = Math.floor(Date.now() / 86_400_000);
    await env.DB.prepare('INSERT INTO uploads VALUES (?, ?, ?, ?)')
      .bind(visitor.id, day, limits.filesPerVisitor - 1, 0)
      .run();
    const id = await begin(visitor);
    const upload = { id: crypto.randomUUID() };
    expect((await start(visitor.access, text('a'), upload, id)).status).toBe(201);
    expect((await start(visitor.access, text('a'), upload, id)).status).toBe(201);
    expect((await start(visitor.access, text('b'), {}, id)).body.code).toBe('enough_today');
  });

  it('F39 that is refused for what it is leaves nothing, and an upload that was given up neither', async () => {
    const { file } = (await start(talk.visitor.access, text('<html>hello</html>'))).body.upload;
    await putPart(talk.visitor.access, file, 0, text('<html>hello</html>'));
    expect((await finish(talk.visitor.access, file)).status).toBe(422);
    expect(await rows(talk.id, 'SELECT id FROM files')).toEqual([]);
    const other = (await start(talk.visitor.access, text('words'))).body.upload.file;
    await putPart(talk.visitor.access, other, 0, text('words'));
    const given = await asked('DELETE', `/api/v1/conversations/${talk.id}/files/${other}`, {
      token: talk.visitor.access,
    });
    expect(given.status).toBe(200);
    expect(await rows(talk.id, 'SELECT id FROM files')).toEqual([]);
    expect(await bucket()).toEqual([]);
    expect((await filesOf(talk.visitor.access)).length).toBe(0);
  });

  it('F45 that nobody finishes within a day is gone', async () => {
    const { file } = (await start(talk.visitor.access, text('words'))).body.upload;
    await putPart(talk.visitor.access, file, 0, text('words'));
    later(lifetimes.upload + 1_000);
    await rings();
    expect(await rows(talk.id, 'SELECT id FROM files')).toEqual([]);
    expect(await bucket()).toEqual([]);
  });
});

describe('what lies of a file', () => {
  it('F37 holds neither its words nor its name, in the bucket, in the conversation or in the database', async () => {
    const name = 'ein !Name! der nirgends steht.txt';
    const file = await released(text(mark.repeat(100)), { name });
    const [object] = await bucket();
    const stored = await (await env.FILES.get(object ?? ''))?.arrayBuffer();
    const raw = JSON.stringify(await rows(talk.id, 'SELECT * FROM files'), (_, value: unknown) =>
      value instanceof ArrayBuffer ? latin(value) : value,
    );
    const { results } = await env.DB.prepare('SELECT * FROM uploads').all();
    for (const word of ['!Zeichen!', '!Name!', 'Klartext'])
      for (const place of [latin(stored ?? new ArrayBuffer()), object, raw, JSON.stringify(results)])
        expect(place).not.toContain(word);
    expect(stored?.byteLength).toBeGreaterThan(mark.length * 100);
    expect((await filesOf(here.anna.access))[0]?.file.about?.name).toBe(name);
    const opened = await open(here.anna.access, file);
    expect(await (await load(opened.body.address, { cookie: cookieOf(opened) })).text()).toBe(
      mark.repeat(100),
    );
  });

  it('F37 that was changed, cut, lengthened or taken from another file is not given out', async () => {
    const file = await released(text(mark));
    const opened = await open(here.anna.access, file);
    const other = await released(text(mark));
    const [key = '', otherKey = ''] = [
      (await bucket()).find((each) => each.includes(file)),
      (await bucket()).find((each) => each.includes(other)),
    ];
    const whole = new Uint8Array((await (await env.FILES.get(key))?.arrayBuffer()) ?? []);
    const foreign = new Uint8Array((await (await env.FILES.get(otherKey))?.arrayBuffer()) ?? []);
    const bent = whole.with(whole.length - 20, (whole.at(-20) ?? 0) ^ 1);
    for (const wrong of [bent, whole.subarray(1), new Uint8Array([...whole, 0]), foreign, undefined]) {
      if (wrong === undefined) await env.FILES.delete(key);
      else await env.FILES.put(key, wrong);
      const answer = await load(opened.body.address, { cookie: cookieOf(opened) });
      const read = await answer.text().catch(() => 'broke off');
      expect(read).not.toContain('Zeichen');
    }
  });

  it('F38 of a picture holds nothing of where and by whom it was taken, nor does anything else', async () => {
    const bytes = jpegWith(text('Exif\0\0 GPS !Ort! 52.5'));
    const file = await send(talk.visitor.access, bytes, { name: 'photo.jpg' });
    await scanned(here.anna.access, file);
    await release(file);
    expect(await bucket()).toHaveLength(1);
    const opened = await open(here.anna.access, file);
    const read = await (await load(opened.body.address, { cookie: cookieOf(opened) })).arrayBuffer();
    expect(latin(read)).not.toContain('!Ort!');
    expect(latin(read).slice(0, 2)).toBe('\u00ff\u00d8');
    expect((await filesOf(here.anna.access))[0]?.file.bytes).toBe(read.byteLength);
  });
});
