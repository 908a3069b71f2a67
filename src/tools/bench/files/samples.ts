/** Files as large as wanted, of which all has to be looked at. */
import { randomBytes } from 'node:crypto';

const LINE = '2026-11-28T09:30:00Z order 1042 was packed, and its parcel is on its way to the customer\n';

export function textOf(bytes: number): Buffer {
  return Buffer.alloc(bytes, LINE);
}

/** A picture by its segments, with the place where it was taken, and pixels that nobody decodes. */
export function jpegOf(bytes: number): Buffer {
  const about = Buffer.from('Exif\0\0GPS 52.5163 13.3777');
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, about.length + 2]);
  const frame = Buffer.from([
    ...[0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
  ]);
  // A byte of all ones would begin a marker.
  const pixels = randomBytes(bytes).map((byte) => byte & 0x7f);
  return Buffer.concat([head, about, frame, pixels, Buffer.from([0xff, 0xd9])]);
}
