import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind } from './binding.ts';
import { concat, sameBytes } from './bytes.ts';
import { drain, flip, MemoryTable, noise, NOON, oldKeyring, partsOf, run, streamOf } from './cast.ts';
import { CHUNK_BYTES, HEADER_BYTES, type Range } from './cobblestone.ts';
import { FileKey, fileKeyPlace, splitStream, type ReadPart } from './file-key.ts';
import { Vault } from './keys.ts';
import type { FileManifest, FilePart } from './manifest.ts';

const place = ['con_1', 'fil_1'];
const key = await FileKey.of(run(32), place);
const other = await FileKey.of(run(32, 1), place);
const moved = await FileKey.of(run(32), ['con_1', 'fil_2']);
const refused = { name: 'VaultError', code: 'envelope_refused' };
const invalid = { name: 'VaultError', code: 'input_malformed' };

interface Stored {
  readonly parts: readonly FilePart[];
  readonly objects: Map<string, Uint8Array>;
  readonly manifest: FileManifest;
  readonly read: ReadPart;
}

async function store(by: FileKey, plain: readonly Uint8Array[], attempt = 'a'): Promise<Stored> {
  const objects = new Map<string, Uint8Array>();
  const parts: FilePart[] = [];
  for (const [part, bytes] of plain.entries()) {
    const { header, size, body } = await by.sealPart(part, streamOf(bytes, 5_000), bytes.length);
    const object = await drain(body);
    expect(object.length).toBe(size);
    objects.set(`${part}/${attempt}`, object);
    parts.push({ attempt, length: bytes.length, header });
  }
  const manifest = await by.openManifest(await by.sealManifest(parts, concat(...plain).length));
  return { parts, objects, manifest, read: partsOf(objects) };
}

function whole({ length }: FileManifest): Range {
  return { from: 0, to: length };
}

/** A part's length, of all kinds, and the ends of a range in thousandths of the whole. */
const length = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.constantFrom(CHUNK_BYTES, CHUNK_BYTES + 1, 300_000),
);
const share = fc.integer({ min: 0, max: 1_000 });

