import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bind } from './binding.ts';
import { concat, sameBytes } from './bytes.ts';
import { drain, flip, noise, openStream, run, streamOf } from './cast.ts';
import {
  CHUNK_BYTES,
  HEADER_BYTES,
  plainLength,
  sealedLength,
  sealedRange,
  sealMessage,
  type Range,
} from './cobblestone.ts';
import { splitStream } from './file-key.ts';

const key = await splitStream(run(32));
const other = await splitStream(run(32, 1));
const here = bind('sotto/test/1', ['here']);
const there = bind('sotto/test/1', ['there']);
const refused = { name: 'VaultError', code: 'envelope_refused' };
const malformed = { name: 'VaultError', code: 'envelope_malformed' };
const SEALED_CHUNK = CHUNK_BYTES + 16;
/** Of four chunks: three full ones and a short one. */
const LONG = 3 * CHUNK_BYTES + 100;

async function seal(plain: Uint8Array, piece = 10_000): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = await sealMessage(key, here, streamOf(plain, piece), plain.length);
  return drain(body);
}

interface Opening {
  readonly input?: typeof key;
  readonly context?: Uint8Array;
  readonly header?: Uint8Array;
  readonly range?: Range;
}

/** What opens of a message: all that the stream gave before it ended or errored, and the error. */
async function open(
  message: Uint8Array,
  { input = key, context = here, header = message.slice(0, HEADER_BYTES), range }: Opening = {},
): Promise<{ given: Uint8Array; error?: unknown }> {
  const given: Uint8Array[] = [];
  try {
    const length = plainLength(message.length);
    const wanted = range ?? { from: 0, to: length };
    const sealed = sealedRange(length, wanted);
    const body = streamOf(message.subarray(sealed.offset, sealed.offset + sealed.length), 10_000);
    const stream = await openStream(input, context, { header, size: message.length, body }, wanted);
    for await (const bytes of stream) given.push(bytes);
    return { given: concat(...given) };
  } catch (error) {
    return { given: concat(...given), error };
  }
}

/** Lengths of all kinds, most of all the ones beside a chunk's and a block's edge. */
const length = fc.oneof(
  fc.nat({ max: 100 }),
  fc.nat({ max: 300_000 }),
  fc
    .tuple(fc.constantFrom(1, 2, 15, 16, 17), fc.integer({ min: -1, max: 1 }))
    .map(([chunks, more]) => chunks * CHUNK_BYTES + more),
);
const piece = fc.oneof(fc.integer({ min: 50, max: 5_000 }), fc.constantFrom(CHUNK_BYTES, 1_000_000));

test('F1 opening inverts sealing, whatever the length and the pieces', async () => {
  await fc.assert(
    fc.asyncProperty(length, piece, async (length, piece) => {
      const plain = noise(length);
      const message = await seal(plain, piece);
      expect(message.length).toBe(sealedLength(length));
      expect(plainLength(message.length)).toBe(length);
      expect(sameBytes((await open(message)).given, plain)).toBe(true);
    }),
  );
});

test('F1 a platform’s own stream is sealed as one made by hand', async () => {
  for (const length of [0, 1, CHUNK_BYTES, 17 * CHUNK_BYTES + 1]) {
    const plain = noise(length);
    const stream = new Blob([plain]).stream() as ReadableStream<Uint8Array>;
    const { body } = await sealMessage(key, here, stream, length);
    expect(sameBytes((await open(await drain(body))).given, plain)).toBe(true);
  }
});

test.each([
  ['nothing', 0, 1],
  ['a byte less than a chunk', CHUNK_BYTES - 1, 1],
  ['exactly a chunk', CHUNK_BYTES, 2],
  ['a byte more', CHUNK_BYTES + 1, 2],
])('F1 %s makes as many chunks as it should, the last one short', async (_, length, chunks) => {
  const plain = run(length);
  const message = await seal(plain);
  expect(message.length).toBe(56 + length + 16 * chunks);
  expect(sameBytes((await open(message)).given, plain)).toBe(true);
});

