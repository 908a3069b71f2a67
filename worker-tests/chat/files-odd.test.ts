import { describe, expect, it } from 'vitest';
import { inspect, type Verdict } from '../../src/chat/files/inspection.ts';
import { groups } from '../../src/protocol/files.ts';
import { Refusal } from '../../src/protocol/refusals.ts';
import {
  big16,
  big32,
  bytes,
  chunk,
  contentTypes,
  docx,
  extended,
  fileOf,
  gif,
  header,
  jpeg,
  jpegScan,
  lossy,
  odt,
  type Part,
  pdf,
  png,
  pngSignature,
  riff,
  segment,
  u16,
  u32,
  utf8,
  zip,
} from './file-maker.ts';

type Content = Part | Promise<Uint8Array>;
/** A refusal's code, or the kind and whatever else is to be said of it. */
type Answer = string | Partial<Verdict>;
type Odd = readonly [what: string, name: string, content: Content, answer: Answer];

const eicar = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
const ebml = bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x82, 0x84], 'webm', new Uint8Array(64));
const ftyp = (brand: string) => bytes(big32(24), 'ftyp', brand, big32(0), 'isommp41', big32(8), 'mdat');
const ogg = bytes('OggS\0', new Uint8Array(64));
const wav = bytes('RIFF', u32(36), 'WAVEfmt ', new Uint8Array(28));
const zero = new Uint8Array(64);
const page = '<!DOCTYPE html><script>alert(1)</script>';
const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
const inZip = (name: string, content: Part = 'hello') => zip([{ name, content }]);
const after = async (first: Content, second: Content) => bytes(bytes(await first), await second);
const cutBy = async (content: Content, count: number) => bytes(await content).slice(0, -count);
const refused = 'file_type_refused';
const mismatch = 'file_mismatch';
const harmful = 'file_harmful';
const broken = 'file_broken';
const locked = 'file_locked';

