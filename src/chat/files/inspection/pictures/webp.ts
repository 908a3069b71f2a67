/** WebP (RFC 9649): chunks in a RIFF container, which says before them how long all are and whether there is Exif. */
import { broken, fromLetters, type Input, joined, letters, viewOf } from '../input.ts';
import { oriented, orientationIn } from './orientation.ts';
import type { Picture } from './picture.ts';

/** What the container has to say before its chunks, which is known only after them. */
interface Summary extends Picture {
  readonly bytes: number;
  readonly turned: boolean;
}

const nothing: Summary = { width: 0, height: 0, frames: 0, bytes: 0, turned: false };
const EXIF_FLAG = 0x08;
/** XMP, and what is reserved. */
const GONE_FLAGS = 0x04 | 0xc1;
const exifBytes = 64 * 1024;

/**
 * The picture without its metadata.
 * @param summary what a first reading gave; without it, the bytes that come are as many but not yet right
 */
export async function* webp(input: Input, summary = nothing): AsyncGenerator<Uint8Array, Summary> {
  const head = await input.take(12);
  const end = viewOf(head).getUint32(4, true) + 8;
  if (letters(head, 0, 4) !== 'RIFF' || letters(head, 8) !== 'WEBP') throw broken('it is no WebP');
  yield joined([head.subarray(0, 4), length32(summary.bytes - 8), head.subarray(8)]);
  let { width, height, frames, bytes, turned } = { ...nothing, bytes: 12 };
  let isExtended = false;
  let frameEnd = 0;
  while (input.at < end) {
    input.part();
    if (end - input.at < 8) throw broken('its chunks do not fit');
    const chunk = await input.take(8);
    const type = letters(chunk, 0, 4);
    const length = viewOf(chunk).getUint32(4, true);
    const padded = length + (length % 2);
    const isFirst = bytes === 12;
    const inFrame = input.at < frameEnd;
    if (input.at + padded > (inFrame ? frameEnd : end)) throw broken('a chunk is longer than what holds it');
    const grow = (size: { width: number; height: number }) => {
      width = Math.max(width, size.width);
      height = Math.max(height, size.height);
    };
    if (type === 'VP8X') {
      if (!isFirst || length !== 10) throw broken('its header does not fit');
      const data = (await input.take(10)).slice();
      const [flags = 0] = data;
      data[0] = (flags & ~GONE_FLAGS & ~EXIF_FLAG) | (summary.turned ? EXIF_FLAG : 0);
      grow({ width: uint24(data, 4) + 1, height: uint24(data, 7) + 1 });
      isExtended = true;
      yield joined([chunk, data]);
      bytes += 18;
    } else if (type === 'ANMF') {
      // A frame's own header, and then its chunks.
      if (!isExtended || inFrame || length < 16) throw broken('a frame stands where it may not');
      frameEnd = input.at + padded;
      const place = await input.take(16);
      grow({ width: uint24(place, 6) + 1, height: uint24(place, 9) + 1 });
      yield joined([chunk, place]);
      bytes += 24;
    } else if (type === 'VP8 ' || type === 'VP8L') {
      grow(type === 'VP8 ' ? lossySize(await input.ahead(10)) : losslessSize(await input.ahead(5)));
      frames++;
      yield chunk;
      yield* input.pass(padded);
      bytes += 8 + padded;
    } else if (isExtended && ['ALPH', 'ICCP', 'ANIM'].includes(type)) {
      yield chunk;
      yield* input.pass(padded);
      bytes += 8 + padded;
    } else if (inFrame || isFirst) {
      throw broken('there is a chunk in it that no browser knows');
    } else if (isExtended && type === 'EXIF' && !turned) {
      const data = await input.take(Math.min(padded, exifBytes));
      await input.skip(padded - data.byteLength);
      const orientation = orientationIn(withoutPrefix(data));
      if (orientation === undefined) continue;
      turned = true;
      const tiff = oriented(orientation);
      yield joined([fromLetters(type), length32(tiff.byteLength), tiff]);
      bytes += 8 + tiff.byteLength;
    } else {
      await input.skip(padded);
    }
  }
  if (frames === 0) throw broken('there is no picture in it');
  return { width, height, frames, bytes, turned };
}

/** Some write it as it stands in a JPEG. */
function withoutPrefix(exif: Uint8Array): Uint8Array {
  return letters(exif, 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
}

/** RFC 6386, 9.1: the start code of a key frame, and 14 bits for each side. */
function lossySize(head: Uint8Array) {
  if (head.byteLength < 10 || letters(head, 3, 6) !== '\x9d\x01\x2a')
    throw broken('its picture does not fit');
  const view = viewOf(head);
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
}

/** RFC 9649, 3.4: a signature, and 14 bits for each side less one. */
function losslessSize(head: Uint8Array) {
  if (head.byteLength < 5 || head[0] !== 0x2f) throw broken('its picture does not fit');
  const bits = viewOf(head).getUint32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function uint24(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
}

function length32(length: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(length).buffer);
}
