import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomBytes } from './bytes.ts';
import { drain, MemoryTable, NOON, oldKeyring, streamOf } from './cast.ts';
import { CHUNK_BYTES } from './cobblestone.ts';
import type { FileKey, ReadPart } from './file-key.ts';
import { Vault } from './keys.ts';
import type { FilePart } from './manifest.ts';

const place = ['con_1', 'fil_1'];
const vault = await Vault.open(await oldKeyring(), new MemoryTable(), NOON);

interface Stored {
  readonly parts: readonly FilePart[];
  readonly objects: readonly Uint8Array[];
}

async function store(key: FileKey, parts: readonly Uint8Array[]): Promise<Stored> {
  const stored = await Promise.all(
    parts.map(async (plain, part) => {
      const { header, size, body } = await key.sealPart(part, streamOf(plain, 5000), plain.length);
      const object = await drain(body);
      expect(object.length).toBe(size);
      return { object, part: { attempt: `a${part}`, length: plain.length, header } };
    }),
  );
  return { parts: stored.map(({ part }) => part), objects: stored.map(({ object }) => object) };
}

/** Reads as R2 does: as much of the range as there is. */
function reader(objects: readonly (Uint8Array | undefined)[]): ReadPart {
  return (part, _attempt, { offset, length }) => {
    const object = objects[part];
    if (!object) return Promise.resolve(null);
    return Promise.resolve({
      size: object.length,
      body: streamOf(object.subarray(offset, offset + length), 6000),
    });
  };
}

test('any range of any file is what a plain copy has there', async () => {
  const { key } = await vault.newFileKey(place);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(CHUNK_BYTES, CHUNK_BYTES + 1, 40_000)),
        {
          maxLength: 4,
        },
      ),
      fc.array(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        {
          minLength: 4,
          maxLength: 4,
        },
      ),
      async (lengths, ranges) => {
        const plain = lengths.map((length) => randomBytes(length));
        const whole = Uint8Array.from(plain.flatMap((part) => [...part]));
        const { parts, objects } = await store(key, plain);
        const manifest = await key.openManifest(await key.sealManifest(parts, whole.length));
        const read = reader(objects);
        expect(await drain(await key.openBytes(manifest, { from: 0, to: whole.length }, read))).toEqual(
          whole,
        );
        for (const [a, b] of ranges) {
          const [from = 0, to = 0] = [a, b].map((at) => Math.round(at * whole.length)).sort((a, b) => a - b);
          const opened = await drain(await key.openBytes(manifest, { from, to }, read));
          expect(opened).toEqual(whole.slice(from, to));
        }
      },
    ),
    { numRuns: 60 },
  );
});
