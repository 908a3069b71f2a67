/** Files made by hand, byte by byte, so that each says exactly what its test is about. */
import type { FileBytes } from '../../src/chat/files/inspection.ts';

export type Part = string | Uint8Array | readonly number[];

/** Text is one byte for each letter. */
export function bytes(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const all = parts.map((part) =>
    typeof part === 'string'
      ? Uint8Array.from(part, (letter) => letter.charCodeAt(0))
      : Uint8Array.from(part),
  );
  const whole = new Uint8Array(all.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of all) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function u16(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff];
}

export function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

export function big16(value: number): number[] {
  return u16(value).reverse();
}

export function big32(value: number): number[] {
  return u32(value).reverse();
}

export function fileOf(content: Uint8Array): FileBytes {
  return {
    bytes: content.byteLength,
    read: (from, to) => {
      if (from < 0 || to > content.byteLength || from > to) throw new RangeError(`${from} to ${to}`);
      return Promise.resolve(content.slice(from, to));
    },
  };
}

/** In pieces of one length, so that whatever may be cut is cut. */
export function streamIn(content: Uint8Array, piece: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= content.byteLength) controller.close();
      else controller.enqueue(content.slice(at, (at += piece)));
    },
  });
}

export async function allOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function packed(content: Uint8Array, way: 'deflate' | 'deflate-raw'): Promise<Uint8Array> {
  return allOf(streamIn(content, 65_536).pipeThrough(new CompressionStream(way)));
}

// Pictures.

/** Exif data in the order of Intel or Motorola, with an orientation and whatever else somebody's camera says. */
export function exif(orientation: number, more = 'GPS 52.5163 13.3777'): Uint8Array {
  return bytes(
    'II*\0',
    u32(8),
    u16(2),
    u16(0x010f),
    u16(2),
    u32(more.length),
    u32(38),
    [...[...u16(0x0112), ...u16(3), ...u32(1), ...u16(orientation), 0, 0], ...u32(0)],
    more,
  );
}

export function segment(code: number, ...parts: readonly Part[]): Uint8Array {
  const data = bytes(...parts);
  return bytes([0xff, code], big16(data.byteLength + 2), data);
}

export const jpegScan = bytes(
  segment(0xda, [1, 1, 0, 0, 0x3f, 0]),
  [0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0x00],
);

/** @param extra segments between its first marker and its tables */
export function jpeg(
  { width = 40, height = 30, orientation = 0 }: { width?: number; height?: number; orientation?: number },
  ...extra: readonly Part[]
): Uint8Array {
  return bytes(
    [0xff, 0xd8],
    segment(0xe0, 'JFIF\0', [1, 1, 0, 0, 1, 0, 1, 0, 0]),
    orientation === 0 ? [] : segment(0xe1, 'Exif\0\0', exif(orientation)),
    ...extra,
    segment(0xdb, [0], new Uint8Array(64).fill(1)),
    segment(0xc0, [8], big16(height), big16(width), [1, 1, 0x11, 0]),
    segment(0xc4, [0], new Uint8Array(16)),
    jpegScan,
    [0xff, 0xd9],
  );
}

export function chunk(type: string, ...parts: readonly Part[]): Uint8Array {
  const data = bytes(...parts);
  return bytes(big32(data.byteLength), type, data, big32(crc32(bytes(type, data))));
}

export const pngSignature = '\x89PNG\r\n\x1a\n';

export function header(width: number, height: number): Uint8Array {
  return chunk('IHDR', big32(width), big32(height), [8, 0, 0, 0, 0]);
}

/** Grey, and of as many rows as it says. */
export async function pixels(width: number, height: number): Promise<Uint8Array> {
  return packed(new Uint8Array((width + 1) * height), 'deflate');
}

/** @param extra chunks between its header and its pixels */
export async function png(
  { width = 40, height = 30 }: { width?: number; height?: number },
  ...extra: readonly Part[]
): Promise<Uint8Array> {
  const data = width * height <= 1_000_000 ? await pixels(width, height) : bytes('few');
  return bytes(pngSignature, header(width, height), ...extra, chunk('IDAT', data), chunk('IEND'));
}