test('F1 a stream that is shorter or longer than was said is not sealed', async () => {
  for (const length of [0, 1, CHUNK_BYTES, 16 * CHUNK_BYTES, LONG])
    for (const off of [-1, 1, CHUNK_BYTES]) {
      if (length + off < 0) continue;
      const { body } = await sealMessage(key, here, streamOf(run(length + off), 10_000), length);
      await expect(drain(body)).rejects.toMatchObject({ code: 'input_malformed' });
    }
});

test('a length that no message has is refused', async () => {
  for (const length of [-1, 0.5, 2 ** 52, NaN])
    await expect(sealMessage(key, here, streamOf(run(1), 1), length)).rejects.toMatchObject({
      code: 'input_malformed',
    });
  for (const size of [0, 55, 56, 71, 56 + SEALED_CHUNK, 56 + SEALED_CHUNK + 15, 72.5, NaN, 2 ** 53])
    expect(() => plainLength(size), `${size}`).toThrow(expect.objectContaining(malformed));
  expect(plainLength(sealedLength(2 ** 52 - 1))).toBe(2 ** 52 - 1);
});

test('F2 every single bit of a message counts', async () => {
  const message = await seal(run(20));
  for (let bit = 0; bit < message.length * 8; bit++)
    expect(await open(flip(message, bit)), `${bit}`).toMatchObject({ given: {}, error: refused });
});

const chunk = (index: number, byte: number): number => HEADER_BYTES + index * SEALED_CHUNK + byte;
test.each([
  ['the salt', 0],
  ['the salt’s end', 23],
  ['the commitment', 24],
  ['the commitment’s end', 55],
  ['the first chunk', chunk(0, 0)],
  ['the first chunk’s tag', chunk(0, CHUNK_BYTES)],
  ['a chunk in the middle', chunk(1, 8_000)],
  ['its tag', chunk(1, CHUNK_BYTES + 15)],
  ['the last chunk', chunk(3, 0)],
  ['the last tag', chunk(3, 100 + 15)],
])('F2 a changed byte in %s refuses', async (_, at) => {
  const message = await seal(run(LONG));
  for (let bit = 0; bit < 8; bit++)
    expect((await open(flip(message, at * 8 + bit))).error).toMatchObject(refused);
});

test('F2 what is given before the refusal was authenticated, and comes from before what was changed', async () => {
  const plain = noise(40 * CHUNK_BYTES);
  const message = await seal(plain);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 40 }), async (index) => {
      const { given, error } = await open(flip(message, chunk(index, 3) * 8));
      expect(error).toMatchObject(refused);
      expect(given.length).toBeLessThanOrEqual(index * CHUNK_BYTES);
      expect(sameBytes(given, plain.subarray(0, given.length))).toBe(true);
    }),
    { numRuns: 12 },
  );
});

test('F2 another key or another context refuses before anything is read of it', async () => {
  const message = await seal(run(LONG));
  expect(await open(message, { input: other })).toMatchObject({ given: {}, error: refused });
  expect(await open(message, { context: there })).toMatchObject({ given: {}, error: refused });
});

