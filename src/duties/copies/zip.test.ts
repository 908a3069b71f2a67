import {
  BlobReader,
  Reader,
  TextWriter,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
  type FileEntry,
} from '@zip.js/zip.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyZip, Zip, type ZipState } from './zip.ts';

const at = Date.UTC(2026, 10, 28, 4, 5, 6);
const utf8 = new TextEncoder();
type Written = { name: string; bytes: Uint8Array };

/** Each piece by a sitting of its own, which knows of the ones before what was kept alone. */
function inSittings(pieces: readonly Written[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  let kept = JSON.stringify(emptyZip);
  for (const { name, bytes } of pieces) {
    const zip = new Zip(JSON.parse(kept) as ZipState, at);
    chunks.push(zip.add(name, bytes, name.endsWith('.txt') ? 'text' : 'packed'));
    kept = JSON.stringify(zip.state);
    expect(zip.state.length).toBe(sizeOf(chunks));
  }
  chunks.push(new Zip(JSON.parse(kept) as ZipState, at).end());
  return joined(chunks);
}

const sizeOf = (chunks: readonly Uint8Array[]) => chunks.reduce((sum, { length }) => sum + length, 0);
const joined = (chunks: readonly Uint8Array[]) => Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));

/** As a reader of somebody else's finds it, with every sum checked. */
async function unzipped(zip: Uint8Array): Promise<Map<string, Uint8Array>> {
  const reader = new ZipReader(new Uint8ArrayReader(zip), { checkCrc32: true, useWebWorkers: false });
  const entries = (await reader.getEntries()).filter((entry): entry is FileEntry => !entry.directory);
  const read = entries.map(
    async (entry) => [entry.filename, await entry.getData(new Uint8ArrayWriter())] as const,
  );
  return new Map(await Promise.all(read));
}

/** A beginning and an end, and between them nothing that anybody looks at. */
class Holed extends Reader<undefined> {
  readonly #parts: readonly { at: number; bytes: Uint8Array }[];

  constructor(begin: Uint8Array, far: number, tail: Uint8Array) {
    super(undefined);
    this.#parts = [
      { at: 0, bytes: begin },
      { at: far, bytes: tail },
    ];
    this.size = far + tail.length;
  }

  override readUint8Array(from: number, length: number): Promise<Uint8Array> {
    const read = new Uint8Array(Math.max(0, Math.min(length, this.size - from)));
    for (const { at, bytes } of this.#parts) {
      const wanted = bytes.subarray(Math.max(0, from - at), Math.max(0, from + read.length - at));
      if (wanted.length > 0) read.set(wanted, Math.max(0, at - from));
    }
    return Promise.resolve(read);
  }
}

describe('D31 a zip that is written in several sittings', () => {
  it('is for a reader what was put into it, wherever it was left and gone on with', async () => {
    const name = fc.uniqueArray(fc.constantFrom('a.txt', 'files/1 Grüße.png', 'ملف.txt', '🙂.bin'), {
      minLength: 1,
    });
    const pieces = fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(name, fc.array(pieces, { minLength: 4, maxLength: 4 }), async (names, contents) => {
        const wanted = names.map((each, n) => ({ name: each, pieces: contents[n] ?? [] }));
        const zip = inSittings(
          wanted.flatMap(({ name, pieces }) => pieces.map((bytes) => ({ name, bytes }))),
        );
        const found = await unzipped(zip);
        expect([...found.keys()]).toEqual(names);
        for (const { name, pieces } of wanted) expect(found.get(name)).toEqual(joined(pieces));
      }),
      { numRuns: 60 },
    );
  });

  it('has smaller texts, empty entries, and times', async () => {
    const zip = inSittings([
      { name: 'many.txt', bytes: utf8.encode('Hello. '.repeat(10_000)) },
      { name: 'none.txt', bytes: new Uint8Array() },
    ]);
    expect(zip.length).toBeLessThan(2_000);
    const entries = await new ZipReader(new BlobReader(new Blob([zip.slice()]))).getEntries();
    expect(entries.map(({ filename, uncompressedSize }) => [filename, uncompressedSize])).toEqual([
      ['many.txt', 70_000],
      ['none.txt', 0],
    ]);
    expect(entries[0]?.rawLastModDate).toBe(
      ((((2026 - 1980) << 9) | (11 << 5) | 28) << 16) | (4 << 11) | (5 << 5) | 3,
    );
    await expect((entries[1] as FileEntry).getData(new TextWriter())).resolves.toBe('');
  });

  it('may be longer than 4 GiB', async () => {
    const far = 5 * 2 ** 30;
    const first = new Zip(emptyZip, at);
    const begin = first.add('near.txt', utf8.encode('near'), 'text');
    // What lies between is a hole that a reader jumps over.
    const closing = first.add('hole', new Uint8Array(), 'packed');
    const later = new Zip({ ...first.state, length: far }, at);
    const tail = joined([later.add('far.txt', utf8.encode('far'), 'text'), later.end()]);
    const entries = await new ZipReader(new Holed(joined([begin, closing]), far, tail)).getEntries();
    const named = new Map(entries.map((entry) => [entry.filename, entry]));
    expect([...named.keys()]).toEqual(['near.txt', 'hole', 'far.txt']);
    expect(named.get('far.txt')?.offset).toBeGreaterThanOrEqual(far);
    for (const word of ['near', 'far']) {
      const entry = named.get(`${word}.txt`) as FileEntry;
      await expect(entry.getData(new TextWriter(), { checkCrc32: true })).resolves.toBe(word);
    }
  });
});