async function answerTo(
  name: string,
  content: Content,
  allowed = groups as readonly (typeof groups)[number][],
) {
  try {
    return await inspect(fileOf(bytes(await content)), name, allowed);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

function each(files: readonly Odd[]) {
  it.each(files)('%s', async (_what, name, content, answer) => {
    const found = await answerTo(name, content);
    if (typeof answer === 'string') expect(found).toBe(answer);
    else expect(found).toMatchObject(answer);
  });
}

describe('F10 what is what it seems comes in', () => {
  each([
    ['a photo', 'photo.jpg', jpeg({}), { kind: 'jpeg', mediaType: 'image/jpeg', width: 40, height: 30 }],
    ['a photo in capitals', 'IMG_1.JPEG', jpeg({}), { kind: 'jpeg', name: 'IMG_1.jpeg' }],
    ['a photo without an ending', 'photo', jpeg({}), { kind: 'jpeg', name: 'photo.jpg' }],
    ['a PNG', 'a.png', png({}), { kind: 'png', width: 40, height: 30 }],
    ['an animated PNG', 'a.apng', png({}, chunk('acTL', big32(1), big32(0))), { kind: 'png' }],
    ['a GIF', 'a.gif', gif({}), { kind: 'gif', width: 1, height: 1 }],
    ['a WebP', 'a.webp', riff(lossy(40, 30)), { kind: 'webp', width: 40, height: 30 }],
    ['a PDF', 'a.pdf', pdf(), { kind: 'pdf', mediaType: 'application/pdf' }],
    [
      'a PDF with a script in it, which only ever runs in a sandbox',
      'a.pdf',
      pdf('/JavaScript(app.alert(1))'),
      { kind: 'pdf' },
    ],
    ['a text', 'a.txt', utf8('Grüße\n'), { kind: 'text', mediaType: 'text/plain; charset=utf-8' }],
    ['a text with a mark of its order', 'a.csv', utf8('\ufeffa;b\r\n'), { kind: 'text' }],
    ['a text of one letter', 'a.log', 'a', { kind: 'text' }],
    ['a log that was put away', 'error.log.1', 'all is well', { kind: 'text', name: 'error_log.1.txt' }],
    ['JSON, which is shown as text', 'a.json', '{"a":"</script><script>"}', { kind: 'text' }],
    ['a text without an ending', 'LICENSE', 'Free.', { kind: 'text', name: 'LICENSE.txt' }],
    ['a script that calls itself text, and is shown as text', 'a.txt', 'alert(1)', { kind: 'text' }],
    ['a text that tells of a virus, which is the scanner’s to say', 'eicar.txt', eicar, { kind: 'text' }],
    ['the same in an archive', 'eicar.zip', inZip('eicar.txt', eicar), { kind: 'zip' }],
    ['a Word document', 'a.docx', docx(), { kind: 'docx' }],
    ['a Word document without an ending', 'letter', docx(), { kind: 'docx', name: 'letter.docx' }],
    ['an OpenDocument text', 'a.odt', odt(), { kind: 'odt' }],
    ['an archive', 'a.zip', inZip('folder/a.txt'), { kind: 'zip', mediaType: 'application/zip' }],
    [
      'an archive with a document',
      'a.zip',
      docx().then((content) => inZip('a.docx', content)),
      { kind: 'zip' },
    ],
    ['an archive with a name that no UTF-8 is', 'a.zip', inZip('bücher/ä.txt'), { kind: 'zip' }],
    [
      'an archive with a comment',
      'a.zip',
      zip([{ name: 'a.txt', content: 'a' }], '', 'from me'),
      { kind: 'zip' },
    ],
    ['a stored archive', 'a.zip', zip([{ name: 'a.txt', content: 'a', stored: true }]), { kind: 'zip' }],
    ['music with a label', 'a.mp3', bytes('ID3\x03\0\0\0\0\0\0', zero), { kind: 'mp3' }],
    ['music without', 'a.mp3', bytes([0xff, 0xfb, 0x90, 0x64], zero), { kind: 'mp3' }],
    ['a voice', 'a.m4a', ftyp('M4A '), { kind: 'm4a', mediaType: 'audio/mp4' }],
    ['a voice in a film’s container', 'a.m4a', ftyp('mp42'), { kind: 'm4a' }],
    ['a voice message', 'a.ogg', ogg, { kind: 'ogg' }],
    ['a wave', 'a.wav', wav, { kind: 'wav' }],
    ['music without loss', 'a.flac', bytes('fLaC', zero), { kind: 'flac' }],
    ['a film', 'a.mp4', ftyp('isom'), { kind: 'mp4' }],
    ['a film from a phone', 'a.mov', ftyp('qt  '), { kind: 'mov' }],
    ['a film from a browser', 'a.webm', ebml, { kind: 'webm' }],
  ]);

  it('F10 what a site does not take is refused, whatever it is called', async () => {
    expect(await answerTo('a.zip', inZip('a.txt'), ['image', 'office'])).toBe(refused);
    expect(await answerTo('a.docx', docx(), ['archive'])).toBe(refused);
    expect(await answerTo('letter', docx(), ['archive'])).toBe(refused);
    expect(await answerTo('a.txt', 'hello', ['image'])).toBe(refused);
    expect(await answerTo('a', ftyp('mp42'), ['audio'])).toMatchObject({ kind: 'm4a', name: 'a.m4a' });
  });
});

describe('F11 what it is and what it is called agree, or it is refused', () => {
  each([
    ['nothing', 'a.txt', '', broken],
    ['a photo as PNG', 'a.png', jpeg({}), mismatch],
    ['a PNG as photo', 'a.jpg', png({}), mismatch],
    ['a photo as PDF', 'a.pdf', jpeg({}), mismatch],
    ['a photo with an ending of nobody', 'a.foo', jpeg({}), mismatch],
    ['a text as photo', 'a.jpg', 'hello', mismatch],
    ['a script as photo', 'a.jpg', 'alert(document.cookie)', mismatch],
    ['SVG as PNG', 'a.png', svg, mismatch],
    ['a page as PDF', 'a.pdf', page, mismatch],
    ['an archive as document', 'a.docx', inZip('a.txt'), mismatch],
    ['a document as archive', 'a.zip', docx(), mismatch],
    ['a document as another', 'a.xlsx', docx(), mismatch],
    ['an OpenDocument as Word', 'a.docx', odt(), mismatch],
    ['an archive as text', 'a.txt', inZip('a.txt'), mismatch],
    ['an archive as film', 'a.mp4', inZip('a.txt'), mismatch],
    ['music as film', 'a.mp4', bytes('ID3\x03\0\0\0\0\0\0', zero), mismatch],
    ['another archive as PDF', 'a.pdf', bytes('Rar!\x1a\x07\0', zero), mismatch],
    ['a PDF that begins later', 'a.pdf', bytes('\n\n', pdf()), mismatch],
    ['a wave as WebP', 'a.webp', wav, mismatch],
    ['random bytes as photo', 'a.jpg', bytes([0x8f, 1, 2, 3, 0xfe]), mismatch],
  ]);
});

describe('F12 what runs, is a page or is of an unknown kind is refused', () => {
  each([
    ['a Windows program', 'a.exe', bytes('MZ', zero), harmful],
    ['a Windows program as PDF', 'a.pdf', bytes('MZ', zero), harmful],
    ['a Linux program as PDF', 'a.pdf', bytes('\x7fELF', zero), harmful],
    ['a Mac program as PDF', 'a.pdf', bytes([0xcf, 0xfa, 0xed, 0xfe], zero), harmful],
    ['a Mac program for two machines', 'a', bytes([0xca, 0xfe, 0xba, 0xbe], zero), harmful],
    ['WebAssembly', 'a.txt', bytes('\0asm', zero), harmful],
    ['a shell script', 'a.txt', '#!/bin/sh\nrm -rf ~\n', harmful],
    ['a shell script behind a mark', 'a.txt', utf8('\ufeff#!/bin/sh\n'), harmful],
    ['a shortcut', 'a.jpg', bytes('L\0\0\0\x01\x14\x02\0', zero), harmful],
    ['a text that is called a script', 'a.js', 'hello', harmful],
    ['a text that is called a batch', 'a.bat', 'hello', harmful],
    ['a text that is called a page', 'a.html', 'hello', harmful],
    ['a picture that is called a program', 'photo.jpg.exe', jpeg({}), harmful],
    ['a program’s ending behind dots', 'a.exe . .', 'hello', harmful],
    ['a program’s ending behind a turn of direction', 'a\u202egpj.exe', jpeg({}), harmful],
    ['SVG', 'a.svg', svg, harmful],
    ['SVG as text', 'a.txt', svg, refused],
    ['a page as text', 'a.txt', page, refused],
    ['a page behind a mark and blanks', 'a.txt', utf8(`\ufeff\n\n  ${page}`), refused],
    ['a page behind a remark', 'a.md', '<!-- hello --><script>', refused],
    ['XML', 'a.txt', '<?xml version="1.0"?><a/>', refused],
    ['PHP', 'a.txt', '<?php system($_GET[0]);', refused],
    ['a text in UTF-16', 'a.txt', bytes([0xff, 0xfe], 'h\0i\0'), refused],
    ['a text in UTF-16 without a mark', 'a.txt', 'h\0i\0', refused],
    ['a text in Latin-1', 'a.txt', 'Gr\xfc\xdfe', refused],
    ['a text that ends within a letter', 'a.txt', bytes('gut', [0xc3]), refused],
    ['a text with half of a pair', 'a.txt', bytes([0xed, 0xa0, 0x80]), refused],
    ['a text with a zero far behind', 'a.txt', bytes('a'.repeat(300_000), [0]), refused],
    ['a text with a terminal’s commands', 'a.log', '\x1b]0;title\x07', refused],
    ['an old Word document', 'a.doc', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], zero), refused],
    ['a HEIC', 'a.heic', bytes(big32(24), 'ftypheic', zero), refused],
    ['a RAR', 'a.rar', bytes('Rar!\x1a\x07\0', zero), refused],
    ['Matroska', 'a.mkv', bytes([0x1a, 0x45, 0xdf, 0xa3, 0x8b, 0x42, 0x82, 0x88], 'matroska', zero), refused],
    ['a single byte', 'a.dat', [0xff], refused],
  ]);
});

