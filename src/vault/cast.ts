import { streamFrom } from './blocks.ts';
import { openRange } from './cobblestone.ts';
import { concat, randomBytes } from './bytes.ts';
import type { ReadPart } from './file-key.ts';
import { Keyring } from './keyring.ts';
import type { KeyTable, ServiceKeyRow } from './service-key.ts';

/*
 * The cast that the vault's tests share; nothing that runs in production imports it. The two roots are the bytes
 * 00 01 .. 1f and 20 21 .. 3f.
 */

export const OLD_ROOT = '1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
export const NEW_ROOT = '2:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8';
export const NOON = 1_795_348_800_000;

export const oldKeyring = (): Promise<Keyring> => Keyring.parse(OLD_ROOT);
export const bothRoots = (): Promise<Keyring> => Keyring.parse(`${NEW_ROOT},${OLD_ROOT}`);
export const newKeyring = (): Promise<Keyring> => Keyring.parse(NEW_ROOT);

/** The bytes first, first + 1, ... */
export function run(length: number, first = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => first + index);
}

/** Random bytes, more than the platform gives at once. */
export function noise(length: number): Uint8Array<ArrayBuffer> {
  return concat(...Array.from({ length: Math.ceil(length / 50_000) }, () => randomBytes(50_000))).slice(
    0,
    length,
  );
}

/** The same bytes with one bit turned over. */
export function flip(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  const flipped = new Uint8Array(bytes);
  flipped.set([(bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))], bit >> 3);
  return flipped;
}

/** Bytes that come in pieces of this size, in a stream made by hand. */
export function streamOf(bytes: Uint8Array, piece: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += piece)));
      else controller.close();
    },
  });
}

/** All that a stream gives. */
export async function drain(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Opens a range of a message as a stream. */
export async function openStream(
  ...given: Parameters<typeof openRange>
): Promise<ReadableStream<Uint8Array>> {
  const [, , , { from, to }] = given;
  return streamFrom(to - from, await openRange(...given));
}

/** Reads objects that are named `{part}/{attempt}` as R2 does: so much of the range as there is. */
export function partsOf(objects: ReadonlyMap<string, Uint8Array>): ReadPart {
  return (part, attempt, { offset, length }) => {
    const object = objects.get(`${part}/${attempt}`);
    const body = object && streamOf(object.subarray(offset, offset + length), 6_000);
    return Promise.resolve(body ? { size: object.length, body } : null);
  };
}

/** A key table in memory that keeps the promises of the one in D1, and counts how often it is read. */
export class MemoryTable implements KeyTable {
  rows: ServiceKeyRow[] = [];
  reads = 0;

  all(): Promise<readonly ServiceKeyRow[]> {
    this.reads++;
    return Promise.resolve([...this.rows]);
  }

  insertActive(row: ServiceKeyRow): Promise<void> {
    const inTheWay = (known: ServiceKeyRow): boolean =>
      known.id === row.id || (known.purpose === row.purpose && known.state === 'active');
    if (!this.rows.some(inTheWay)) this.rows.push(row);
    return Promise.resolve();
  }

  replaceActive(retired: number, row: ServiceKeyRow): Promise<void> {
    this.#change(({ id, purpose }) => id === retired && purpose === row.purpose, { state: 'retired' });
    return this.insertActive(row);
  }

  rewrap(from: number, { id, root, wrapped }: ServiceKeyRow): Promise<void> {
    this.#change((known) => known.id === id && known.root === from, { root, wrapped });
    return Promise.resolve();
  }

  count(id: number, uses: number): Promise<void> {
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, uses: row.uses + uses } : row));
    return Promise.resolve();
  }

  remove(id: number): Promise<void> {
    this.rows = this.rows.filter((row) => row.id !== id || row.state === 'active');
    return Promise.resolve();
  }

  #change(which: (row: ServiceKeyRow) => boolean, change: Partial<ServiceKeyRow>): void {
    this.rows = this.rows.map((row) => (which(row) ? { ...row, ...change } : row));
  }
}
