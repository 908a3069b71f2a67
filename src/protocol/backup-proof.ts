/*
 * WHAT PROVES A BACKUP, for whoever makes and whoever verifies it: its manifest, and what a folder of them proves without
 * any secret. The format: docs/BACKUPS.md.
 */
export {
  type Digest,
  listOf,
  type Manifest,
  manifestHash,
  manifestName,
  nameOfNumber,
  type Part,
  partLine,
  partsName,
  partsRoot,
  readList,
  readManifest,
  writeManifest,
} from './backup-proof/manifest.ts';
export {
  type Checked,
  checkPart,
  flawOf,
  type Head,
  readChain,
  readHead,
  readHeads,
  readParts,
  type Shelf,
  verifyBackups,
  Wrong,
} from './backup-proof/verify.ts';
