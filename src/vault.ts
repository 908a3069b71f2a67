/*
 * KEYS. Knows no person and no chat: what others call a message or a name is a place and some bytes here.
 * The formats and what they promise: docs/ENVELOPE.md.
 */
export { backupKey, backupKeys, openBackup, sealBackup } from './vault/backup.ts';
export { bind, type Field } from './vault/binding.ts';
export type { Range } from './vault/cobblestone.ts';
export type { DataKey } from './vault/envelope.ts';
export { fileKeyPlace, type FileKey, type FilePlace, type ReadPart } from './vault/file-key.ts';
export type { FileManifest, FilePart } from './vault/manifest.ts';
export { commitmentIn, commitmentOf, isSameKey } from './vault/record.ts';
export { keyName, namedKey } from './vault/rotation.ts';
export { fromBase64url, sameBytes, toBase64url } from './vault/bytes.ts';
export { VaultError, type VaultErrorCode } from './vault/error.ts';
export { Keyring, newRoot } from './vault/keyring.ts';
export { REFRESH_MS, RETIRING_MS, Vault, type ServiceKeyInfo, type TokenKeys } from './vault/keys.ts';
export {
  opensServiceKey,
  type KeyTable,
  type ServiceKeyPurpose,
  type ServiceKeyRow,
} from './vault/service-key.ts';
export { keyStore, keyTable, tokenKeyOrders, type KeyStore, type KeyStoreKind } from './vault/store.ts';
export { PgpError, type PgpKey, readPgpKey, sealPgp, sealPgpStream, sealPgpText } from './vault/pgp.ts';
export { detailsKeyPlace, monthOf, openDetails, resealDetails, sealDetails } from './vault/ledger-details.ts';
export { type Due, dueOf, periods } from './vault/periods.ts';
export type { PublicSigningKey } from './vault/signing-key.ts';
