import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armor, decrypt, enums, generateKey, readMessage, readPrivateKey, revokeKey, readKey } from 'openpgp';
import { describe, expect, test } from 'vitest';
import { readPgpKey, sealPgp, sealPgpStream } from './pgp.ts';

const year = 365 * 86_400;
const now = Date.parse('2026-11-28T12:00:00Z');
const made = (more: object = {}) =>
  generateKey({
    ...{
      userIDs: [{ name: 'Backups', email: 'backups@harbour.example' }],
      date: new Date(now - 1_000 * year),
    },
    ...more,
  });
const { publicKey, privateKey, revocationCertificate } = await made({ keyExpirationTime: 3 * year });
const flawOf = async (armoured: string, at = now) =>
  readPgpKey(armoured, at).then(
    () => null,
    (error: unknown) => (error as { flaw?: string }).flaw,
  );
const plain = crypto.getRandomValues(new Uint8Array(60_000));

describe('D68 an OpenPGP key', () => {
  test('is known by its fingerprint, whose it is, how it seals and until when', async () => {
    const key = await readPgpKey(publicKey, now);
    expect(key).toMatchObject({
      fingerprint: (await readKey({ armoredKey: publicKey })).getFingerprint().toUpperCase(),
      users: ['Backups <backups@harbour.example>'],
      algorithm: 'curve25519',
      createdAt: now - 1_000 * year,
      expiresAt: now + 2_000 * year,
    });
    expect(await readPgpKey(key.armoured, now)).toEqual(key);
    expect((await readPgpKey((await made()).publicKey, now)).expiresAt).toBeNull();
  });

  test('is not taken where it is private, several, revoked, over, too weak, or nothing can be sealed to it', async () => {
    expect(await flawOf('nothing')).toBe('unreadable');
    expect(await flawOf(publicKey.replace('B', 'C'))).toBe('unreadable');
    expect(await flawOf(privateKey)).toBe('private');
    const key = await readKey({ armoredKey: publicKey });
    const both = new Uint8Array([...key.write(), ...key.write()]);
    expect(await flawOf(armor(enums.armor.publicKey, both))).toBe('several');
    const revoked = await revokeKey({
      key: await readPrivateKey({ armoredKey: privateKey }),
      ...{ revocationCertificate, format: 'armored' },
    });
    expect(await flawOf(revoked.publicKey)).toBe('revoked');
    expect(await flawOf(publicKey, now + 2_001 * year)).toBe('expired');
    expect(await flawOf(publicKey, now - 1_001 * year)).toBe('expired');
    const short = await made({ type: 'rsa', rsaBits: 2048 });
    expect(await flawOf(short.publicKey)).toBe('weak');
    const config = {
      ...{ preferredHashAlgorithm: enums.hash.sha1, nonDeterministicSignaturesViaNotation: false },
    };
    expect(await flawOf((await made({ type: 'rsa', rsaBits: 3072, config })).publicKey)).toBe('weak');
    expect(await flawOf((await made({ subkeys: [{ sign: true }] })).publicKey)).toBe('unusable');
  });
});

describe('R28 what is sealed to an OpenPGP key', () => {
  test('opens with its private half, and no two messages are alike', async () => {
    const [one, other] = [await sealPgp(publicKey, plain, now), await sealPgp(publicKey, plain, now)];
    expect(one).not.toEqual(other);
    const opened = await decrypt({
      message: await readMessage({ binaryMessage: one }),
      decryptionKeys: await readPrivateKey({ armoredKey: privateKey }),
      ...{ format: 'binary', date: new Date(now) },
    });
    expect(opened.data).toEqual(plain);
  });

  test('nothing is, once that key is over', async () => {
    await expect(sealPgp(publicKey, plain, now + 2_001 * year)).rejects.toMatchObject({ flaw: 'expired' });
  });
});

/** Not everybody has it, and nothing of Sotto needs it. */
const hasGnuPg = spawnSync('gpg', ['--version']).status === 0;

test.skipIf(!hasGnuPg)(
  'R28 D69 GnuPG opens what is sealed to a key that it has made',
  { timeout: 60_000 },
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'sotto-gpg-'));
    const gpg = (...given: string[]) =>
      execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--passphrase', '', ...given], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    try {
      gpg('--pinentry-mode', 'loopback', '--quick-generate-key', 'Backups <backups@harbour.example>');
      const armoured = gpg('--armor', '--export-options', 'export-minimal', '--export').toString();
      const shown = gpg('--fingerprint').toString();
      const { fingerprint } = await readPgpKey(armoured, Date.now());
      expect(shown.replaceAll(/\s/g, '')).toContain(fingerprint);
      const [part, open] = [join(home, 'part'), join(home, 'open')];
      writeFileSync(part, await sealPgp(armoured, plain, Date.now()));
      gpg('--output', open, '--decrypt', part);
      expect(new Uint8Array(readFileSync(open))).toEqual(plain);
      const twice = new Blob([plain, plain]).stream() as ReadableStream<Uint8Array>;
      const stream = await sealPgpStream(armoured, twice, Date.now());
      writeFileSync(part, await new Response(stream).bytes());
      gpg('--yes', '--output', open, '--decrypt', part);
      expect(new Uint8Array(readFileSync(open))).toEqual(new Uint8Array([...plain, ...plain]));
    } finally {
      spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
      rmSync(home, { recursive: true, force: true });
    }
  },
);
