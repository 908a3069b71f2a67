import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PictureKind, stripped } from '../../src/chat/files/inspection.ts';
import {
  allOf,
  big16,
  big32,
  bytes,
  chunk,
  exif,
  extended,
  gif,
  header,
  jpeg,
  jpegScan,
  lossy,
  type Part,
  pixels,
  pngSignature,
  riff,
  segment,
  streamIn,
  u16,
  u32,
  webpChunk,
} from './file-maker.ts';

/** What a camera says of whoever took the picture. No picture of these tests holds these letters by itself. */
const MARK = 'GPS 52.5163 13.3777';
const EXTENDED_EXIF = 0x08;
const EXTENDED_XMP = 0x04;
const EXTENDED_ICC = 0x20;
const turned = exif(6, MARK);
const profile = bytes('ICC_PROFILE\0', [1, 1], 'colours');

function strip(kind: PictureKind, content: Uint8Array, piece = 65_536): Promise<Uint8Array> {
  return allOf(stripped(() => streamIn(content, piece), kind));
}

function has(content: Uint8Array, part: Part): boolean {
  const text = (all: Uint8Array) => Array.from(all, (byte) => String.fromCharCode(byte)).join('');
  return text(content).includes(text(bytes(part)));
}

describe('F19 a picture loses what is said of it, and keeps every byte that is seen', () => {
  it('F19 F20 of a JPEG its picture, colours and turn stay', async () => {
    const clean = await strip(
      'jpeg',
      bytes(
        jpeg(
          { orientation: 6 },
          segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', MARK),
          segment(0xe2, profile),
          segment(0xe2, 'MPF\0', MARK),
          segment(0xed, 'Photoshop 3.0\0', MARK),
          segment(0xee, 'Adobe', [0, 100, 0, 0, 0, 0, 1], MARK),
          segment(0xef, MARK),
          segment(0xe0, 'JFXX\0', MARK),
          segment(0xfe, MARK),
        ),
        'a film',
        MARK,
      ),
    );
    const orientation = bytes(
      ...[
        'Exif\0\0MM\0*',
        big32(8),
        big16(1),
        big16(0x0112),
        big16(3),
        big32(1),
        big16(6),
        big16(0),
        big32(0),
      ],
    );
    expect(clean).toEqual(
      jpeg(
        {},
        segment(0xe1, orientation),
        segment(0xe2, profile),
        segment(0xee, 'Adobe', [0, 100, 0, 0, 0, 0, 1]),
      ),
    );
  });

  it('F19 of a JPEG the thumbnail in its first segment goes', async () => {
    const thumbnail = bytes(
      [0xff, 0xd8],
      segment(0xe0, 'JFIF\0', [1, 1, 0, 0, 1, 0, 1, 1, 1], 'rgb'),
      jpeg({}).slice(20),
    );
    expect(await strip('jpeg', thumbnail)).toEqual(jpeg({}));
  });

  it('F19 of a progressive JPEG all scans stay', async () => {
    const scans = bytes(
      jpegScan,
      segment(0xc4, [1], new Uint8Array(16)),
      jpegScan,
      segment(0xfe, MARK),
      jpegScan,
    );
    const before = jpeg({});
    const content = bytes(before.slice(0, -2 - jpegScan.byteLength), scans, [0xff, 0xd9]);
    const clean = await strip('jpeg', content);
    expect(clean.byteLength).toBe(content.byteLength - segment(0xfe, MARK).byteLength);
    expect(has(clean, MARK)).toBe(false);
  });

  it('F19 F20 of a PNG what decides its look stays, animation included', async () => {
    const data = await pixels(40, 30);
    const seen = [
      chunk('gAMA', big32(45455)),
      chunk('iCCP', 'name\0\0', 'colours'),
      chunk('acTL', big32(1), big32(0)),
      chunk('fcTL', new Uint8Array(26)),
    ];
    const content = bytes(
      pngSignature,
      header(40, 30),
      ...seen,
      chunk('tEXt', 'Author\0', MARK),
      chunk('zTXt', MARK),
      chunk('iTXt', 'XML:com.adobe.xmp\0', MARK),
      chunk('tIME', MARK),
      chunk('caBX', MARK),
      chunk('eXIf', turned),
      chunk('eXIf', turned),
      chunk('IDAT', data),
      chunk('fdAT', big32(1), data),
      chunk('IEND'),
      MARK,
    );
    const clean = await strip('png', content);
    const orientation = bytes(
      ...['MM\0*', big32(8), big16(1), big16(0x0112), big16(3), big32(1), big16(6), big16(0), big32(0)],
    );
    expect(clean).toEqual(
      bytes(
        pngSignature,
        header(40, 30),
        ...seen,
        chunk('eXIf', orientation),
        chunk('IDAT', data),
        chunk('fdAT', big32(1), data),
        chunk('IEND'),
      ),
    );
  });

  it('F19 of a GIF its pictures, their time and their repeating stay', async () => {
    const control = [0x21, 0xf9, 4, 0, 10, 0, 0, 0];
    const repeating = bytes([0x21, 0xff, 11], 'NETSCAPE2.0', [3, 1, 0, 0, 0]);
    const comment = bytes([0x21, 0xfe, MARK.length], MARK, [0]);
    const xmp = bytes([0x21, 0xff, 11], 'XMP DataXMP', [MARK.length], MARK, [0]);
    const plain = bytes([0x21, 0x01, 12], new Uint8Array(12), [MARK.length], MARK, [0]);
    const content = bytes(gif({ frames: 3 }, repeating, comment, xmp, plain, control), MARK);
    expect(await strip('gif', content)).toEqual(gif({ frames: 3 }, repeating, control));
  });

  it('F19 F20 of a WebP what it says of itself fits what is left', async () => {
    const seen = [webpChunk('ICCP', 'colours'), lossy(40, 30)];
    const clean = await strip(
      'webp',
      bytes(
        riff(
          extended(EXTENDED_EXIF | EXTENDED_XMP | EXTENDED_ICC, 40, 30),
          ...seen,
          webpChunk('EXIF', 'Exif\0\0', turned),
          webpChunk('XMP ', MARK),
          webpChunk('odd ', MARK),
        ),
        MARK,
      ),
    );
    const orientation = bytes(
      ...['MM\0*', big32(8), big16(1), big16(0x0112), big16(3), big32(1), big16(6), big16(0), big32(0)],
    );
    expect(clean).toEqual(
      riff(extended(EXTENDED_EXIF | EXTENDED_ICC, 40, 30), ...seen, webpChunk('EXIF', orientation)),
    );
    expect(
      await strip('webp', riff(extended(EXTENDED_EXIF, 40, 30), lossy(40, 30), webpChunk('EXIF', exif(1)))),
    ).toEqual(riff(extended(0, 40, 30), lossy(40, 30)));
  });

  it('F19 of an animated WebP all frames stay', async () => {
    const frame = webpChunk('ANMF', new Uint8Array(16), webpChunk('ALPH', 'alpha'), lossy(1, 1));
    const animated = [webpChunk('ANIM', new Uint8Array(6)), frame, frame];
    const content = riff(extended(0x02 | EXTENDED_XMP, 1, 1), ...animated, webpChunk('XMP ', MARK));
    expect(await strip('webp', content)).toEqual(riff(extended(0x02, 1, 1), ...animated));
  });
});

