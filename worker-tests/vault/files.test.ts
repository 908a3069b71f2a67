import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import {
  keyTable,
  sameBytes,
  Vault,
  type FileManifest,
  type FilePart,
  type ReadPart,
} from '../../src/vault.ts';
import { concat } from '../../src/vault/bytes.ts';
import { drain, noise, NOON, oldKeyring } from '../../src/vault/cast.ts';

const { DB, KEYS } = env as unknown as { DB: D1Database; KEYS: R2Bucket };
const vault = await Vault.open(await oldKeyring(), keyTable(DB), NOON);
const { key, record } = await vault.newFileKey(['con_1', 'fil_1'], NOON);
const plain = [noise(600_000), noise(16_384), noise(5)];
const LENGTH = 616_389;
const refused = { name: 'VaultError', code: 'envelope_refused' };

const read: ReadPart = (part, attempt, range) => KEYS.get(`${part}/${attempt}`, { range });

async function store(): Promise<FileManifest> {
  const parts: FilePart[] = [];
  for (const [part, bytes] of plain.entries()) {
    const { header, size, body } = await key.sealPart(part, platform(bytes), bytes.length);
    expect((await KEYS.put(`${part}/a`, body))?.size).toBe(size);
    parts.push({ attempt: 'a', length: bytes.length, header });
  }
  return key.openManifest(await key.sealManifest(parts, LENGTH));
}

/** As a request's body comes. */
function platform(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const request = new Request('https://sotto.test', { method: 'POST', body: bytes });
  return request.body as ReadableStream<Uint8Array>;
}

test('F1 a file that is sealed into the bucket in parts opens as it was', async () => {
  const manifest = await store();
  const again = await vault.fileKey(['con_1', 'fil_1'], record);
  const opened = await drain(await again.openBytes(manifest, { from: 0, to: LENGTH }, read));
  expect(sameBytes(opened, concat(...plain))).toBe(true);
});

test('F1 a body that is shorter or longer than was said leaves nothing in the bucket', async () => {
  for (const length of [599_999, 600_001]) {
    const { body } = await key.sealPart(0, platform(noise(600_000)), length);
    await expect(KEYS.put('0/wrong', body)).rejects.toMatchObject({ code: 'input_malformed' });
  }
  expect(await KEYS.head('0/wrong')).toBeNull();
});

test('F3 a range is read from the bucket across its parts, as a stream of known length', async () => {
  const manifest = await store();
  const copy = concat(...plain);
  for (const [from, to] of [
    [0, 1],
    [262_143, 262_145],
    [599_990, 616_387],
    [616_384, LENGTH],
    [10, 10],
  ] as const) {
    const answer = new Response(await key.openBytes(manifest, { from, to }, read));
    const opened = new Uint8Array(await answer.arrayBuffer());
    expect(sameBytes(opened, copy.subarray(from, to)), `${from}`).toBe(true);
    const kept = await KEYS.put('copy', await key.openBytes(manifest, { from, to }, read));
    expect(kept?.size).toBe(to - from);
  }
});

test('F4 an object that is gone, shorter, longer or another’s refuses', async () => {
  const manifest = await store();
  const object = (await (await KEYS.get('0/a'))?.bytes()) ?? new Uint8Array(0);
  const other = await key.sealPart(0, platform(noise(600_000)), 600_000);
  for (const bytes of [object.slice(1), concat(object, noise(1)), await drain(other.body)]) {
    await KEYS.put('0/a', bytes);
    const range = { from: 5, to: 20 };
    await expect(key.openBytes(manifest, range, read).then(drain)).rejects.toMatchObject(refused);
  }
  await KEYS.delete('0/a');
  await expect(key.openBytes(manifest, { from: 5, to: 20 }, read)).rejects.toMatchObject(refused);
});

test('F2 a bit that is changed in the bucket ends the stream before its chunk', async () => {
  const manifest = await store();
  const object = (await (await KEYS.get('0/a'))?.bytes()) ?? new Uint8Array(0);
  object[400_000] = (object[400_000] ?? 0) ^ 1;
  await KEYS.put('0/a', object);
  const stream = await key.openBytes(manifest, { from: 0, to: LENGTH }, read);
  let given = 0;
  const reading = (async () => {
    for await (const bytes of stream) given += bytes.length;
  })();
  await expect(reading).rejects.toMatchObject(refused);
  expect(given).toBeLessThan(400_000);
});

test('F6 no key of a file can be exported on the runtime', async () => {
  const { splitStream } = await import('../../src/vault/file-key.ts');
  const stream = await splitStream(new Uint8Array(32).fill(3));
  expect(stream.extractable).toBe(false);
  await expect(crypto.subtle.exportKey('raw', stream)).rejects.toThrow();
});
