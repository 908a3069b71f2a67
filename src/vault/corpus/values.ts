import { FORMS, gcmSeal, importBoxKey, sealBox } from '../box.ts';
import { concat } from '../bytes.ts';
import { flip, run } from '../cast.ts';
import { splitSecret } from '../envelope.ts';
import { hashForLookup, importLookupKey } from '../lookup.ts';
import { sealPeppered } from '../pepper.ts';
import { importSigningKey } from '../signing-key.ts';
import {
  hex,
  KEK,
  NONCE,
  OTHER_SECRET,
  placeOf,
  renamed,
  SECRET,
  spoiled,
  type Corpus,
  type Place,
} from './format.ts';

/* What keys are for: values, passwords, look-ups, signatures. */

export const MESSAGE: Place = {
  label: 'sotto/message/1',
  fields: ['c0a8', 17, 0, 'visitor:v1', 'text', 1_795_348_800_000, '8f14e45f-ceea-467f-ab1e-6c0f2b1d9a77'],
};
const PASSWORD: Place = { label: 'sotto/password/1', fields: ['p1'] };
const NOTHING = new Uint8Array(0);

export async function valueVectors(): Promise<Corpus['value']> {
  const { box } = await splitSecret(SECRET);
  const seal = (plaintext: Uint8Array, nonce = NONCE) =>
    sealBox(FORMS.value, box, NOTHING, placeOf(MESSAGE), plaintext, nonce);
  const hello = new Uint8Array(new TextEncoder().encode('Good morning ☕'));
  const sealed = await seal(hello);
  const otherNonce = await seal(hello, run(12, 0xd0));
  const bare = await gcmSeal(box, NONCE, concat(placeOf(MESSAGE)), hello);
  const good = { secret: hex(SECRET), place: MESSAGE, sealed: hex(sealed) };
  const opens = async (plaintext: Uint8Array) => {
    return { ...good, sealed: hex(await seal(plaintext)), plaintext: hex(plaintext) };
  };
  const changed = (bytes: Uint8Array, why: string, refused?: string) =>
    spoiled({ ...good, sealed: hex(bytes) }, why, refused);
  const placed = (fields: Place['fields'], why: string) =>
    spoiled({ ...good, place: { ...MESSAGE, fields } }, why);
  return [
    { ...good, plaintext: hex(hello) },
    await opens(NOTHING),
    await opens(run(16)),
    await opens(run(255)),
    placed(MESSAGE.fields.with(1, 18), 'moved to another position'),
    placed(MESSAGE.fields.with(1, '17'), 'the position as text instead of a number'),
    placed(MESSAGE.fields.with(3, 'agent:a1'), 'put into the mouth of another author'),
    placed(MESSAGE.fields.slice(0, -1), 'a field left out'),
    spoiled({ ...good, place: { ...MESSAGE, label: 'sotto/message/2' } }, 'another version of the place'),
    spoiled({ ...good, secret: hex(OTHER_SECRET) }, 'another data key'),
    changed(concat(sealed.subarray(0, 1), NONCE, bare), 'the first byte left out of the associated data'),
    changed(concat(otherNonce.subarray(0, 13), sealed.subarray(13)), 'the nonce of another sealing'),
    changed(flip(sealed, 8), 'a bit of the nonce'),
    changed(flip(sealed, 13 * 8), 'a bit of the ciphertext'),
    changed(flip(sealed, sealed.length * 8 - 1), 'a bit of the tag'),
    changed(sealed.subarray(0, -1), 'one byte short'),
    changed(concat(sealed, Uint8Array.of(0)), 'one byte long'),
    changed(flip(sealed, 0), 'an older version', 'envelope_malformed'),
    changed(flip(sealed, 1), 'a later version', 'envelope_malformed'),
    changed(flip(sealed, 5), 'the first byte of a peppered value', 'envelope_malformed'),
    changed(sealed.subarray(0, 28), 'too short for nonce and tag', 'envelope_malformed'),
    changed(NOTHING, 'nothing', 'envelope_malformed'),
    {
      ...changed(await seal(Uint8Array.of(0xc3, 0x28)), 'what was sealed is not UTF-8', 'envelope_malformed'),
      as: 'text',
    },
  ];
}

export async function pepperedVectors(): Promise<Corpus['peppered']> {
  const keys = [
    { id: 7, key: hex(KEK) },
    { id: 9, key: hex(KEK) },
  ];
  const sealed = await sealPeppered(
    { id: 7, key: await importBoxKey(KEK) },
    placeOf(PASSWORD),
    SECRET,
    NONCE,
  );
  const good = { keys, place: PASSWORD, sealed: hex(sealed) };
  const changed = (bytes: Uint8Array, why: string, refused?: string) =>
    spoiled({ ...good, sealed: hex(bytes) }, why, refused);
  return [
    { ...good, plaintext: hex(SECRET) },
    spoiled({ ...good, place: { ...PASSWORD, fields: ['p2'] } }, "somebody else's password"),
    changed(renamed(sealed, 9), 'names another id of the same key'),
    changed(renamed(sealed, 10), 'names a service key that is not there', 'key_unknown'),
    changed(flip(sealed, sealed.length * 8 - 1), 'a bit of the tag'),
    changed(sealed.subarray(0, -1), 'one byte short'),
    changed(flip(sealed, 1), 'another version', 'envelope_malformed'),
    changed(sealed.subarray(0, 32), 'too short for nonce and tag', 'envelope_malformed'),
  ];
}

export async function lookupVectors(): Promise<Corpus['lookup']> {
  const key = await importLookupKey(KEK);
  const hashed = async (label: string, value: string) => {
    return { key: hex(KEK), label, value, hash: hex(await hashForLookup(key, label, value)) };
  };
  return [
    await hashed('sotto/address/1', 'ada@example.com'),
    await hashed('sotto/address/2', 'ada@example.com'),
    await hashed('sotto/address/1', ''),
  ];
}

export async function tokenVectors(): Promise<Corpus['token']> {
  const named = async (seed: Uint8Array<ArrayBuffer>) => {
    const { x, kid } = (await importSigningKey(seed)).jwk;
    return { seed: hex(seed), x, kid };
  };
  return [await named(SECRET), await named(KEK)];
}