test('F2 chunks in another order, doubled, left out or from another message refuse', async () => {
  const message = await seal(run(LONG));
  const stranger = await seal(run(LONG));
  const piece = (from: Uint8Array, index: number): Uint8Array =>
    from.subarray(chunk(index, 0), chunk(index + 1, 0));
  const made = (...chunks: Uint8Array[]): Uint8Array => concat(message.subarray(0, HEADER_BYTES), ...chunks);
  const [zero, one, two, last] = [0, 1, 2, 3].map((index) => piece(message, index)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  expect((await open(made(zero, one, two, last))).error).toBeUndefined();
  for (const chunks of [
    [one, zero, two, last],
    [zero, zero, two, last],
    [zero, two, last],
    [zero, one, one, two, last],
    [one, two, last],
    [last],
    [zero, piece(stranger, 1), two, last],
    [zero, one, two, piece(stranger, 3)],
  ])
    expect((await open(made(...chunks))).error).toMatchObject(refused);
  const foreign = concat(stranger.subarray(0, HEADER_BYTES), zero, one, two, last);
  expect((await open(foreign)).error).toMatchObject(refused);
});

test('F2 a message cut short anywhere or made longer refuses', async () => {
  const message = await seal(run(CHUNK_BYTES + 20));
  const lengths = [0, 1, 23, 55, 56, 57, 71, 72, chunk(0, 9_000), chunk(1, 0) - 1, chunk(1, 0), chunk(1, 35)];
  for (const length of lengths)
    expect((await open(message.subarray(0, length))).error, `${length}`).toMatchObject({
      name: 'VaultError',
    });
  for (const more of [1, 16, SEALED_CHUNK])
    expect((await open(concat(message, new Uint8Array(more)))).error, `${more}`).toMatchObject(refused);
});

test('F2 a store that gives fewer or more bytes than were asked for is not believed', async () => {
  const message = await seal(run(LONG));
  const header = message.slice(0, HEADER_BYTES);
  const range = { from: 0, to: LONG };
  const bodies = [message.subarray(0, -1), concat(message, run(1)), message.subarray(0, 30), run(0)];
  for (const bytes of bodies) {
    const sealed = { header, size: message.length, body: streamOf(bytes, 10_000) };
    await expect(openStream(key, here, sealed, range).then(drain)).rejects.toMatchObject(refused);
  }
});

test('F3 any range is what a plain copy has there', async () => {
  const plain = noise(2 * CHUNK_BYTES);
  const message = await seal(plain);
  const at = fc.oneof(
    fc.nat({ max: plain.length }),
    fc.constantFrom(0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, plain.length - 1, plain.length),
  );
  await fc.assert(
    fc.asyncProperty(at, at, async (a, b) => {
      const range = { from: Math.min(a, b), to: Math.max(a, b) };
      const { given, error } = await open(message, { range });
      expect(error).toBeUndefined();
      expect(sameBytes(given, plain.subarray(range.from, range.to))).toBe(true);
    }),
  );
});

test('F3 a range reads its own chunks alone, with the header before the first and the last to the end', () => {
  const length = 3 * CHUNK_BYTES;
  const read = (from: number, to: number) => sealedRange(length, { from, to });
  expect(read(CHUNK_BYTES, 2 * CHUNK_BYTES)).toEqual({ offset: chunk(1, 0), length: SEALED_CHUNK });
  expect(read(CHUNK_BYTES - 1, CHUNK_BYTES + 1)).toEqual({ offset: 0, length: chunk(2, 0) });
  expect(read(2 * CHUNK_BYTES, length)).toEqual({ offset: chunk(2, 0), length: SEALED_CHUNK + 16 });
  expect(read(0, length)).toEqual({ offset: 0, length: sealedLength(length) });
});

test('F3 a range that is not in the file is refused', () => {
  for (const [from, to] of [
    [-1, 2],
    [2, 1],
    [0, 11],
    [0.5, 2],
    [0, NaN],
  ] as const)
    expect(() => sealedRange(10, { from, to })).toThrow(expect.objectContaining({ code: 'input_malformed' }));
});

test('F4 the header that is known beforehand counts, not the one that lies before the chunks', async () => {
  const [message, again] = [await seal(run(LONG)), await seal(run(LONG))];
  const header = again.slice(0, HEADER_BYTES);
  expect((await open(message, { header })).error).toMatchObject(refused);
  const range = { from: CHUNK_BYTES, to: CHUNK_BYTES + 1 };
  expect((await open(message, { header, range })).error).toMatchObject(refused);
  const damaged = concat(run(HEADER_BYTES), message.subarray(HEADER_BYTES));
  const own = message.slice(0, HEADER_BYTES);
  expect((await open(damaged, { header: own, range })).given).toEqual(run(LONG).slice(range.from, range.to));
});

test('the same bytes are never sealed to the same message', async () => {
  const messages = await Promise.all(Array.from({ length: 50 }, () => seal(run(9))));
  expect(new Set(messages.map((message) => message.subarray(0, 24).join())).size).toBe(50);
  expect(new Set(messages.map((message) => message.subarray(HEADER_BYTES).join())).size).toBe(50);
});
