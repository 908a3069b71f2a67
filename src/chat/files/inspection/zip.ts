/**
 * Zip (APPNOTE 6.3.10), as strictly as only a judge reads it: one after another the entries fill the file from its first
 * byte to its directory, the directory says of each what stands before it, and the file ends with the directory. So
 * all who open it find the same, and nothing lies beside it. Packages for zips are made to open what others can't, and
 * hold the whole directory in memory.
 */
import { Refusal } from '../../../protocol/refusals.ts';
import { broken, type FileBytes, Input, joined, letters, streamFrom, streamOf, viewOf } from './input.ts';

export interface Entry {
  readonly name: string;
  /** Its first bytes, as many as were asked for. */
  readonly head: Uint8Array;
}

interface Listed {
  readonly name: string;
  /** The name's bytes. */
  readonly raw: string;
  readonly at: number;
  readonly flags: number;
  readonly method: number;
  readonly packed: number;
  readonly bytes: number;
}

const END = 0x06054b50;
const LISTED = 0x02014b50;
const LOCAL = 0x04034b50;
const endBytes = 22;
const commentMax = 0xffff;
const ENCRYPTED = 0x2041;
const DESCRIBED_AFTER = 0x08;
const UNICODE_PATH = 0x7075;
const UNIX = 3;
const STORED = 0;
const DEFLATED = 8;

const directoryMax = 4 * 1024 * 1024;
const entriesMax = 10_000;
const nameMax = 512;
/** What it may become, in bytes, and how many times its size. Spreadsheets and logs come to 30. */
const unpackedMax = 1024 ** 3;
const ratioMax = 200;
/** Below this no ratio does harm. */
const ratioFrom = 16 * 1024 * 1024;

/** Does it end as zips do, for readers that look for that alone? */
export async function endsAsZip(file: FileBytes): Promise<boolean> {
  const from = Math.max(0, file.bytes - endBytes - commentMax);
  const tail = await file.read(from, file.bytes);
  const view = viewOf(tail);
  for (let at = tail.byteLength - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    // By chance these four bytes stand in one film of sixty thousand, but not before a place within it.
    if (view.getUint32(at + 12, true) + view.getUint32(at + 16, true) <= from + at) return true;
  }
  return false;
}

/**
 * Each entry, once it was unpacked to its end and is as long as the directory says.
 * @param headOf how many first bytes of it are wanted
 * @throws {Refusal} file_broken, file_locked, file_harmful
 */
export async function* entriesOf(
  file: FileBytes,
  headOf: (name: string) => number,
): AsyncGenerator<Entry, void> {
  const { listed, directoryAt } = await directoryOf(file);
  checkSizes(listed, file.bytes);
  const input = new Input(streamOf(file));
  try {
    for (const [index, entry] of listed.entries()) {
      await checkLocal(input, entry);
      const head = await unpacked(input, entry, headOf(entry.name));
      const gap = (listed[index + 1]?.at ?? directoryAt) - input.at;
      // Its checksum and its lengths, in one of four forms.
      if (gap !== 0 && !(entry.flags & DESCRIBED_AFTER && [12, 16, 20, 24].includes(gap))) throw hidden();
      await input.skip(gap);
      yield { name: entry.name, head };
    }
  } finally {
    await input.close();
  }
}

/** The entries in the order in which they lie. */
async function directoryOf(file: FileBytes): Promise<{ listed: Listed[]; directoryAt: number }> {
  const from = Math.max(0, file.bytes - endBytes - commentMax);
  const tail = await file.read(from, file.bytes);
  const end = endIn(tail);
  const count = end.getUint16(10, true);
  const length = end.getUint32(12, true);
  const directoryAt = end.getUint32(16, true);
  if (end.getUint32(4, true) !== 0 || end.getUint16(8, true) !== count) throw broken('it is a part of a zip');
  if (directoryAt + length !== from + end.byteOffset - tail.byteOffset) throw hidden();
  if (count === 0) throw broken('there is nothing in it');
  if (count > entriesMax || length > directoryMax) throw bomb('There is too much in this archive.');
  const directory = await file.read(directoryAt, directoryAt + length);
  const listed: Listed[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > length) throw broken('its directory ends too early');
    const view = viewOf(directory.subarray(at));
    if (view.getUint32(0, true) !== LISTED) throw broken('its directory does not fit');
    const nameLength = view.getUint16(28, true);
    const next = at + 46 + nameLength + view.getUint16(30, true) + view.getUint16(32, true);
    if (next > length) throw broken('its directory ends too early');
    const extraAt = at + 46 + nameLength;
    const raw = directory.subarray(at + 46, extraAt);
    const name = nameOf(raw, directory.subarray(extraAt, extraAt + view.getUint16(30, true)));
    checkPlace(name, view.getUint8(5) === UNIX ? view.getUint32(38, true) >>> 16 : 0);
    listed.push({
      name,
      raw: letters(raw),
      at: view.getUint32(42, true),
      flags: view.getUint16(8, true),
      method: view.getUint16(10, true),
      packed: view.getUint32(20, true),
      bytes: view.getUint32(24, true),
    });
    at = next;
  }
  if (at !== length) throw hidden();
  if (new Set(listed.map(({ name }) => name)).size < count) throw hidden();
  return { listed: listed.sort((a, b) => a.at - b.at), directoryAt };
}

