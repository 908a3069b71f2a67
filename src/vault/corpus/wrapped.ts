import { FORMS, importBoxKey, sealBox } from '../box.ts';
import { concat, u32 } from '../bytes.ts';
import { bothRoots, flip, NEW_ROOT, OLD_ROOT, run } from '../cast.ts';
import { splitSecret } from '../envelope.ts';
import { wrapRecord } from '../record.ts';
import { wrapServiceKey } from '../service-key.ts';
import {
  hex,
  KEK,
  NONCE,
  OTHER_KEK,
  OTHER_SECRET,
  placeOf,
  renamed,
  SECRET,
  spoiled,
  type Corpus,
  type Place,
} from './format.ts';

/* Keys under keys: a service key under a root, a data key under a service key. */

const CONVERSATION: Place = { label: 'sotto/conversation-key/1', fields: ['c0a8', 0] };
const OTHER_CONVERSATION: Place = { label: 'sotto/conversation-key/1', fields: ['c0a9', 0] };

export async function serviceKeyVectors(): Promise<Corpus['serviceKey']> {
  const roots = await bothRoots();
  const named = { id: 7, purpose: 'data', root: 1 } as const;
  const token = { id: 0xffffffff, purpose: 'token', root: 2 } as const;
  const wrapped = await wrapServiceKey(roots, named, KEK, NONCE);
  const underNew = await wrapServiceKey(roots, { ...named, root: 2 }, KEK, NONCE);
  const wrappedToken = await wrapServiceKey(roots, token, KEK, NONCE);
  const good = { keyring: `${NEW_ROOT},${OLD_ROOT}`, ...named, wrapped: hex(wrapped) };
  const changed = (bytes: Uint8Array, why: string, refused?: string) =>
    spoiled({ ...good, wrapped: hex(bytes) }, why, refused);
  return [
    { ...good, secret: hex(KEK) },
    { ...good, root: 2, wrapped: hex(underNew), secret: hex(KEK) },
    { ...good, ...token, wrapped: hex(wrappedToken), secret: hex(KEK) },
    spoiled({ ...good, id: 8 }, 'a row put under another id'),
    spoiled({ ...good, purpose: 'token' }, 'a row given another purpose'),
    spoiled({ ...good, root: 2 }, 'a row that names another root'),
    spoiled({ ...good, keyring: NEW_ROOT }, 'its root is not in the keyring', 'key_unknown'),
    changed(flip(wrapped, 8), 'a bit of the nonce'),
    changed(flip(wrapped, 13 * 8), 'a bit of the wrapped key'),
    changed(flip(wrapped, wrapped.length * 8 - 1), 'a bit of the tag'),
    changed(flip(wrapped, 0), 'another version', 'envelope_malformed'),
    changed(wrapped.subarray(0, -1), 'one byte short', 'envelope_malformed'),
    changed(concat(wrapped, Uint8Array.of(0)), 'one byte long', 'envelope_malformed'),
  ];
}

export async function recordVectors(): Promise<Corpus['record']> {
  const keys = [
    { id: 7, key: hex(KEK) },
    { id: 8, key: hex(OTHER_KEK) },
    { id: 9, key: hex(KEK) },
  ];
  const kek = { id: 7, key: await importBoxKey(KEK) };
  const place = placeOf(CONVERSATION);
  const { commitment } = await splitSecret(SECRET);
  const record = await wrapRecord(kek, place, SECRET, commitment, NONCE);
  const lying = await wrapRecord(kek, place, OTHER_SECRET, commitment, NONCE);
  const long = await sealBox(FORMS.record, kek.key, concat(u32(7), commitment), place, run(33, 0x40), NONCE);
  const good = { keys, place: CONVERSATION, record: hex(record) };
  const changed = (bytes: Uint8Array, why: string, refused?: string) =>
    spoiled({ ...good, record: hex(bytes) }, why, refused);
  return [
    { ...good, secret: hex(SECRET), commitment: hex(commitment) },
    spoiled({ ...good, place: OTHER_CONVERSATION }, 'moved to another conversation'),
    changed(renamed(record, 8), 'names another service key'),
    changed(renamed(record, 9), 'names another id of the same key'),
    changed(renamed(record, 10), 'names a service key that is not there', 'key_unknown'),
    changed(lying, 'holds another key than it commits to'),
    changed(flip(record, 5 * 8), 'a bit of the commitment'),
    changed(flip(record, 37 * 8), 'a bit of the nonce'),
    changed(flip(record, 49 * 8), 'a bit of the wrapped key'),
    changed(flip(record, record.length * 8 - 1), 'a bit of the tag'),
    changed(flip(record, 0), 'an older version', 'envelope_malformed'),
    changed(flip(record, 1), 'a later version', 'envelope_malformed'),
    changed(record.subarray(0, -1), 'one byte short', 'envelope_malformed'),
    changed(concat(record, Uint8Array.of(0)), 'one byte long', 'envelope_malformed'),
    changed(long, 'a key of 33 bytes, rightly wrapped', 'envelope_malformed'),
    changed(new Uint8Array(0), 'nothing', 'envelope_malformed'),
  ];
}
