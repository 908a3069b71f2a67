/** GIF (89a): a screen, then pictures and extensions, each a chain of blocks of up to 255 bytes. */
import { broken, type Input, joined, letters, viewOf } from '../input.ts';
import type { Cleaned } from './picture.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const CONTROL = 0xf9;
const APPLICATION = 0xff;
/** Whoever says how often an animation is repeated. */
const repeating = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0']);

export async function* gif(input: Input): Cleaned {
  const screen = await input.take(13);
  if (!/^GIF8[79]a$/.test(letters(screen, 0, 6))) throw broken('it is no GIF');
  yield screen;
  yield* palette(input, screen[10] ?? 0);
  let width = viewOf(screen).getUint16(6, true);
  let height = viewOf(screen).getUint16(8, true);
  let frames = 0;
  for (;;) {
    input.part();
    const [kind] = await input.take(1);
    if (kind === TRAILER) {
      if (frames === 0 || width === 0 || height === 0) throw broken('there is no picture in it');
      yield Uint8Array.of(TRAILER);
      return { width, height, frames };
    } else if (kind === IMAGE) {
      const place = await input.take(9);
      const view = viewOf(place);
      // A picture that is larger than its screen makes the screen larger.
      width = Math.max(width, view.getUint16(0, true) + view.getUint16(4, true));
      height = Math.max(height, view.getUint16(2, true) + view.getUint16(6, true));
      frames++;
      yield joined([Uint8Array.of(IMAGE), place]);
      yield* palette(input, place[8] ?? 0);
      // How wide its codes are, and the codes.
      yield await input.take(1);
      yield* blocks(input);
    } else if (kind === EXTENSION) {
      yield* extension(input);
    } else {
      throw broken('there is something between its blocks');
    }
  }
}

/** Its timing and its repeating stay, and are of one block each. */
async function* extension(input: Input): AsyncGenerator<Uint8Array, void> {
  const [label = 0] = await input.take(1);
  if (label !== CONTROL && label !== APPLICATION) {
    await dropped(input);
    return;
  }
  const [length = 0] = await input.take(1);
  const first = await input.take(length);
  const head = joined([Uint8Array.of(EXTENSION, label, length), first]);
  if (label === CONTROL) {
    if (length !== 4 || (await input.take(1))[0] !== 0) throw broken('its timing does not fit');
    yield joined([head, Uint8Array.of(0)]);
  } else if (length === 11 && repeating.has(letters(first))) {
    const count = await input.take(5);
    if (count[0] !== 3 || count[4] !== 0) throw broken('its repeating does not fit');
    yield joined([head, count]);
  } else if (length !== 0) {
    await dropped(input);
  }
}

async function* palette(input: Input, flags: number): AsyncGenerator<Uint8Array, void> {
  if (flags & 0x80) yield await input.take(3 * 2 ** ((flags & 7) + 1));
}

/** As many at once as have come. A block of no bytes is the last one. */
async function* blocks(input: Input): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const held = await input.ahead(1);
    let end = 0;
    for (let next = held[0]; next !== undefined && next !== 0; next = held[end]) {
      if (end + 1 + next > held.byteLength) break;
      end += 1 + next;
    }
    if (held[end] === 0) {
      yield await input.take(end + 1);
      return;
    }
    yield await input.take(end > 0 ? end : 1 + (held[0] ?? 0));
  }
}

async function dropped(input: Input): Promise<void> {
  for await (const _block of blocks(input));
}