/** A picture of one pixel. @param extra blocks before its picture */
export function gif(
  { width = 1, height = 1, frames = 1 }: { width?: number; height?: number; frames?: number },
  ...extra: readonly Part[]
): Uint8Array {
  const frame = bytes([0x2c, 0, 0, 0, 0], u16(width), u16(height), [0, 2, 2, 0x44, 1, 0]);
  return bytes(
    'GIF89a',
    u16(width),
    u16(height),
    [0x80, 0, 0, 0, 0, 0, 255, 255, 255],
    ...extra,
    ...Array<Uint8Array>(frames).fill(frame),
    [0x3b],
  );
}

export function riff(...chunks: readonly Part[]): Uint8Array {
  const body = bytes('WEBP', ...chunks);
  return bytes('RIFF', u32(body.byteLength), body);
}

export function webpChunk(type: string, ...parts: readonly Part[]): Uint8Array {
  const data = bytes(...parts);
  return bytes(type, u32(data.byteLength), data, data.byteLength % 2 ? [0] : []);
}

export function lossy(width: number, height: number): Uint8Array {
  return webpChunk('VP8 ', [0x10, 0, 0, 0x9d, 0x01, 0x2a], u16(width), u16(height), 'picture');
}

export function extended(flags: number, width: number, height: number): Uint8Array {
  return webpChunk('VP8X', [flags, 0, 0, 0], u32(width - 1).slice(0, 3), u32(height - 1).slice(0, 3));
}

// Zips and what is made of them.

export interface Packed {
  readonly name: string;
  readonly content?: Part;
  readonly stored?: boolean;
  /** What is said of it, where that is not what it is. */
  readonly says?: {
    readonly bytes?: number;
    readonly flags?: number;
    readonly local?: string;
    readonly mode?: number;
    readonly extra?: Part;
    readonly method?: number;
  };
}

export async function zip(
  entries: readonly Packed[],
  between: Part = '',
  comment: Part = '',
): Promise<Uint8Array> {
  const locals: Uint8Array[] = [];
  const listed: Uint8Array[] = [];
  let at = 0;
  for (const { name, content = '', stored = false, says = {} } of entries) {
    const plain = bytes(content);
    const data = stored ? plain : await packed(plain, 'deflate-raw');
    const about = [
      ...u16(says.flags ?? 0x800),
      ...u16(says.method ?? (stored ? 0 : 8)),
      ...u32(0),
      ...u32(crc32(plain)),
      ...u32(data.byteLength),
      ...u32(says.bytes ?? plain.byteLength),
    ];
    const raw = utf8(name);
    const local = utf8(says.local ?? name);
    const extra = bytes(says.extra ?? '');
    const here = bytes('PK\x03\x04', u16(20), about, u16(local.byteLength), u16(0), local, data, between);
    locals.push(here);
    listed.push(
      bytes(
        'PK\x01\x02',
        [20, 3],
        u16(20),
        about,
        ...[u16(raw.byteLength), u16(extra.byteLength), u16(0), u16(0), u16(0)],
        u32(((says.mode ?? 0o100644) << 16) >>> 0),
        u32(at),
        raw,
        extra,
      ),
    );
    at += here.byteLength;
  }
  const directory = bytes(...listed);
  const after = bytes(comment);
  return bytes(
    ...locals,
    directory,
    'PK\x05\x06',
    [0, 0, 0, 0],
    u16(entries.length),
    u16(entries.length),
    u32(directory.byteLength),
    u32(at),
    u16(after.byteLength),
    after,
  );
}

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

export function contentTypes(main: string, more = ''): Packed {
  return {
    name: '[Content_Types].xml',
    content: `<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="${main}.main+xml"/>${more}</Types>`,
  };
}

export function docx(...more: readonly Packed[]): Promise<Uint8Array> {
  return zip([contentTypes(word), { name: 'word/document.xml', content: '<w:document/>' }, ...more]);
}

export function odt(...more: readonly Packed[]): Promise<Uint8Array> {
  return zip([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text', stored: true },
    { name: 'content.xml', content: '<office:document-content/>' },
    ...more,
  ]);
}

export function pdf(...more: readonly Part[]): Uint8Array {
  return bytes(
    '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n',
    ...more,
    '\nstartxref\n0\n%%EOF\n',
  );
}

export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
