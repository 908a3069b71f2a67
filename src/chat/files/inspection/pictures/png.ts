/** PNG, animated or not (W3C PNG, third edition): chunks, each with a length, a type and a checksum. */
import { broken, fromLetters, type Input, joined, letters, viewOf } from '../input.ts';
import { oriented, orientationIn } from './orientation.ts';
import type { Cleaned, Picture } from './picture.ts';

const SIGNATURE = '\x89PNG\r\n\x1a\n';
/** What decides how it looks. All else that may be left out is left out. */
const kept = new Set(
  'PLTE IDAT tRNS gAMA cHRM sRGB iCCP sBIT cICP mDCV cLLI mDCv cLLi bKGD pHYs acTL fcTL fdAT'.split(' '),
);
/** As much of Exif data as is looked at. */
const exifBytes = 64 * 1024;

export async function* png(input: Input): Cleaned {
  const start = await input.take(SIGNATURE.length);
  if (letters(start) !== SIGNATURE) throw broken('it is no PNG');
  yield start;
  let picture: Picture | undefined;
  let pixels = 0;
  let turned = false;
  for (;;) {
    input.part();
    const head = await input.take(8);
    const length = viewOf(head).getUint32(0);
    const type = letters(head, 4);
    if (!/^[A-Za-z]{4}$/.test(type) || length >= 2 ** 31) throw broken('a chunk does not fit');
    if ((type === 'IHDR') !== (picture === undefined)) throw broken('its header stands at the wrong place');
    if (type === 'IHDR') {
      const data = await input.take(length === 13 ? 13 : 0);
      picture = sizeOf(data);
      yield joined([head, data, await input.take(4)]);
    } else if (type === 'IEND') {
      if (length !== 0 || pixels === 0 || picture === undefined) throw broken('there is no picture in it');
      yield joined([head, await input.take(4)]);
      return picture;
    } else if (kept.has(type)) {
      if (type === 'IDAT') pixels += length;
      // The first picture is one of an animation's or stands apart: one more than there are does no harm.
      if (type === 'fcTL' && picture !== undefined) picture = { ...picture, frames: picture.frames + 1 };
      yield head;
      yield* input.pass(length + 4);
    } else if (type === 'eXIf' && !turned) {
      const orientation = orientationIn(await input.take(Math.min(length, exifBytes)));
      await input.skip(Math.max(0, length - exifBytes) + 4);
      turned = orientation !== undefined;
      if (orientation !== undefined) yield chunk(type, oriented(orientation));
    } else {
      // A capital letter first: without it the picture can't be shown.
      if (/^[A-Z]/.test(type)) throw broken('there is a chunk in it that no browser knows');
      await input.skip(length + 4);
    }
  }
}

function sizeOf(header: Uint8Array): Picture {
  if (header.byteLength !== 13) throw broken('its header does not fit');
  const view = viewOf(header);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width === 0 || height === 0) throw broken('it has no size');
  return { width, height, frames: 1 };
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([fromLetters(type), data]);
  const whole = joined([new Uint8Array(4), body, new Uint8Array(4)]);
  viewOf(whole).setUint32(0, data.byteLength);
  viewOf(whole).setUint32(whole.byteLength - 4, crc32(body));
  return whole;
}

/** A chunk's checksum (annex D). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