describe('F20 a photo is turned as it was', () => {
  it.each([2, 3, 4, 5, 6, 7, 8])('F20 by %i', async (orientation) => {
    const clean = await strip('jpeg', jpeg({ orientation }));
    expect(has(clean, bytes(big16(0x0112), big16(3), big32(1), big16(orientation)))).toBe(true);
    expect(has(clean, MARK)).toBe(false);
  });

  it.each([0, 1, 9, 0xffff])('F20 and not at all by %i', async (orientation) => {
    expect(await strip('jpeg', jpeg({}, segment(0xe1, 'Exif\0\0', exif(orientation))))).toEqual(jpeg({}));
  });

  it.each<[string, Part]>([
    ['nothing', ''],
    ['another order', bytes('XX*\0', u32(8), u16(1))],
    ['a directory beyond the end', bytes('II*\0', u32(0xfffffff0), u16(1), new Uint8Array(12))],
    ['more entries than there are', bytes('II*\0', u32(8), u16(0xffff), new Uint8Array(20))],
  ])('F20 nor by what is no Exif: %s', async (_what, tiff) => {
    expect(await strip('jpeg', jpeg({}, segment(0xe1, 'Exif\0\0', tiff)))).toEqual(jpeg({}));
  });
});

/** Anything that a camera, a program or somebody who means harm could write into a picture. */
const data = fc.uint8Array({ maxLength: 300 });
const piece = fc.integer({ min: 1, max: 200 });
const anyJpeg = fc
  .array(
    fc.tuple(
      fc.constantFrom(0xe0, 0xe1, 0xe2, 0xed, 0xee, 0xfe),
      fc.oneof(
        data,
        fc.integer({ max: 9, min: 0 }).map((each) => bytes('Exif\0\0', exif(each))),
      ),
    ),
    { maxLength: 6 },
  )
  .map((segments) => jpeg({}, ...segments.map(([code, each]) => segment(code, each))));
