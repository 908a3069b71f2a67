/** JPEG (ITU-T T.81; JFIF, T.871): markers, each with a segment, and after SOS the coded picture up to the next marker. */
import { broken, fromLetters, type Input, joined, letters, viewOf } from '../input.ts';
import { oriented, orientationIn } from './orientation.ts';
import type { Cleaned, Picture } from './picture.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
/** Tables: Huffman, quantization, restart interval. */
const tables = new Set([0xc4, 0xdb, 0xdd]);
/** Baseline, extended and progressive: what browsers show. */
const frames = new Set([0xc0, 0xc1, 0xc2]);
/** A progressive picture has ten or so; each costs its viewer the whole picture. */
const scansMax = 200;

const JFIF = 'JFIF\0';
const EXIF = 'Exif\0\0';
const ICC = 'ICC_PROFILE\0';

export async function* jpeg(input: Input): Cleaned {
  if ((await input.take(1))[0] !== 0xff || (await markerOf(input)) !== SOI) throw broken('it is no JPEG');
  yield marker(SOI);
  let picture: Picture | undefined;
  let scans = 0;
  const seen = { jfif: false, turned: false };
  for (;;) {
    input.part();
    if ((await input.take(1))[0] !== 0xff) throw broken('there is something between its segments');
    const code = await markerOf(input);
    if (code === EOI) {
      if (picture === undefined || scans === 0) throw broken('there is no picture in it');
      // What follows is no part of the picture: another file, a film, or somebody's trick.
      yield marker(EOI);
      return picture;
    }
    if (code < 0xc0 || (code >= 0xd0 && code <= SOI)) throw broken('a marker stands where it may not');
    const length = viewOf(await input.take(2)).getUint16(0) - 2;
    if (length < 0) throw broken('a segment has no length');
    const data = await input.take(length);
    if (frames.has(code)) {
      if (picture !== undefined) throw broken('there is more than one frame in it');
      picture = sizeOf(data);
      yield segment(code, data);
    } else if (tables.has(code)) {
      yield segment(code, data);
    } else if (code === SOS) {
      if (picture === undefined || ++scans > scansMax) throw broken('its scans do not fit');
      yield segment(code, data);
      yield* coded(input);
    } else if (code >= APP0 || code === 0xfe) {
      const kept = metadata(code, data, seen);
      if (kept !== undefined) yield segment(code, kept);
    } else {
      throw broken('it is of a sort that no browser shows');
    }
  }
}

function sizeOf(frame: Uint8Array): Picture {
  if (frame.byteLength < 6) throw broken('its frame is too short');
  const view = viewOf(frame);
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  if (width === 0 || height === 0) throw broken('it has no size');
  return { width, height, frames: 1 };
}

/** What stays of a segment that is not needed to decode the picture: colours, and how it is turned. */
function metadata(code: number, data: Uint8Array, seen: { jfif: boolean; turned: boolean }) {
  const starts = (name: string) => letters(data, 0, name.length) === name;
  if (code === APP0 && starts(JFIF) && data.byteLength >= 14 && !seen.jfif) {
    seen.jfif = true;
    // Without its thumbnail.
    return joined([data.subarray(0, 12), new Uint8Array(2)]);
  }
  if (code === APP1 && starts(EXIF) && !seen.turned) {
    const orientation = orientationIn(data.subarray(EXIF.length));
    if (orientation === undefined) return undefined;
    seen.turned = true;
    return joined([fromLetters(EXIF), oriented(orientation)]);
  }
  if (code === APP2 && starts(ICC)) return data;
  if (code === APP14 && starts('Adobe') && data.byteLength >= 12) return data.subarray(0, 12);
  return undefined;
}

/** Up to the next marker, but for zeros that are stuffed and restarts, which belong to it. */
async function* coded(input: Input): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const held = await input.ahead(2);
    const end = endOfCoded(held);
    if (end > 0) yield await input.take(end);
    if (end + 1 < held.byteLength) return;
    if (held.byteLength < 2) throw broken('it ends too early');
  }
}

/** Where the first marker stands, or a last 0xff that may begin one, or the end. */
function endOfCoded(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(0xff); at !== -1; at = bytes.indexOf(0xff, at + 2)) {
    const next = bytes[at + 1];
    if (next === undefined) return at;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.byteLength;
}

/** A marker's code, of which its 0xff has been taken. More of them may stand before it. */
async function markerOf(input: Input): Promise<number> {
  for (;;) {
    const [code = 0] = await input.take(1);
    if (code !== 0xff) return code;
  }
}

function marker(code: number): Uint8Array {
  return Uint8Array.of(0xff, code);
}

function segment(code: number, data: Uint8Array): Uint8Array {
  const length = data.byteLength + 2;
  return joined([Uint8Array.of(0xff, code, length >> 8, length & 0xff), data]);
}