/** The record that ends the file, comment included. */
function endIn(tail: Uint8Array): DataView {
  const view = viewOf(tail);
  for (let at = tail.byteLength - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    // The last one that is there: what stands behind it is no more than its comment.
    if (at + endBytes + view.getUint16(at + 20, true) !== tail.byteLength) throw hidden();
    return viewOf(tail.subarray(at));
  }
  throw broken('it has no directory');
}

/**
 * UTF-8 or, where it is none, one letter for each byte. A second name, for those who read only such, may differ from
 * the first one in letters that are not ASCII.
 */
function nameOf(raw: Uint8Array, extra: Uint8Array): string {
  if (raw.byteLength === 0 || raw.byteLength > nameMax) throw hidden();
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const view = viewOf(extra.subarray(at));
    const next = at + 4 + view.getUint16(2, true);
    // After four bytes of its head, a version and a checksum.
    if (view.getUint16(0, true) === UNICODE_PATH) {
      const second = decoded(extra.subarray(at + 9, next));
      if (ascii(second) !== ascii(letters(raw))) throw hidden();
      return second;
    }
    at = next;
  }
  return decoded(raw);
}

function decoded(name: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name);
  } catch {
    return letters(name);
  }
}

function ascii(name: string): string {
  return name.replace(/[^\0-\x7f]/g, '');
}

/** @param mode what Unix says of the file; 0 if it says nothing */
function checkPlace(name: string, mode: number): void {
  if (/^[/\\]|^[a-z]:|[\0-\x1f]/i.test(name) || name.split(/[/\\]/).includes('..')) {
    throw new Refusal('file_harmful', 'A file in this archive would land outside of it.');
  }
  // A file, a folder, or not said. All else is a link or a device.
  if (![0, 0x4000, 0x8000].includes(mode & 0xf000)) {
    throw new Refusal('file_harmful', 'There is a link in this archive.');
  }
}

function checkSizes(listed: readonly Listed[], fileBytes: number): void {
  let total = 0;
  for (const { flags, method, packed, bytes } of listed) {
    if (flags & ENCRYPTED) throw new Refusal('file_locked');
    if (method !== STORED && method !== DEFLATED) throw broken('it is packed in an unusual way');
    if (method === STORED && packed !== bytes) throw hidden();
    total += bytes;
  }
  if (total > unpackedMax || (total > ratioFrom && total > ratioMax * fileBytes)) {
    throw bomb('This archive would become too large.');
  }
}

/** What stands before an entry says the same as the directory. */
async function checkLocal(input: Input, entry: Listed): Promise<void> {
  if (input.at !== entry.at) throw hidden();
  const view = viewOf(await input.take(30));
  if (view.getUint32(0, true) !== LOCAL) throw broken('its directory points to nothing');
  const name = await input.take(view.getUint16(26, true));
  await input.skip(view.getUint16(28, true));
  const sameSizes =
    (entry.flags & DESCRIBED_AFTER) !== 0 ||
    (view.getUint32(18, true) === entry.packed && view.getUint32(22, true) === entry.bytes);
  const flags = view.getUint16(6, true);
  const sameWay =
    ((flags ^ entry.flags) & (ENCRYPTED | DESCRIBED_AFTER)) === 0 && view.getUint16(8, true) === entry.method;
  if (!sameSizes || !sameWay || letters(name) !== entry.raw) throw hidden();
}

/** Unpacks it all, because what it says of its length may be a lie, and keeps its head. */
async function unpacked(input: Input, entry: Listed, headBytes: number): Promise<Uint8Array> {
  const packed = streamFrom(input.pass(entry.packed));
  const plain = entry.method === STORED ? packed : packed.pipeThrough(new DecompressionStream('deflate-raw'));
  const head: Uint8Array[] = [];
  let kept = 0;
  let bytes = 0;
  try {
    for await (const piece of plain) {
      bytes += piece.byteLength;
      if (bytes > entry.bytes) break;
      if (kept < headBytes) head.push(piece.slice(0, headBytes - kept));
      kept = Math.min(bytes, headBytes);
    }
  } catch (error) {
    // Of what it is made of, only reading fails by another error than the unpacking.
    if (error instanceof TypeError) throw broken('what is packed in it does not fit');
    throw error;
  }
  if (bytes > entry.bytes) throw bomb('This archive becomes larger than it says.');
  if (bytes < entry.bytes) throw broken('something is missing in it');
  return joined(head);
}

function bomb(detail: string): Refusal {
  return new Refusal('file_harmful', detail);
}

function hidden(): Refusal {
  return new Refusal('file_harmful', 'Not everybody who opens this archive would find the same in it.');
}