test('F3 any range of any file is what a plain copy has there', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(length, { maxLength: 4 }),
      fc.array(fc.tuple(share, share), { minLength: 6, maxLength: 6 }),
      async (lengths, ranges) => {
        const plain = lengths.map(noise);
        const copy = concat(...plain);
        const { manifest, read } = await store(key, plain);
        const opened = await drain(await key.openBytes(manifest, whole(manifest), read));
        expect(sameBytes(opened, copy)).toBe(true);
        for (const range of ranges) {
          const [from = 0, to = 0] = range
            .map((at) => Math.round((at * copy.length) / 1_000))
            .sort((a, b) => a - b);
          const opened = await drain(await key.openBytes(manifest, { from, to }, read));
          expect(sameBytes(opened, copy.subarray(from, to))).toBe(true);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('F3 a range reads the parts that it lies in, each when its turn comes, and of them its chunks', async () => {
  const length = 3 * CHUNK_BYTES;
  const { manifest, read } = await store(key, [noise(length), noise(length), noise(length)]);
  const asked: object[] = [];
  const watched: ReadPart = (part, attempt, range) => {
    asked.push({ part, ...range });
    return read(part, attempt, range);
  };
  const range = { from: length + CHUNK_BYTES + 5, to: length + CHUNK_BYTES + 6 };
  await drain(await key.openBytes(manifest, range, watched));
  expect(asked).toEqual([{ part: 1, offset: HEADER_BYTES + CHUNK_BYTES + 16, length: CHUNK_BYTES + 16 }]);
  asked.length = 0;
  await drain(await key.openBytes(manifest, { from: 7, to: 7 }, watched));
  expect(asked).toEqual([]);
  await expect(key.openBytes(manifest, { from: 0, to: 3 * length + 1 }, watched)).rejects.toMatchObject(
    invalid,
  );
  expect(asked).toEqual([]);
});

test('F4 a file without bytes has no parts', async () => {
  const { manifest, read } = await store(key, []);
  expect(manifest).toEqual({ length: 0, parts: [] });
  expect(await drain(await key.openBytes(manifest, whole(manifest), read))).toHaveLength(0);
});

test('F4 parts that are not the whole file, or none at all, make no manifest', async () => {
  const { parts } = await store(key, [run(5), run(7)]);
  const [first, second] = parts as [FilePart, FilePart];
  for (const [listed, length] of [
    [parts, 11],
    [parts, 13],
    [[first], 12],
    [[...parts, second], 12],
    [[], 12],
    [[{ ...first, length: 0 }, second], 7],
    [[{ ...first, length: -5 }, second], 2],
    [[{ ...first, length: 0.5 }, second], 7.5],
    [[{ ...first, header: first.header.slice(1) }, second], 12],
  ] as const)
    await expect(key.sealManifest(listed, length)).rejects.toMatchObject(invalid);
});

test('F4 a manifest opens for its own file alone, and not when it was changed', async () => {
  const { parts } = await store(key, [run(5)]);
  const sealed = await key.sealManifest(parts, 5);
  for (const stranger of [other, moved])
    await expect(stranger.openManifest(sealed)).rejects.toMatchObject(refused);
  await expect(key.openManifest(flip(sealed, sealed.length * 8 - 1))).rejects.toMatchObject(refused);
  await expect(key.open(bind('sotto/file-manifest/1', ['con_1', 'fil_2']), sealed)).rejects.toMatchObject(
    refused,
  );
});

const LONG = 2 * CHUNK_BYTES + 100;
const plain = [noise(LONG), noise(LONG), noise(LONG)];

test.each<[string, (stored: Stored, again: Stored) => void]>([
  ['missing', ({ objects }) => objects.delete('1/a')],
  ['swapped with another', ({ objects }) => swap(objects, '1/a', '2/a')],
  ['of another attempt', ({ objects }, again) => objects.set('1/a', again.objects.get('1/b') ?? run(0))],
  ['shortened', ({ objects }) => objects.set('1/a', (objects.get('1/a') ?? run(0)).slice(0, -1))],
  ['cut at a chunk', ({ objects }) => objects.set('1/a', (objects.get('1/a') ?? run(0)).slice(0, -116))],
  ['extended', ({ objects }) => objects.set('1/a', concat(objects.get('1/a') ?? run(0), run(1)))],
  ['empty', ({ objects }) => objects.set('1/a', run(0))],
])('F4 a part that is %s refuses, whatever is read of it', async (_, spoil) => {
  const stored = await store(key, plain);
  spoil(stored, await store(key, plain, 'b'));
  const { manifest, read } = stored;
  for (const range of [
    { from: LONG, to: LONG + 1 },
    { from: LONG + CHUNK_BYTES, to: LONG + CHUNK_BYTES + 1 },
    { from: 2 * LONG - 1, to: 2 * LONG },
  ])
    await expect(key.openBytes(manifest, range, read).then(drain)).rejects.toMatchObject(refused);
  const { given, error } = await collect(await key.openBytes(manifest, whole(manifest), read));
  expect(error).toMatchObject(refused);
  expect(sameBytes(given, plain[0] ?? run(0))).toBe(true);
  await drain(await key.openBytes(manifest, { from: 0, to: LONG }, read));
});

test('F4 a manifest holds the very messages: one that names another attempt does not open this one', async () => {
  const [stored, again] = [await store(key, plain), await store(key, plain, 'b')];
  const [first, , third] = stored.parts;
  const mixed = await key.openManifest(
    await key.sealManifest([first, again.parts[1], third] as FilePart[], 3 * LONG),
  );
  await expect(key.openBytes(mixed, { from: LONG, to: LONG + 1 }, stored.read)).rejects.toMatchObject(
    refused,
  );
  const objects = new Map([...stored.objects, ...again.objects]);
  expect(await drain(await key.openBytes(mixed, whole(mixed), partsOf(objects)))).toHaveLength(3 * LONG);
});

test('F2 parts of another file, or under another key, refuse', async () => {
  for (const stranger of [other, moved]) {
    const { read, manifest } = await store(key, plain);
    const { read: foreign, manifest: foreignManifest } = await store(stranger, plain);
    await expect(key.openBytes(manifest, whole(manifest), foreign)).rejects.toMatchObject(refused);
    await expect(key.openBytes(foreignManifest, whole(manifest), foreign)).rejects.toMatchObject(refused);
    await expect(stranger.openBytes(manifest, whole(manifest), read)).rejects.toMatchObject(refused);
  }
});

test('F2 a changed bit anywhere in a part refuses, and only the bytes before it were given', async () => {
  const stored = await store(key, plain);
  const object = stored.objects.get('1/a') ?? run(0);
  for (const at of [0, 24, 55, HEADER_BYTES, HEADER_BYTES + CHUNK_BYTES, 30_000, object.length - 1]) {
    stored.objects.set('1/a', flip(object, at * 8));
    const { given, error } = await collect(
      await key.openBytes(stored.manifest, whole(stored.manifest), stored.read),
    );
    expect(error).toMatchObject(refused);
    expect(sameBytes(given, plain[0] ?? run(0))).toBe(true);
  }
});

test('a store that fails is told as it failed', async () => {
  const { manifest, read } = await store(key, plain);
  const down = new Error('the store is down');
  const failing: ReadPart = (part, attempt, range) =>
    part === 1 ? Promise.reject(down) : read(part, attempt, range);
  expect((await collect(await key.openBytes(manifest, whole(manifest), failing))).error).toBe(down);
  await expect(key.openBytes(manifest, { from: LONG, to: LONG + 1 }, failing)).rejects.toBe(down);
});

test('F5 whoever stops reading ends the reading of the part that is being read, and no other is begun', async () => {
  const { manifest, read } = await store(key, [noise(1_000_000), noise(1_000_000)]);
  const ended: number[] = [];
  const watched: ReadPart = async (part, attempt, range) => {
    const stored = await read(part, attempt, range);
    const reader = stored?.body.getReader();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (value) controller.enqueue(value);
        if (done) controller.close();
      },
      cancel: () => void ended.push(part),
    });
    return { size: stored?.size ?? 0, body };
  };
  const stream = (await key.openBytes(manifest, whole(manifest), watched)).getReader();
  expect((await stream.read()).done).toBe(false);
  await stream.cancel();
  expect(ended).toEqual([0]);
});

