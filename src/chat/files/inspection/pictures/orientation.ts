/** How a picture is to be turned: the one thing in its Exif data that is seen, and so the one that stays. */
import { fromLetters, viewOf } from '../input.ts';

const ORIENTATION = 0x0112;
const SHORT = 3;

/** 2 to 8, or undefined where the picture is upright as it lies (1) or nothing is said. */
export function orientationIn(tiff: Uint8Array): number | undefined {
  if (tiff.byteLength < 14) return undefined;
  const view = viewOf(tiff);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  const first = view.getUint32(4, little);
  if (view.getUint16(2, little) !== 42 || first + 2 > tiff.byteLength) return undefined;
  const count = view.getUint16(first, little);
  for (let at = first + 2; at < first + 2 + count * 12 && at + 12 <= tiff.byteLength; at += 12) {
    if (view.getUint16(at, little) !== ORIENTATION) continue;
    const value = view.getUint16(at + 8, little);
    const isOne = view.getUint16(at + 2, little) === SHORT && view.getUint32(at + 4, little) === 1;
    return isOne && value >= 2 && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** Exif data that say this and nothing else. */
export function oriented(orientation: number): Uint8Array {
  // Big-endian TIFF, one directory at 8 with one entry: orientation, of one SHORT. No directory after it.
  return fromLetters(
    `MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(orientation)}\0\0\0\0\0\0`,
  );
}
