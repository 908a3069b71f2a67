import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat } from './bytes.ts';
import { drain, MemoryTable, noise, NOON, oldKeyring, partsOf, streamOf } from './cast.ts';
import { CHUNK_BYTES } from './cobblestone.ts';
import type { FileKey, ReadPart } from './file-key.ts';
import { Vault } from './keys.ts';
import type { FileManifest, FilePart } from './manifest.ts';

const place = ['con_1', 'fil_1'];
const vault = await Vault.open(await oldKeyring(), new MemoryTable(), NOON);

interface Stored {
  readonly parts: readonly FilePart[];
  readonly objects: Map<string, Uint8Array>;
  readonly manifest: FileManifest;
  readonly read: ReadPart;
}

async function store(key: FileKey, plain: readonly Uint8Array[], attempt = 'a'): Promise<Stored> {
  const objects = new Map<string, Uint8Array>();
  const parts: FilePart[] = [];
  for (const [part, bytes] of plain.entries()) {
    const { header, size, body } = await key.sealPart(part, streamOf(bytes, 5_000), bytes.length);
    const object = await drain(body);
    expect(object.length).toBe(size);
    objects.set(`${part}/${attempt}`, object);
    parts.push({ attempt, length: bytes.length, header });
  }
  const manifest = await key.openManifest(await key.sealManifest(parts, concat(...plain).length));
  return { parts, objects, manifest, read: partsOf(objects) };
}

/** A part's length, of all kinds, and the ends of a range in thousandths of the whole. */
const length = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.constantFrom(CHUNK_BYTES, CHUNK_BYTES + 1, 300_000),
);
const share = fc.integer({ min: 0, max: 1_000 });

test('any range of any file is what a plain copy has there', async () => {
  const { key } = await vault.newFileKey(place);
  await fc.assert(
    fc.asyncProperty(
      fc.array(length, { maxLength: 4 }),
      fc.array(fc.tuple(share, share), { minLength: 6, maxLength: 6 }),
      async (lengths, ranges) => {
        const plain = lengths.map(noise);
        const whole = concat(...plain);
        const { manifest, read } = await store(key, plain);
        expect(await drain(await key.openBytes(manifest, { from: 0, to: whole.length }, read))).toEqual(
          whole,
        );
        for (const range of ranges) {
          const [from = 0, to = 0] = range
            .map((at) => Math.round((at * whole.length) / 1_000))
            .sort((a, b) => a - b);
          const opened = await drain(await key.openBytes(manifest, { from, to }, read));
          expect(opened).toEqual(whole.slice(from, to));
        }
      },
    ),
    { numRuns: 50 },
  );
});
