/*
 * WHAT PROVES THE LEDGER, for whoever writes it and whoever verifies it, wherever they are: the bytes of an entry, the
 * tree, its signed heads, and what an exported file proves. Knows no key but public ones. The format: docs/LEDGER.md.
 */
export {
  bundleOf,
  Edge,
  hashesOf,
  partsOf,
  type Tile,
  tilePath,
  tilesIn,
  tilesOf,
} from './ledger-proof/edge.ts';
export {
  type Brought,
  leafIn,
  LedgerFileError,
  type Read,
  readLedger,
  selectionFormat,
} from './ledger-proof/file.ts';
export {
  type Details,
  type Entry,
  type Facts,
  leafBytes,
  leafText,
  type Outcome,
  readLeaf,
} from './ledger-proof/leaf.ts';
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
} from './ledger-proof/merkle.ts';
export {
  type Checkpoint,
  checkpointText,
  fromBase64,
  type NoteKey,
  openNote,
  readCheckpoint,
  readVerifierKey,
  signNote,
  toBase64,
  verifierKey,
} from './ledger-proof/note.ts';
export { proofOfEntry, proofSince, type Report, report } from './ledger-proof/report.ts';
export { type Finding, Verification, type Verdict } from './ledger-proof/verify.ts';