const anyPng = fc
  .array(
    fc.tuple(
      fc.constantFrom('tEXt', 'eXIf', 'iCCP', 'pHYs', 'IDAT', 'prVt'),
      fc.oneof(data, fc.constant(turned)),
    ),
    { maxLength: 6 },
  )
  .map((chunks) =>
    bytes(
      pngSignature,
      header(9, 9),
      ...chunks.map(([type, each]) => chunk(type, each)),
      chunk('IDAT', 'x'),
      chunk('IEND'),
    ),
  );
const anyGif = fc
  .array(fc.tuple(fc.constantFrom(0x01, 0xfe, 0xff, 0x77), fc.uint8Array({ minLength: 1, maxLength: 255 })), {
    maxLength: 6,
  })
  .map((blocks) => gif({}, ...blocks.map(([label, each]) => bytes([0x21, label, each.length], each, [0]))));
const anyWebp = fc
  .array(
    fc.tuple(fc.constantFrom('EXIF', 'XMP ', 'ICCP', 'ALPH', 'odd '), fc.oneof(data, fc.constant(turned))),
    { maxLength: 6 },
  )
  .map((chunks) =>
    riff(extended(0xff, 9, 9), ...chunks.map(([type, each]) => webpChunk(type, each)), lossy(9, 9)),
  );

describe('F19 however a picture is made and however it comes', () => {
  const pictures = { jpeg: anyJpeg, png: anyPng, gif: anyGif, webp: anyWebp };

  it.each(Object.keys(pictures) as PictureKind[])('F19 to strip a %s again changes nothing', async (kind) => {
    await fc.assert(
      fc.asyncProperty(pictures[kind], data, piece, async (content, more, length) => {
        const clean = await strip(kind, bytes(content, more), length);
        expect(await strip(kind, clean)).toEqual(clean);
        expect(await strip(kind, content)).toEqual(clean);
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(pictures) as PictureKind[])('F15 a %s that is cut off is refused', async (kind) => {
    await fc.assert(
      fc.asyncProperty(pictures[kind], fc.nat(), async (content, at) => {
        await expect(strip(kind, content.slice(0, at % content.byteLength))).rejects.toMatchObject({
          code: 'file_broken',
        });
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(pictures) as PictureKind[])(
    'F15 a %s with bytes that were changed is stripped or refused, and nothing else',
    async (kind) => {
      await fc.assert(
        fc.asyncProperty(
          pictures[kind],
          fc.nat(),
          fc.uint8Array({ minLength: 1, maxLength: 8 }),
          async (content, at, other) => {
            content.set(
              other.slice(0, content.byteLength - (at % content.byteLength)),
              at % content.byteLength,
            );
            const outcome = await strip(kind, content).then(
              (clean) => clean.byteLength <= content.byteLength + 100,
              (error: unknown) => (error as { code?: string }).code,
            );
            expect([true, 'file_broken']).toContain(outcome);
          },
        ),
        { numRuns: 100 },
      );
    },
  );
});

describe('F21 a picture goes through in pieces', () => {
  it('F21 no more of it is in memory than a few pieces', async () => {
    const step = new Uint8Array(65_536);
    const steps = 1_000;
    const starts = bytes(pngSignature, header(4, 4), big32(step.byteLength * steps), 'IDAT');
    const ends = bytes([0, 0, 0, 0], chunk('IEND'));
    let given = 0;
    const pieces = (function* () {
      yield starts;
      for (let index = 0; index < steps; index++) yield step;
      yield ends;
    })();
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = pieces.next();
        if (next.done === true) {
          controller.close();
          return;
        }
        given += next.value.byteLength;
        controller.enqueue(next.value);
      },
    });
    let taken = 0;
    let held = 0;
    for await (const each of stripped(() => source, 'png')) {
      taken += each.byteLength;
      held = Math.max(held, given - taken);
    }
    expect(taken).toBe(starts.byteLength + step.byteLength * steps + ends.byteLength);
    expect(held).toBeLessThan(8 * step.byteLength);
  });
});