describe('F13 what hides beside a picture goes, and what hides beside anything else is refused', () => {
  each([
    ['a photo with an archive behind it', 'a.jpg', after(jpeg({}), inZip('a.exe')), { kind: 'jpeg' }],
    ['a GIF that is a Java archive as well', 'a.gif', after(gif({}), inZip('A.class')), { kind: 'gif' }],
    ['a PNG with a page behind it', 'a.png', after(png({}), page), { kind: 'png' }],
    ['a photo with a page in a comment', 'a.jpg', jpeg({}, segment(0xfe, page)), { kind: 'jpeg' }],
    ['a photo with a film behind it', 'a.jpg', after(jpeg({}), ftyp('mp42')), { kind: 'jpeg' }],
    ['a PNG with a page in a text', 'a.png', png({}, chunk('tEXt', `a\0${page}`)), { kind: 'png' }],
    [
      'a GIF with a page in a comment',
      'a.gif',
      gif({}, [0x21, 0xfe, page.length], page, [0]),
      { kind: 'gif' },
    ],
    ['a WebP with a page behind it', 'a.webp', after(riff(lossy(4, 4)), page), { kind: 'webp' }],
    ['a PDF with an archive behind it', 'a.pdf', after(pdf(), inZip('a.exe')), harmful],
    [
      'a PDF in whose archive’s comment it ends',
      'a.pdf',
      after(pdf(), zip([{ name: 'a' }], '', '%%EOF')),
      harmful,
    ],
    ['a PDF with a page at its beginning', 'a.pdf', pdf(page), harmful],
    ['a PDF with a page behind it', 'a.pdf', after(pdf(), page), harmful],
    ['a PDF without an end', 'a.pdf', cutBy(pdf(), 6), broken],
    ['a film with an archive behind it', 'a.mp4', after(ftyp('isom'), inZip('a.exe')), harmful],
    ['music with an archive behind it', 'a.mp3', after('ID3\x03\0\0\0\0\0\0', inZip('a.exe')), harmful],
    ['an archive behind a program', 'a.zip', after(bytes('MZ', zero), inZip('a.txt')), harmful],
    ['an archive behind another', 'a.zip', after(inZip('a.txt'), inZip('b.txt')), harmful],
    ['an archive with something behind it', 'a.zip', after(inZip('a.txt'), 'more'), harmful],
    [
      'an archive with something between its files',
      'a.zip',
      zip([{ name: 'a' }, { name: 'b' }], 'more'),
      harmful,
    ],
    [
      'an archive with another’s end in its comment',
      'a.zip',
      zip([{ name: 'a' }], '', bytes('PK\x05\x06', zero)),
      harmful,
    ],
    [
      'an archive that calls a file by two names',
      'a.zip',
      zip([{ name: 'a.txt', says: { local: 'b.txt' } }]),
      harmful,
    ],
    [
      'an archive that has a third name for it',
      'a.zip',
      zip([{ name: 'a.txt', says: { extra: bytes(u16(0x7075), u16(10), [1], u32(0), 'b.exe') } }]),
      harmful,
    ],
    ['an archive with a file twice', 'a.zip', zip([{ name: 'a' }, { name: 'a' }]), harmful],
  ]);
});

