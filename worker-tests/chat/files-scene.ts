/** Files as their tests send, open and look at them. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { plainSettings } from '../../src/protocol/bodies.ts';
import type {
  FilesAnswer,
  OpenFileAnswer,
  SentAnswer,
  UploadAnswer,
} from '../../src/protocol/file-bodies.ts';
import type { FileView } from '../../src/protocol/frames.ts';
import type { ConversationId, FileId } from '../../src/protocol/ids.ts';
import { call, type Member, newMember, origin } from '../cast.ts';
import { scene, type Scene, talking, type Talk } from './scene.ts';

export let here: Scene;
export let talk: Talk;
export let owner: Member;
/** To be done before each test: a conversation of its own, and an owner. */
export async function begins(): Promise<void> {
  here = await scene();
  talk = await talking(here);
  owner = await newMember('owner', [here.team], 'Olivia');
}
export const later = (by: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by });
};

export const text = (words: string) => new TextEncoder().encode(words);
/** Words that no id can hold. */
export const mark = 'ein !Zeichen! im Klartext';

/** Each request from a network of its own, so that no limit is met by chance. */
let count = 0;
export const asked: typeof call = (method, path, options) => {
  const from = `198.51.${(count >> 8) & 255}.${count++ & 255}`;
  return call(method, path, { ...options, headers: { 'cf-connecting-ip': from, ...options?.headers } });
};

type Wish = { name?: string; sensitive?: boolean; id?: string; bytes?: number };
export const start = (token: string, bytes: Uint8Array, wish: Wish = {}, id: string = talk.id) =>
  asked<UploadAnswer>('POST', `/api/v1/conversations/${id}/files`, {
    token,
    body: { id: crypto.randomUUID(), name: 'notes.txt', sensitive: false, bytes: bytes.length, ...wish },
  });
export const putPart = (token: string, file: string, part: number, bytes: Uint8Array, id: string = talk.id) =>
  asked('PUT', `/api/v1/conversations/${id}/files/${file}/parts/${part}`, {
    token,
    raw: bytes,
    headers: { 'content-type': 'application/octet-stream' },
  });
export const finish = (token: string, file: string, id: string = talk.id) =>
  asked<SentAnswer>('POST', `/api/v1/conversations/${id}/files/${file}/finish`, { token, body: {} });

/** Sends a file, and answers its id. */
export async function send(
  token: string,
  bytes: Uint8Array,
  wish: Wish = {},
  id: string = talk.id,
): Promise<FileId> {
  const begun = await start(token, bytes, wish, id);
  expect(begun.status, begun.text).toBe(201);
  const { file, parts, partBytes } = begun.body.upload;
  for (let part = 0; part < parts; part++) {
    const stored = await putPart(
      token,
      file,
      part,
      bytes.subarray(part * partBytes, (part + 1) * partBytes),
      id,
    );
    expect(stored.status, stored.text).toBe(200);
  }
  const sent = await finish(token, file, id);
  expect(sent.status, sent.text).toBe(200);
  return file;
}

export const filesOf = async (token: string, id: string = talk.id) =>
  (await asked<FilesAnswer>('GET', `/api/v1/conversations/${id}/files`, { token })).body.files;
/** Waits for what its scan says, which without a scanner is that it could not be done. */
export const scanned = (
  token: string,
  file: string,
  state: FileView['state'] = 'unscanned',
  id: string = talk.id,
) =>
  expect
    .poll(async () => {
      // A test may have moved the clock, by which the platform does not go.
      await runDurableObjectAlarm(conversationOf(env, id as ConversationId));
      return (await filesOf(token, id)).find((each) => each.file.id === file)?.file.state;
    })
    .toBe(state);
export const release = (file: string, token = owner.access, id: string = talk.id) =>
  asked('POST', `/api/v1/conversations/${id}/files/${file}/release`, {
    token,
    body: { reason: 'The customer told us what it is.' },
  });
export const open = (token: string, file: string, body: object = {}, id: string = talk.id) =>
  asked<OpenFileAnswer>('POST', `/api/v1/conversations/${id}/files/${file}/open`, {
    token,
    body: { as: 'show', ...body },
  });
/** What a browser keeps of an answer. */
export const cookieOf = (reply: { headers: Headers }) => reply.headers.get('set-cookie')?.split(';')[0] ?? '';
export const load = (address: string, headers: Record<string, string> = {}) =>
  exports.default.fetch(`${origin}${address}`, { headers: { 'cf-connecting-ip': '192.0.2.1', ...headers } });

/** A file of the customer's that can be opened. */
export async function released(bytes: Uint8Array, wish: Wish = {}): Promise<FileId> {
  const file = await send(talk.visitor.access, bytes, wish);
  await scanned(here.anna.access, file);
  expect((await release(file)).status).toBe(200);
  return file;
}

export const rules = plainSettings.files;
export const rings = () => runDurableObjectAlarm(conversationOf(env, talk.id));
export const latin = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
/** A picture of one pixel with something besides. */
export const jpegWith = (about: Uint8Array) =>
  Uint8Array.from([
    ...[0xff, 0xd8, 0xff, 0xe1, 0, about.length + 2, ...about],
    ...[0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x3f, 0xff, 0xd9],
  ]);
export const bucket = async () =>
  (await env.FILES.list({ prefix: `${talk.id}/` })).objects.map(({ key }) => key);

export const hold = (on: boolean, token = owner.access) =>
  asked('PUT', `/api/v1/conversations/${talk.id}/hold`, {
    token,
    body: { reason: on ? 'A court has asked for it.' : null },
  });
