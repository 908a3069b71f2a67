import { FORMS, sealBox } from '../box.ts';
import { concat } from '../bytes.ts';
import { drain, flip, run, streamOf } from '../cast.ts';
import { CHUNK_BYTES, HEADER_BYTES, sealMessage } from '../cobblestone.ts';
import { splitSecret } from '../envelope.ts';
import { splitStream } from '../file-key.ts';
import { writeManifest, type FilePart } from '../manifest.ts';
import { hex, NONCE, OTHER_SECRET, placeOf, SECRET, spoiled, type Corpus } from './format.ts';

/* Files: their manifests, their parts, and ranges of their bytes. */

const FILE = ['c0a8', 'f1'];
const NOTHING = new Uint8Array(0);

interface Sealed {
  readonly part: FilePart;
  readonly object: Uint8Array;
}

export async function fileVectors(): Promise<Corpus['file']> {
  const [hello, world] = [run(5, 0x61), run(7, 0x66)];
  const first = await sealPart(0, 'a', hello);
  const again = await sealPart(0, 'b', hello, run(24, 0x30));
  const second = await sealPart(1, 'a', world);
  const manifest = await sealManifest(first.part, second.part);
  const parts = { '0/a': hex(first.object), '1/a': hex(second.object) };
  const good = { secret: hex(SECRET), file: FILE, manifest: hex(manifest), parts, from: 0, to: 12 };
  const one = async (plain: Uint8Array, from: number, to: number) => {
    const { part, object } = await sealPart(0, 'a', plain);
    const sealed = { manifest: hex(await sealManifest(part)), parts: { '0/a': hex(object) } };
    return { ...good, ...sealed, from, to, plaintext: hex(plain.subarray(from, to)) };
  };
  const listed = (bytes: Uint8Array, why: string, refused?: string) =>
    spoiled({ ...good, manifest: hex(bytes) }, why, refused);
  const stored = (object: Uint8Array, why: string) =>
    spoiled({ ...good, parts: { ...parts, '1/a': hex(object) } }, why);
  const { object } = second;
  return [
    { ...good, plaintext: hex(concat(hello, world)) },
    { ...good, from: 4, to: 6, plaintext: hex(run(2, 0x65)) },
    { ...good, from: 5, to: 5, plaintext: '' },
    { ...good, manifest: hex(await sealManifest()), parts: {}, to: 0, plaintext: '' },
    await one(run(CHUNK_BYTES + 3), CHUNK_BYTES - 2, CHUNK_BYTES + 2),
    spoiled({ ...good, secret: hex(OTHER_SECRET) }, 'another data key'),
    spoiled({ ...good, file: ['c0a8', 'f2'] }, 'moved to another file'),
    spoiled({ ...good, to: 13 }, 'a range beyond the end', 'input_malformed'),
    listed(flip(manifest, manifest.length * 8 - 1), 'a bit of the manifest’s tag'),
    listed(
      await sealManifest(first.part, { ...second.part, attempt: 'b' }),
      'names an attempt that is not there',
    ),
    listed(await sealManifest(again.part, second.part), 'names another attempt that is not there'),
    listed(
      await sealManifest({ ...again.part, attempt: 'a' }, second.part),
      'an attempt lies under the name of another',
    ),
    listed(await sealManifest(second.part, first.part), 'parts in another order'),
    listed(
      await sealManifest(
        { ...first.part, header: flip(first.part.header, HEADER_BYTES * 8 - 1) },
        second.part,
      ),
      'commits to another key than the salt gives',
    ),
    listed(
      await sealLength(11, first.part, second.part),
      'parts that are more than the whole',
      'envelope_malformed',
    ),
    spoiled({ ...good, parts: { '0/a': parts['0/a'] } }, 'a part that is missing'),
    stored(first.object, 'another part in its place'),
    stored((await sealPart(1, 'a', world, run(24, 0x30))).object, 'another attempt in its place'),
    stored((await sealPart(1, 'a', world, undefined, OTHER_SECRET)).object, 'a part under another key'),
    stored(flip(object, 0), 'a bit of the salt'),
    stored(flip(object, 24 * 8), 'a bit of the commitment'),
    stored(flip(object, HEADER_BYTES * 8), 'a bit of the ciphertext'),
    stored(flip(object, object.length * 8 - 1), 'a bit of the tag'),
    stored(object.subarray(0, -1), 'one byte short'),
    stored(concat(object, Uint8Array.of(0)), 'one byte long'),
    stored(NOTHING, 'nothing'),
  ];
}

async function sealPart(
  part: number,
  attempt: string,
  plain: Uint8Array,
  salt = run(24, 0x10),
  secret = SECRET,
): Promise<Sealed> {
  const context = placeOf({ label: 'sotto/file-part/1', fields: [...FILE, part] });
  const bytes = streamOf(plain, plain.length);
  const { header, body } = await sealMessage(await splitStream(secret), context, bytes, plain.length, salt);
  return { part: { attempt, length: plain.length, header }, object: await drain(body) };
}

async function sealManifest(...parts: FilePart[]): Promise<Uint8Array> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return sealText(writeManifest({ length, parts }));
}

/** A manifest that says another length than its parts have. */
async function sealLength(length: number, ...parts: FilePart[]): Promise<Uint8Array> {
  const text = new TextDecoder().decode(writeManifest({ length: 12, parts }));
  return sealText(new TextEncoder().encode(text.replace('"length":12', `"length":${length}`)));
}

async function sealText(bytes: Uint8Array): Promise<Uint8Array> {
  const { box } = await splitSecret(SECRET);
  return sealBox(
    FORMS.value,
    box,
    NOTHING,
    placeOf({ label: 'sotto/file-manifest/1', fields: FILE }),
    bytes,
    NONCE,
  );
}
