/*
 * KEYS. Knows no person and no chat: what others call a message or a name is a place and some bytes here.
 * The formats and what they promise: docs/ENVELOPE.md.
 */
export { bind, type Field } from './vault/binding.ts';
export type { DataKey } from './vault/envelope.ts';
export { fromBase64url, sameBytes, toBase64url } from './vault/bytes.ts';
export { VaultError, type VaultErrorCode } from './vault/error.ts';
export { Keyring, newRoot } from './vault/keyring.ts';
export { REFRESH_MS, Vault, type ServiceKeyInfo, type TokenKeys } from './vault/keys.ts';
export type { KeyTable, ServiceKeyPurpose, ServiceKeyRow } from './vault/service-key.ts';
export { keyStore, keyTable, tokenKeyOrders, type KeyStore, type KeyStoreKind } from './vault/store.ts';
export {
  type Details,
  detailsKeyPlace,
  type Entry,
  type Facts,
  leafBytes,
  leafText,
  monthOf,
  openDetails,
  type Outcome,
  readLeaf,
  sealDetails,
} from './vault/ledger/entry.ts';
export {
  bundleOf,
  Edge,
  hashesOf,
  partsOf,
  type Tile,
  tilePath,
  tilesIn,
  tilesOf,
} from './vault/ledger/edge.ts';
export {
  consistencyProof,
  foldHashes,
  type Hash,
  hashBytes,
  inclusionProof,
  leafHash,
  provesConsistency,
  provesInclusion,
  rootOf,
  tileWidth,
} from './vault/ledger/merkle.ts';
export {
  type Checkpoint,
  checkpointText,
  fromBase64,
  type NoteKey,
  readCheckpoint,
  readVerifierKey,
  signNote,
  verifierKey,
} from './vault/ledger/note.ts';
export { type Finding, Verification, type Verdict } from './vault/ledger/verify.ts';
export type { PublicSigningKey } from './vault/signing-key.ts';
