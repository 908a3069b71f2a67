import { bind } from './binding.ts';
import { FORMS, importBoxKey, openBox, readHeader, sealBox } from './box.ts';
import { concat, fromBase64url, randomBytes, readU32, u32, type CryptoKey } from './bytes.ts';
import type { Keyring } from './keyring.ts';
import { importSigningKey } from './signing-key.ts';

/*
 * The outer layer of a backup. Its keys come from the roots themselves and not from service keys, which lie in the
 * database: a backup is opened where there is no database yet. Each object has a key of its own, which lies wrapped in its
 * header; so nothing but KEYRING is needed, and no key seals more than one thing.
 */

const NOTHING = new Uint8Array(0);

/** @param name that it will have in the bucket; under another one it does not open */
export async function sealBackup(keyring: Keyring, name: string, plain: Uint8Array): Promise<Uint8Array> {
  const root = keyring.active;
  const secret = randomBytes(32);
  const wrapping = await keyring.derive(root, 'wrap/backup');
  const wrapped = await sealBox(FORMS.service, wrapping, NOTHING, keyPlace(name, root), secret);
  const key = await importBoxKey(secret);
  secret.fill(0);
  return sealBox(FORMS.backup, key, concat(u32(root), wrapped), partPlace(name), plain);
}

/**
 * @throws VaultError `envelope_malformed`; `key_unknown`: its root is not in this keyring; `envelope_refused`: changed,
 *   of another name, or of another deployment
 */
export async function openBackup(keyring: Keyring, name: string, sealed: Uint8Array): Promise<Uint8Array> {
  const header = readHeader(FORMS.backup, sealed);
  const root = readU32(header, 1);
  const wrapping = await keyring.derive(root, 'wrap/backup');
  const secret = await openBox(FORMS.service, wrapping, keyPlace(name, root), header.subarray(5));
  const key = await importBoxKey(secret);
  secret.fill(0);
  return openBox(FORMS.backup, key, partPlace(name), sealed);
}

/** The key that signs what a backup holds (Ed25519): of the active root, so that each keyring has the same one. */
export function backupKey(keyring: Keyring): Promise<BackupKey> {
  return backupKeyOf(keyring, keyring.active);
}

/** The public halves of all keys that may have signed a backup: one for each root, the active one first. */
export async function backupKeys(keyring: Keyring): Promise<Uint8Array[]> {
  const keys = await Promise.all(keyring.numbers.map((root) => backupKeyOf(keyring, root)));
  return keys.map(({ publicKey }) => publicKey);
}

type BackupKey = { privateKey: CryptoKey; publicKey: Uint8Array };

async function backupKeyOf(keyring: Keyring, root: number): Promise<BackupKey> {
  const seed = await keyring.seed(root, 'sign/backup');
  const { privateKey, jwk } = await importSigningKey(seed);
  seed.fill(0);
  return { privateKey, publicKey: fromBase64url(jwk.x) ?? NOTHING };
}

function keyPlace(name: string, root: number): Uint8Array {
  return bind('sotto/backup-key/1', [name, root]);
}

function partPlace(name: string): Uint8Array {
  return bind('sotto/backup-part/1', [name]);
}
