/**
 * What a file's first bytes say. The list of what is taken is closed and short, so that a table does: a package that
 * knows two hundred kinds would parse, for each file that somebody sends, much that is refused anyway.
 */
import type { KindName } from '../../../protocol/files.ts';
import { letters } from './input.ts';

/** As much of a file's beginning as is looked at, in bytes. */
export const headBytes = 4096;

/** What a computer runs. */
const programs: readonly RegExp[] = [
  /^MZ/,
  /^\x7fELF/,
  // Mach-O for each width and order, and several in one, which begins as Java's classes do.
  /^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba[\xbe\xbf]|[\xbe\xbf]\xba\xfe\xca)/,
  /^\0asm/,
  /^dex\n/,
  /^(?:\xef\xbb\xbf)?#!/,
  // A Windows shortcut, and an installer for Debian.
  /^L\0\0\0\x01\x14\x02\0/,
  /^!<arch>\n/,
];

/** The kinds that begin so; where there are several, the name decides. */
const beginnings: readonly (readonly [RegExp, readonly KindName[]])[] = [
  [/^\xff\xd8\xff/, ['jpeg']],
  [/^\x89PNG\r\n\x1a\n/, ['png']],
  [/^GIF8[79]a/, ['gif']],
  [/^RIFF[^]{4}WEBP/, ['webp']],
  [/^%PDF-[12]\.\d/, ['pdf']],
  [/^PK\x03\x04/, ['zip', 'docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp']],
  [/^RIFF[^]{4}WAVE/, ['wav']],
  [/^fLaC/, ['flac']],
  [/^OggS\0/, ['ogg']],
  [/^ID3[\x02-\x04]/, ['mp3']],
  // MPEG-1, 2 or 2.5, layer III, with a rate for bits and for samples.
  [
    /^\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\x1b\x20-\x2b\x30-\x3b\x40-\x4b\x50-\x5b\x60-\x6b\x70-\x7b\x80-\x8b\x90-\x9b\xa0-\xab\xb0-\xbb\xc0-\xcb\xd0-\xdb\xe0-\xeb]/,
    ['mp3'],
  ],
  [/^[^]{4}ftypM4[AB] /, ['m4a']],
  [/^[^]{4}ftypqt {2}/, ['mov']],
  [/^[^]{4}ftyp(?:iso[m2-9]|mp4[12]|avc1|dash|M4V |MSNV|3gp[4-9])/, ['mp4', 'm4a']],
  // EBML, with its document's type within the first bytes.
  [/^\x1a\x45\xdf\xa3[^]{0,64}\x42\x82\x84webm/, ['webm']],
];

/** The kinds that a file can be by its beginning; none if it is text, or nothing that is taken. */
export function kindsOf(head: Uint8Array): readonly KindName[] {
  const start = letters(head.subarray(0, headBytes));
  return beginnings.find(([beginning]) => beginning.test(start))?.[1] ?? [];
}

export function isProgram(head: Uint8Array): boolean {
  const start = letters(head.subarray(0, 16));
  return programs.some((program) => program.test(start));
}

/** The start of a page, of a picture in SVG or of a feed: each would run as one wherever it is believed. */
export function isPage(text: string): boolean {
  return /^<[a-z!?%]/i.test(text.trimStart());
}
