/** Pictures: how large they are, and they themselves without what their camera says of whoever took them. */
import { Refusal } from '../../../protocol/refusals.ts';
import { Input, streamFrom } from './input.ts';
import { gif } from './pictures/gif.ts';
import { jpeg } from './pictures/jpeg.ts';
import type { Cleaned, Picture } from './pictures/picture.ts';
import { png } from './pictures/png.ts';
import { webp } from './pictures/webp.ts';

export type PictureKind = 'jpeg' | 'png' | 'gif' | 'webp';

/** Beyond these a browser runs out of memory. A photo of 108 megapixels and a long screenshot are within. */
const sideMax = 30_000;
const pixelsMax = 120_000_000;
/** All pictures of an animation together: a minute of a whole screen. */
const animatedMax = 4_000_000_000;
const framesMax = 5_000;

/**
 * Reads the whole picture.
 * @throws {Refusal} file_broken, file_harmful
 */
export async function measured(file: ReadableStream<Uint8Array>, kind: PictureKind): Promise<Picture> {
  const picture = await end(cleaned(file, kind));
  const { width, height, frames } = picture;
  const pixels = width * height;
  if (Math.max(width, height) > sideMax || pixels > pixelsMax) {
    throw new Refusal('file_harmful', 'This picture has more pixels than a screen can show.');
  }
  if (frames > framesMax || pixels * frames > animatedMax) {
    throw new Refusal('file_harmful', 'This animation is larger than a browser can show.');
  }
  return picture;
}

/**
 * The same picture, pixel for pixel and by the same bytes, without metadata (Exif but for how it is turned, XMP, IPTC,
 * places, comments, thumbnails) and without what follows its end. Colour profiles stay. A picture that is broken fails
 * the stream with a `Refusal`.
 * @param open gives the picture from its beginning; a WebP is read twice
 */
export function stripped(
  open: () => ReadableStream<Uint8Array>,
  kind: PictureKind,
): ReadableStream<Uint8Array> {
  return streamFrom(kind === 'webp' ? twice(open) : cleaned(open(), kind));
}

async function* twice(open: () => ReadableStream<Uint8Array>): Cleaned {
  const input = new Input(open());
  const summary = await end(closing(input, webp(input)));
  const again = new Input(open());
  return yield* closing(again, webp(again, summary));
}

function cleaned(file: ReadableStream<Uint8Array>, kind: PictureKind): Cleaned {
  const input = new Input(file);
  return closing(input, { jpeg, png, gif, webp }[kind](input));
}

/** What follows the picture's end is never asked for. */
async function* closing<T>(
  input: Input,
  pieces: AsyncGenerator<Uint8Array, T>,
): AsyncGenerator<Uint8Array, T> {
  try {
    return yield* pieces;
  } finally {
    await input.close();
  }
}

async function end<T>(pieces: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) return next.value;
  }
}
