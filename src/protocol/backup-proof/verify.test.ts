import { beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  listOf,
  manifestHash,
  manifestName,
  type Part,
  partsName,
  partsRoot,
  writeManifest,
} from './manifest.ts';
import { toBase64, verifierKey } from '../ledger-proof.ts';
import { type Shelf, verifyBackups } from './verify.ts';

const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer);
const sign = (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.sign('Ed25519', pair.privateKey, bytes);
const utf8 = (text: string) => new TextEncoder().encode(text);

let there: Map<string, Uint8Array>;
let hashes: string[];
const shelf: Shelf = {
  names: () => Promise.resolve([...there.keys()]),
  read: (name) => Promise.resolve(there.get(name)),
  digest: (name) => {
    const bytes = there.get(name);
    return Promise.resolve(bytes && { bytes: bytes.length, sha256: toBase64(sha256(bytes)) });
  },
};
const wrong = async (known?: Parameters<typeof verifyBackups>[1]) =>
  (await verifyBackups(shelf, known)).wrong;

async function make(
  number: number,
  full: boolean,
  parts: string[],
  origin = 'sotto.test/backup',
): Promise<void> {
  const list: Part[] = parts.map((text, n) => {
    const name = `${String(number).padStart(8, '0')}/${n}`;
    there.set(name, utf8(text));
    return { name, bytes: utf8(text).length, sha256: toBase64(sha256(utf8(text))) };
  });
  const before = hashes.at(-1);
  const previous = before === undefined ? null : { number: number - 1, hash: before };
  const note = await writeManifest(
    { origin, number, at: 1, full, previous, ledger: 0, parts: list.length, root: partsRoot(list) },
    publicKey,
    sign,
  );
  hashes.push(manifestHash(note));
  there.set(manifestName(number), utf8(note));
  there.set(partsName(number), utf8(listOf(list)));
}

beforeEach(async () => {
  there = new Map();
  hashes = [];
  await make(1, true, ['one', 'two', 'three']);
  await make(2, false, ['four', 'five']);
  await make(3, false, []);
});

describe('R5 a folder of backups', () => {
  test('is whole as it was made, and says what lies in it', async () => {
    const { backups, wrong } = await verifyBackups(shelf, { newest: hashes[2] });
    expect(wrong).toBeNull();
    expect(backups.map(({ number, parts, bytes, full }) => [number, parts, bytes, full])).toEqual([
      [1, 3, 11, true],
      [2, 2, 8, false],
      [3, 0, 0, false],
    ]);
    expect(backups.map(({ hash }) => hash)).toEqual(hashes);
  });

  test('is whole from a full backup on, and not from one that builds upon another', async () => {
    await make(4, true, ['all']);
    for (const name of [...there.keys()]) if (/^0000000[12]/.test(name)) there.delete(name);
    expect(await wrong()).toEqual({
      where: '00000003/manifest',
      what: 'builds upon backup 2, which is missing',
    });
    for (const name of [...there.keys()]) if (/^00000003/.test(name)) there.delete(name);
    expect(await wrong()).toBeNull();
  });
});

describe('R5 what is wrong in a folder of backups is named', () => {
  test('a part that is changed, cut, missing, or another’s', async () => {
    const name = '00000001/1';
    there.set(name, utf8('twO'));
    expect(await wrong()).toEqual({ where: name, what: 'is not what was signed' });
    there.set(name, utf8('tw'));
    expect(await wrong()).toEqual({ where: name, what: 'has 2 bytes instead of 3' });
    there.delete(name);
    expect(await wrong()).toEqual({ where: name, what: 'is missing' });
    there.set(name, utf8('one'));
    there.set('00000001/0', utf8('two'));
    expect(await wrong()).toEqual({ where: '00000001/0', what: 'is not what was signed' });
  });

  test('a list that is changed, cut, lengthened, or in another order', async () => {
    const name = partsName(1);
    const lines = new TextDecoder().decode(there.get(name)).split('\n').slice(0, -1);
    const list = (some: string[]) => there.set(name, utf8(some.map((line) => `${line}\n`).join('')));
    list(lines.toReversed());
    expect(await wrong()).toEqual({
      where: name,
      what: 'is not the list that was signed, or not in its order',
    });
    list(lines.slice(0, 2));
    expect(await wrong()).toEqual({ where: name, what: 'names 2 parts instead of 3' });
    list([...lines, ...lines.slice(0, 1)]);
    expect(await wrong()).toEqual({ where: name, what: 'names 4 parts instead of 3' });
    list(lines.map((line, at) => (at === 1 ? line.replace('"bytes":3', '"bytes":4') : line)));
    expect(await wrong()).toEqual({
      where: name,
      what: 'is not the list that was signed, or not in its order',
    });
    list(lines.map((line, at) => (at === 1 ? `${line} ` : line)));
    expect(await wrong()).toEqual({ where: name, what: 'has a line that is none: 2' });
    there.delete(name);
    expect(await wrong()).toEqual({ where: name, what: 'is missing' });
  });

  test('a manifest that anything was changed in', async () => {
    const name = manifestName(2);
    const note = new TextDecoder().decode(there.get(name));
    for (let at = 0; at < note.length; at++) {
      const other = note[at] === 'x' ? 'y' : 'x';
      there.set(name, utf8(note.slice(0, at) + other + note.slice(at + 1)));
      expect((await wrong())?.where).toBe(name);
    }
    there.set(name, utf8(`${note}\n`));
    expect((await wrong())?.where).toBe(name);
  });

  test('an older backup in the place of a newer one', async () => {
    const older = (name: string) => name.replace('00000003', '00000002');
    for (const name of [...there.keys()].filter((each) => each.startsWith('00000003')))
      there.set(name, there.get(older(name)) ?? new Uint8Array());
    expect(await wrong()).toEqual({
      where: manifestName(3),
      what: 'is the manifest of backup 2, put in the place of another',
    });
  });

  test('a backup that was left out in between, or at the end by what is known of the newest', async () => {
    const drop = (number: string) => {
      for (const name of [...there.keys()]) if (name.startsWith(number)) there.delete(name);
    };
    await make(4, true, ['all']);
    drop('00000003');
    expect(await wrong()).toEqual({ where: manifestName(4), what: 'follows backup 3, and not backup 2' });
    drop('00000004');
    expect(await wrong()).toBeNull();
    expect(await wrong({ newest: hashes[3] })).toEqual({
      where: manifestName(2),
      what: 'is not the newest: another one has been',
    });
    there.delete(manifestName(1));
    expect(await wrong()).toEqual({ where: manifestName(1), what: 'is missing' });
  });

  test('a backup that was made anew by the right key, but is not the one that was followed', async () => {
    const [first = ''] = hashes;
    hashes = [first];
    await make(2, false, ['four', 'forged']);
    expect(await wrong()).toEqual({ where: manifestName(2), what: 'is not the one that backup 3 follows' });
  });

  test('a key that is not the one that was given another time', async () => {
    const [backup] = (await verifyBackups(shelf)).backups;
    expect(await wrong({ keys: [backup?.key ?? ''] })).toBeNull();
    const other = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
    const named = verifierKey({
      name: 'sotto.test/backup',
      publicKey: new Uint8Array((await crypto.subtle.exportKey('raw', other.publicKey)) as ArrayBuffer),
    });
    expect((await wrong({ keys: [named] }))?.where).toBe(manifestName(1));
    expect((await wrong({ keys: ['nothing'] }))?.where).toBe('--key');
    there = new Map();
    expect(await wrong()).toEqual({ where: '.', what: 'holds no backup' });
  });
});