test('F6 a file’s key opens from its record, at its own place alone', async () => {
  const vault = await Vault.open(await oldKeyring(), new MemoryTable(), NOON);
  const { key, record } = await vault.newFileKey(place, NOON);
  expect(record).toHaveLength(97);
  const { manifest, read } = await store(key, plain);
  const again = await vault.fileKey(place, record);
  expect(await drain(await again.openBytes(manifest, whole(manifest), read))).toHaveLength(3 * LONG);
  const name = bind('sotto/test/1', ['name']);
  expect(await again.openText(name, await key.sealText(name, 'cat.png'))).toBe('cat.png');
  await expect(vault.fileKey(['con_1', 'fil_2'], record)).rejects.toMatchObject(refused);
  await expect(vault.fileKey(place, flip(record, 96 * 8))).rejects.toMatchObject(refused);
});

test('F6 rotation wraps a file’s key anew, and what it sealed opens as before', async () => {
  const vault = await Vault.open(await oldKeyring(), new MemoryTable(), NOON);
  const { key, record } = await vault.newFileKey(place, NOON);
  const { manifest, read } = await store(key, plain);
  await vault.renew('data', NOON);
  expect(vault.needsRewrap(record)).toBe(true);
  const wrapped = await vault.rewrap(fileKeyPlace(place), record, NOON);
  expect(vault.needsRewrap(wrapped)).toBe(false);
  for (const { id, state } of vault.list()) if (state === 'retired') await vault.discard(id, NOON + 120_000);
  await expect(vault.fileKey(place, record)).rejects.toMatchObject({ code: 'key_unknown' });
  const after = await vault.fileKey(place, wrapped);
  expect(after.commitment).toEqual(key.commitment);
  expect(await drain(await after.openBytes(manifest, whole(manifest), read))).toHaveLength(3 * LONG);
});

test('F6 what seals streams is another value of the key than what seals boxes, and cannot be exported', async () => {
  const stream = await splitStream(run(32));
  expect(stream).toMatchObject({ extractable: false, usages: ['sign'] });
  await expect(crypto.subtle.exportKey('raw', stream)).rejects.toThrow();
});

function swap(objects: Map<string, Uint8Array>, a: string, b: string): void {
  const [one, two] = [objects.get(a) ?? run(0), objects.get(b) ?? run(0)];
  objects.set(a, two).set(b, one);
}

/** What a stream gave before it ended or errored, and the error. */
async function collect(stream: ReadableStream<Uint8Array>): Promise<{ given: Uint8Array; error?: unknown }> {
  const given: Uint8Array[] = [];
  try {
    for await (const bytes of stream) given.push(bytes);
    return { given: concat(...given) };
  } catch (error) {
    return { given: concat(...given), error };
  }
}