const nested = inZip('a.txt');
const large = new Uint8Array(20 * 1024 * 1024);

describe('F14 archives and documents hold nothing that runs, hides, escapes or swells', () => {
  each([
    ['a file above', 'a.zip', inZip('../a.txt'), harmful],
    ['a file above, by a path of Windows', 'a.zip', inZip('a\\..\\..\\b.txt'), harmful],
    ['a file at the root', 'a.zip', inZip('/etc/passwd'), harmful],
    ['a file on a drive', 'a.zip', inZip('C:a.txt'), harmful],
    ['a file on a server', 'a.zip', inZip('\\\\evil\\a.txt'), harmful],
    ['a name with a line’s end', 'a.zip', inZip('a\n.txt'), harmful],
    ['a name without end', 'a.zip', inZip('a'.repeat(600)), harmful],
    ['no name', 'a.zip', inZip(''), harmful],
    ['a link', 'a.zip', zip([{ name: 'a', content: '/etc/passwd', says: { mode: 0o120777 } }]), harmful],
    ['a device', 'a.zip', zip([{ name: 'a', says: { mode: 0o020666 } }]), harmful],
    ['a program by its name', 'a.zip', inZip('tools/setup.exe'), harmful],
    ['a program by its name and a dot', 'a.zip', inZip('setup.exe. '), harmful],
    ['a program by its bytes', 'a.zip', inZip('readme.txt', bytes('MZ', zero)), harmful],
    ['a page', 'a.zip', inZip('index.html', page), harmful],
    ['a Java archive', 'a.zip', zip([{ name: 'META-INF/MANIFEST.MF' }, { name: 'A.class' }]), harmful],
    ['an archive in an archive', 'a.zip', nested.then((content) => inZip('b.zip', content)), harmful],
    [
      'an archive in an archive by another name',
      'a.zip',
      nested.then((content) => inZip('b.txt', content)),
      harmful,
    ],
    ['a packed archive of another kind', 'a.zip', inZip('b', bytes('Rar!\x1a\x07\0', zero)), harmful],
    [
      'what says that it becomes 3 GB',
      'a.zip',
      zip([{ name: 'a', content: 'a', says: { bytes: 3e9 } }]),
      harmful,
    ],
    ['what becomes a thousand times as large', 'a.zip', zip([{ name: 'a', content: large }]), harmful],
    [
      'what becomes larger than it says',
      'a.zip',
      zip([{ name: 'a', content: large, says: { bytes: 100 } }]),
      harmful,
    ],
    [
      'what becomes smaller than it says',
      'a.zip',
      zip([{ name: 'a', content: 'a', says: { bytes: 100 } }]),
      broken,
    ],
    [
      'what is stored and says that it is more',
      'a.zip',
      zip([{ name: 'a', stored: true, says: { bytes: 9 } }]),
      harmful,
    ],
    [
      'more files than anybody opens',
      'a.zip',
      bytes('PK\x03\x04PK\x05\x06', [0, 0, 0, 0], u16(20_000), u16(20_000), u32(0), u32(4), u16(0)),
      harmful,
    ],
    ['what is packed otherwise', 'a.zip', zip([{ name: 'a', content: 'a', says: { method: 14 } }]), broken],
    [
      'what is packed and is no such thing',
      'a.zip',
      zip([{ name: 'a', content: 'hello', stored: true, says: { method: 8 } }]),
      broken,
    ],
    ['nothing', 'a.zip', zip([]), mismatch],
    ['nothing, by a beginning', 'a.zip', after('PK\x03\x04', zip([])), harmful],
    ['an archive that is cut off', 'a.zip', cutBy(inZip('a.txt'), 10), broken],
    [
      'an archive without its beginning',
      'a.zip',
      inZip('a.txt').then((content) => bytes('PK\x03\x04', content.slice(10))),
      harmful,
    ],
    [
      'an archive under a password',
      'a.zip',
      zip([{ name: 'a', content: 'a', says: { flags: 0x801 } }]),
      locked,
    ],
    ['a document with macros', 'a.docx', docx({ name: 'word/vbaProject.bin' }), harmful],
    [
      'a document with macros by another name',
      'a.docx',
      docx2('<Default Extension="x" ContentType="application/vnd.ms-office.vbaProject"/>'),
      harmful,
    ],
    [
      'a document with ActiveX',
      'a.docx',
      docx2('<Override ContentType="application/vnd.ms-office.activeX+xml"/>'),
      harmful,
    ],
    [
      'a document that is made for macros',
      'a.docx',
      zip([contentTypes('application/vnd.ms-word.document.macroEnabled')]),
      refused,
    ],
    [
      'a document that hides what it is',
      'a.docx',
      docx2('<Default ContentType="application/vnd.ms-office.vba&#80;roject"/>'),
      harmful,
    ],
    ['a document with macros by its own name', 'a.docm', docx(), harmful],
    ['an OpenDocument with macros', 'a.odt', odt({ name: 'Basic/Standard/Module1.xml' }), harmful],
    ['an OpenDocument with scripts', 'a.odt', odt({ name: 'Scripts/python/a.txt' }), harmful],
    [
      'a document with a program in it',
      'a.docx',
      docx({ name: 'word/embeddings/a.bin', content: bytes('MZ', zero) }),
      harmful,
    ],
    [
      'an OpenDocument that says so too late',
      'a.odt',
      zip([{ name: 'a' }, { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text' }]),
      refused,
    ],
    [
      'an e-book',
      'a.zip',
      zip([{ name: 'mimetype', content: 'application/epub+zip', stored: true }]),
      refused,
    ],
  ]);
});

function docx2(more: string) {
  return zip([
    contentTypes('application/vnd.openxmlformats-officedocument.wordprocessingml.document', more),
    { name: 'word/document.xml' },
  ]);
}

describe('F15 a picture is whole, and no larger than can be shown', () => {
  each([
    ['a PNG of 65,535 by 65,535', 'a.png', png({ width: 65_535, height: 65_535 }), harmful],
    ['a PNG of one row of a million', 'a.png', png({ width: 1_000_000, height: 1 }), harmful],
    ['a photo of 65,535 by 65,535', 'a.jpg', jpeg({ width: 65_535, height: 65_535 }), harmful],
    ['a GIF of 65,535 by 65,535', 'a.gif', gif({ width: 65_535, height: 65_535 }), harmful],
    [
      'a GIF whose picture is larger than its screen',
      'a.gif',
      gif({}, [0x2c, 0, 0, 0, 0], u16(60_000), u16(60_000), [0, 2, 0]),
      harmful,
    ],
    ['a GIF of 6,000 pictures', 'a.gif', gif({ frames: 6_000 }), harmful],
    ['a GIF of 4,000 large pictures', 'a.gif', gif({ width: 2_000, height: 2_000, frames: 4_000 }), harmful],
    ['a WebP of 16,384 by 16,384', 'a.webp', riff(extended(0, 16_384, 16_384), lossy(4, 4)), harmful],
    [
      'a WebP whose picture is larger than it says',
      'a.webp',
      riff(extended(0, 4, 4), lossy(16_383, 16_383)),
      harmful,
    ],
    ['a PNG of 60,000 chunks', 'a.png', png({}, ...Array<Part>(60_000).fill(chunk('tEXt'))), broken],
    ['a GIF of 60,000 blocks', 'a.gif', gif({}, ...Array<Part>(60_000).fill([0x21, 0xfe, 0])), broken],
    ['a photo of 60,000 segments', 'a.jpg', jpeg({}, ...Array<Part>(60_000).fill(segment(0xfe))), broken],
    [
      'a photo of 300 scans',
      'a.jpg',
      bytes(jpeg({}).slice(0, -2), ...Array<Part>(300).fill(jpegScan), [0xff, 0xd9]),
      broken,
    ],
    ['a PNG that is cut off', 'a.png', cutBy(png({}), 5), broken],
    ['a PNG of its signature', 'a.png', pngSignature, broken],
    ['a PNG without pixels', 'a.png', bytes(pngSignature, header(4, 4), chunk('IEND')), broken],
    ['a PNG of no size', 'a.png', png({ width: 0 }), broken],
    ['a PNG with two headers', 'a.png', png({}, header(4, 4)), broken],
    [
      'a PNG with a chunk of 4 GB',
      'a.png',
      bytes(pngSignature, header(4, 4), big32(0xffffffff), 'IDAT'),
      broken,
    ],
    [
      'a PNG of a phone’s own kind',
      'a.png',
      bytes(pngSignature, chunk('CgBI', big32(0)), header(4, 4)),
      broken,
    ],
    ['a photo that is cut off', 'a.jpg', cutBy(jpeg({}), 2), broken],
    ['a photo without a picture', 'a.jpg', bytes([0xff, 0xd8, 0xff, 0xd9]), broken],
    [
      'a photo without a scan',
      'a.jpg',
      bytes([0xff, 0xd8], segment(0xc0, [8], big16(4), big16(4), [0]), [0xff, 0xd9]),
      broken,
    ],
    ['a photo with a segment of no length', 'a.jpg', bytes([0xff, 0xd8, 0xff, 0xe1, 0, 0]), broken],
    ['a photo with two frames', 'a.jpg', jpeg({}, segment(0xc0, [8], big16(4), big16(4), [0])), broken],
    ['a photo that no browser shows', 'a.jpg', jpeg({}, segment(0xc3, [8], big16(4), big16(4), [0])), broken],
    ['a photo with letters between its segments', 'a.jpg', jpeg({}, 'hello'), broken],
    ['a GIF that is cut off', 'a.gif', cutBy(gif({}), 1), broken],
    ['a GIF without a picture', 'a.gif', gif({ frames: 0 }), broken],
    ['a GIF with letters between its blocks', 'a.gif', gif({}, 'hello'), broken],
    ['a WebP that is cut off', 'a.webp', cutBy(riff(lossy(4, 4)), 3), broken],
    ['a WebP without a picture', 'a.webp', riff(extended(0, 4, 4)), broken],
    [
      'a WebP with a chunk that is too long',
      'a.webp',
      bytes('RIFF', u32(20), 'WEBPVP8 ', u32(99), zero),
      broken,
    ],
  ]);
});

describe('F16 a file’s name is clean, and ends as its kind does', () => {
  each([
    ['a path', '../../etc/passwd.txt', 'a', { name: 'passwd.txt' }],
    ['a path of Windows', 'C:\\Users\\Olivia\\a.txt', 'a', { name: 'a.txt' }],
    ['a turn of direction', 'invoice\u202etxt.pdf', pdf(), { name: 'invoicetxt.pdf' }],
    ['letters that are not seen', 'a\u200b\u2066b\u2069\ufeff.pdf', pdf(), { name: 'ab.pdf' }],
    ['lines', 'a\r\nContent-Type: b.txt', 'a', { name: 'a Content-Type_ b.txt' }],
    ['a device of Windows', 'CON.txt', 'a', { name: '_CON.txt' }],
    ['two endings', 'invoice.exe.pdf', pdf(), { name: 'invoice_exe.pdf' }],
    ['nothing', '', 'a', { name: 'file.txt' }],
    ['dots', '...', jpeg({}), { name: 'file.jpg' }],
    ['a hundred thousand letters', `${'ä'.repeat(100_000)}.pdf`, pdf(), { name: `${'ä'.repeat(97)}.pdf` }],
  ]);
});

describe('F17 what looks sensitive is covered', () => {
  each([
    ['a passport', 'Scan_Reisepass-2.jpg', jpeg({}), { sensitive: ['identity'] }],
    [
      'an identity card by its shape',
      'IMG_2.jpg',
      jpeg({ width: 1586, height: 1000 }),
      { sensitive: ['document'] },
    ],
    ['paper by its shape', 'IMG_2.png', png({ width: 1000, height: 1414 }), { sensitive: ['document'] }],
    ['a holiday', 'IMG_2.jpg', jpeg({ width: 4000, height: 3000 }), { sensitive: [] }],
    ['a screen', 'screen.png', png({ width: 160, height: 100 }), { sensitive: [] }],
    ['what a doctor wrote', 'Arztbrief.pdf', pdf(), { sensitive: ['medical'] }],
    ['what a bank wrote', 'bankStatement2026.pdf', pdf(), { sensitive: ['financial'] }],
  ]);
});

describe('F18 what seems to hold secrets is marked', () => {
  each([
    [
      'a recording of a browser',
      'shop.har',
      '{"log":{"version":"1.2","entries":[]}}',
      { kind: 'text', marks: ['secrets'] },
    ],
    ['a program’s settings', '.env', 'DB_PASSWORD=correct-horse', { name: 'env.txt', marks: ['secrets'] }],
    ['a key as a text', 'notes.txt', '-----BEGIN OPENSSH PRIVATE KEY-----', { marks: ['secrets'] }],
    ['a key in an archive', 'a.zip', inZip('home/.ssh/id_ed25519', 'a'), { marks: ['secrets'] }],
    ['settings in an archive', 'a.zip', inZip('a.txt', 'API_TOKEN=0123456789'), { marks: ['secrets'] }],
    ['nothing of it', 'notes.txt', 'The password is wrong.', { marks: [] }],
  ]);
});

describe('F21 a large file is read in pieces', () => {
  const length = 100 * 1024 * 1024;
  const pieceMax = 256 * 1024;

  /** So many letters between two parts, and the longest piece that was asked for. */
  function large(first: Uint8Array, last: Uint8Array) {
    const asked = { most: 0 };
    const from = [0, first.byteLength, first.byteLength + length] as const;
    const all = { bytes: from[2] + last.byteLength, asked };
    const read = (start: number, end: number) => {
      asked.most = Math.max(asked.most, end - start);
      const piece = new Uint8Array(end - start).fill(0x61);
      piece.set(first.subarray(start, end));
      if (end > from[2]) {
        const skipped = Math.max(0, start - from[2]);
        piece.set(last.subarray(skipped, end - from[2]), from[2] + skipped - start);
      }
      return Promise.resolve(piece);
    };
    return { ...all, read };
  }

  const name = 'a.txt';
  const about = [u16(0), u16(0), u32(0), u32(0), u32(length), u32(length), u16(name.length)].flat();
  const local = bytes('PK\x03\x04', u16(20), about, u16(0), name);
  const listed = bytes('PK\x01\x02', [20, 3], u16(20), about, new Uint8Array(16), name);
  const ends = bytes(
    'PK\x05\x06',
    [0, 0, 0, 0],
    u16(1),
    u16(1),
    u32(listed.byteLength),
    u32(local.byteLength + length),
    u16(0),
  );
  const photo = jpeg({});

  it.each<[string, string, Uint8Array, Uint8Array]>([
    ['a text', name, bytes('a'), bytes('b')],
    ['an archive', 'a.zip', local, bytes(listed, ends)],
    ['a photo', 'a.jpg', photo.slice(0, -2), photo.slice(-2)],
    [
      'a PNG',
      'a.png',
      bytes(pngSignature, header(4, 4), big32(length), 'IDAT'),
      bytes(u32(0), chunk('IEND')),
    ],
    ['a film', 'a.mp4', ftyp('isom'), bytes('b')],
    ['a PDF', 'a.pdf', pdf(), bytes('\n%%EOF')],
  ])('F21 %s of 100 MB', async (_what, claimed, first, last) => {
    const file = large(first, last);
    await inspect(file, claimed, groups);
    expect(file.asked.most).toBeLessThanOrEqual(pieceMax);
  });
});
