/**
 * Writes one zip in several sittings (APPNOTE.TXT 6.3.10, RFC 1951). What was written so far is a few numbers and the
 * directory, which are kept from one to the next: libraries keep them in the memory of one run, which may be cut off.
 * Entries are deflated in blocks that end at a byte, so that one can be left in its middle and gone on with.
 */
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { fromBase64url, toBase64url } from '../../vault.ts';

/** Where a zip stands between two sittings. */
export type ZipState = {
  /** How many bytes it has. */
  readonly length: number;
  readonly entries: number;
  /** What will stand at its end, in base64url. */
  readonly directory: string;
  /** The entry that goes on. */
  readonly open: OpenEntry | null;
};
type OpenEntry = {
  readonly name: string;
  readonly begins: number;
  readonly crc: number;
  readonly packed: number;
  readonly plain: number;
};

export const emptyZip: ZipState = { length: 0, entries: 0, directory: '', open: null };

/** Texts get smaller by it; most files are packed already. */
export type Effort = 'text' | 'packed';
const levels: Record<Effort, number> = { text: 6, packed: 0 };

export class Zip {
  readonly #time: number;
  readonly #directory: Uint8Array[];
  #length: number;
  #entries: number;
  #open: OpenEntry | null;

  /** @param at when its entries are said to be from, in Unix milliseconds */
  constructor(state: ZipState, at: number) {
    this.#time = dosTime(new Date(at));
    this.#directory = [fromBase64url(state.directory) ?? new Uint8Array()];
    this.#length = state.length;
    this.#entries = state.entries;
    this.#open = state.open;
  }

  get state(): ZipState {
    const directory = toBase64url(joined(this.#directory));
    return { length: this.#length, entries: this.#entries, directory, open: this.#open };
  }

  /** The next bytes of an entry. With another name another entry begins, and the one before has ended. */
  add(name: string, bytes: Uint8Array, effort: Effort): Uint8Array {
    const before = this.#open?.name === name ? [] : [...this.#close(), this.#begin(name)];
    return joined([...before, this.#packed(name, bytes, effort)]);
  }

  /** Nothing follows. */
  end(): Uint8Array {
    const last = this.#close();
    const directory = joined(this.#directory);
    const end = ending({ begins: this.#length, size: directory.length, entries: this.#entries });
    return joined([...last, directory, end]);
  }

  #begin(name: string): Uint8Array {
    this.#open = { name, begins: this.#length, crc: 0, packed: 0, plain: 0 };
    const title = utf8.encode(name);
    // Sums and lengths are known at the end, and stand there.
    const sums = [0, 0, 0].map((zero) => u32(zero));
    return this.#counted(
      joined([
        ...[u32(0x04034b50), u16(20), u16(flags), u16(deflated), u32(this.#time), ...sums],
        ...[u16(title.length), u16(0), title],
      ]),
    );
  }

  #packed(name: string, bytes: Uint8Array, effort: Effort): Uint8Array {
    const entry = this.#open;
    if (entry?.name !== name || bytes.length === 0) return new Uint8Array();
    const options = { level: levels[effort], finishFlush: constants.Z_SYNC_FLUSH };
    const packed = new Uint8Array(deflateRawSync(bytes, options));
    this.#open = {
      ...entry,
      crc: crc32(bytes, entry.crc),
      packed: entry.packed + packed.length,
      plain: entry.plain + bytes.length,
    };
    return this.#counted(packed);
  }

  #close(): Uint8Array[] {
    if (this.#open === null) return [];
    // Only now is it known which block was the last: an empty one.
    const lastBlock = Uint8Array.of(3, 0);
    const { name, begins, crc, plain } = this.#open;
    const packed = this.#open.packed + lastBlock.length;
    if (Math.max(packed, plain) > most32) throw new RangeError('an entry of 4 GiB');
    const sums = [u32(crc), u32(packed), u32(plain)];
    const title = utf8.encode(name);
    const far = begins < most32 ? [] : [u16(1), u16(8), u64(begins)];
    const extra = joined(far);
    this.#directory.push(
      ...[u32(0x02014b50), u16(madeOnUnix), u16(far.length === 0 ? 20 : 45)],
      ...[u16(flags), u16(deflated), u32(this.#time), ...sums],
      ...[u16(title.length), u16(extra.length), u16(0), u16(0), u16(0), u32(plainFile)],
      ...[u32(Math.min(begins, most32)), title, extra],
    );
    this.#entries++;
    this.#open = null;
    return [this.#counted(joined([lastBlock, u32(0x08074b50), ...sums]))];
  }

  #counted(bytes: Uint8Array): Uint8Array {
    this.#length += bytes.length;
    return bytes;
  }
}

/** Where the directory lies; beyond 4 GiB in fields that are wide enough (4.3.14). */
function ending({ begins, size, entries }: { begins: number; size: number; entries: number }): Uint8Array {
  const count = u16(entries);
  const far = [
    ...[u32(0x06064b50), u64(44), u16(madeOnUnix), u16(45), u32(0), u32(0)],
    ...[u64(entries), u64(entries), u64(size), u64(begins)],
    ...[u32(0x07064b50), u32(0), u64(begins + size), u32(1)],
  ];
  return joined([
    ...(begins < most32 ? [] : far),
    ...[u32(0x06054b50), u16(0), u16(0), count, count],
    ...[u32(size), u32(Math.min(begins, most32)), u16(0)],
  ]);
}

/** The sums follow an entry's bytes, and names are UTF-8. */
const flags = 0x0808;
const deflated = 8;
const madeOnUnix = (3 << 8) | 45;
/** A file that its owner can change and others read. */
const plainFile = (0o100644 << 16) >>> 0;
const most32 = 0xffffffff;

function dosTime(at: Date): number {
  const day = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

const utf8 = new TextEncoder();
const u16 = (value: number) => new Uint8Array(Uint16Array.of(value).buffer);
const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
const u64 = (value: number) => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
