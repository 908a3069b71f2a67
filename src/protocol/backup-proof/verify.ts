/** What a folder of backups proves: every object of every backup in it, their order, and whose they are. */
import { type NoteKey, readVerifierKey, toBase64 } from '../ledger-proof.ts';
import {
  type Digest,
  type Manifest,
  manifestHash,
  manifestName,
  nameOfNumber,
  type Part,
  partsName,
  partsRoot,
  readList,
  readManifest,
} from './manifest.ts';

/** Where backups lie: the bucket, or a folder that was downloaded. */
export type Shelf = {
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array | undefined>;
  /** The length and the SHA-256, in base64, of what lies there: read in pieces, however much it is. */
  digest(name: string): Promise<Digest | undefined>;
};
/** What was given another time: the keys that are believed, and the hash of the newest manifest. */
export type Known = { keys?: readonly string[]; newest?: string | undefined };
export type Checked = {
  backups: (Manifest & { key: string; hash: string; bytes: number })[];
  /** The first that is not as it was signed, by its name, and what is wrong with it; null: nothing is. */
  wrong: { where: string; what: string } | null;
};

const isManifest = /^(\d{8,15})\/manifest$/;

/** What is not as it was signed: its name, and what is wrong with it. */
export class Wrong extends Error {
  readonly where: string;
  constructor(where: string, what: string) {
    super(what);
    this.where = where;
  }
}

/** Verifies all backups that lie there, the oldest first, up to the first that is wrong. */
export async function verifyBackups(shelf: Shelf, { keys = [], newest }: Known = {}): Promise<Checked> {
  const backups: Checked['backups'] = [];
  try {
    const trusted = keys.map((text) => readVerifierKey(text) ?? raise('--key', 'is not a key of a backup'));
    for await (const head of headsOf(shelf, trusted))
      backups.push({ ...head, bytes: await verifyParts(shelf, head) });
    isNewest(backups, newest);
    return { backups, wrong: null };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { backups, wrong: { where: error.where, what: error.message } };
  }
}

/** A manifest, with its hash. */
export type Head = Manifest & { key: string; hash: string };

/**
 * The manifests alone, the oldest first, each held against the one before it.
 * @param upTo those behind this one are passed over
 * @throws {Wrong} at the first that is wrong
 */
export async function readHeads(
  shelf: Shelf,
  { trusted, newest, upTo }: { trusted: readonly NoteKey[]; newest?: string | undefined; upTo?: number },
): Promise<Head[]> {
  const heads: Head[] = [];
  for await (const head of headsOf(shelf, trusted, upTo)) heads.push(head);
  isNewest(heads, newest);
  return heads;
}

/** One manifest alone. @throws {Wrong} */
export async function readHead(shelf: Shelf, number: number, trusted: readonly NoteKey[]): Promise<Head> {
  return manifestOf(shelf, number, trusted);
}

/** The backups that this one builds upon, the full one first, and itself. @throws {Wrong} at the first that is wrong */
export async function readChain(shelf: Shelf, number: number, trusted: readonly NoteKey[]): Promise<Head[]> {
  const head = await manifestOf(shelf, number, trusted);
  if (head.full) return [head];
  const { previous } = head;
  if (previous === null) raise(manifestName(number), 'builds upon nothing, and is not full');
  const chain = await readChain(shelf, previous.number, trusted);
  follows(head, chain.at(-1));
  return [...chain, head];
}

async function* headsOf(shelf: Shelf, trusted: readonly NoteKey[], upTo = Infinity): AsyncGenerator<Head> {
  const numbers = numbersIn((await shelf.names()).filter((name) => !(Number(name.split('/')[0]) > upTo)));
  if (numbers.length === 0) raise('.', 'holds no backup');
  let before: Head | undefined;
  for (const number of numbers) {
    const head = await manifestOf(shelf, number, trusted);
    follows(head, before);
    yield head;
    before = head;
  }
}

function isNewest(heads: readonly Head[], newest: string | undefined): void {
  const last = heads.at(-1);
  if (newest !== undefined && last?.hash !== newest)
    raise(
      manifestName(last?.number ?? 0),
      isAmong(heads, newest) ?? 'is not the newest: another one has been',
    );
}

/** Whether the bytes of a part are those that were signed, or those below its layer of OpenPGP; else what is wrong. */
export async function checkPart(shelf: Shelf, part: Part, as: Reading = 'it lies'): Promise<string | null> {
  const there = await shelf.digest(part.name);
  return there === undefined ? 'is missing' : flawOf(part, there, as);
}

/** What is to be done with a part: it is only looked at, or opened, which a layer of OpenPGP would not let. */
type Reading = 'it lies' | 'it opens';

/** As `checkPart`, of what was read. */
export function flawOf({ bytes, sha256, opened }: Part, there: Digest, as: Reading): string | null {
  if (there.bytes === opened?.bytes && there.sha256 === opened.sha256) return null;
  if (there.bytes !== bytes) return `has ${there.bytes} bytes instead of ${bytes}`;
  if (there.sha256 !== sha256) return 'is not what was signed';
  const isSealed = opened !== undefined && as === 'it opens';
  return isSealed ? 'is sealed to an OpenPGP key, and has to be decrypted before it is put back' : null;
}

/** Behind the newest manifest lies what is being made, or what became of nothing; before it none may be missing. */
function numbersIn(names: readonly string[]): number[] {
  const folders = new Set(names.flatMap((name) => /^(\d{8,15})\//.exec(name)?.[1] ?? []));
  const manifests = names.flatMap((name) => isManifest.exec(name)?.[1] ?? []).toSorted();
  const missing = [...folders].toSorted().find((folder) => !manifests.includes(folder));
  if (missing !== undefined && manifests.some((folder) => folder > missing))
    raise(`${missing}/manifest`, 'is missing');
  return manifests.map(Number);
}

async function manifestOf(shelf: Shelf, number: number, trusted: readonly NoteKey[]): Promise<Head> {
  const name = manifestName(number);
  const bytes = (await shelf.read(name)) ?? raise(name, 'is missing');
  const note = new TextDecoder().decode(bytes);
  const manifest =
    (await readManifest(note, trusted)) ?? raise(name, 'is not a manifest that its key has signed');
  if (manifest.number !== number)
    raise(name, `is the manifest of backup ${manifest.number}, put in the place of another`);
  return { ...manifest, hash: manifestHash(note) };
}

/** Whether it may stand behind this one, or at the beginning. */
function follows(manifest: Manifest, before: Head | undefined): void {
  const { number, previous, full, origin } = manifest;
  const name = manifestName(number);
  if (before === undefined) {
    if (!full) raise(name, `builds upon backup ${previous?.number ?? number - 1}, which is missing`);
    return;
  }
  if (origin !== before.origin) raise(name, 'is of another deployment than the one before it');
  if (previous === null || previous.number !== before.number)
    raise(name, `follows backup ${previous?.number ?? 'none'}, and not backup ${before.number}`);
  if (previous.hash !== before.hash)
    raise(manifestName(before.number), `is not the one that backup ${number} follows`);
}

/** @returns how many bytes they are */
async function verifyParts(shelf: Shelf, manifest: Manifest): Promise<number> {
  const parts = await readParts(shelf, manifest);
  for (const part of parts) {
    const what = await checkPart(shelf, part);
    if (what !== null) raise(part.name, what);
  }
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The list of a backup's parts as its manifest has signed it. @throws {Wrong} it is another one */
export async function readParts(shelf: Shelf, manifest: Manifest): Promise<Part[]> {
  const name = partsName(manifest.number);
  const listed = await shelf.read(name);
  if (listed === undefined) raise(name, 'is missing');
  const lines = readList(new TextDecoder().decode(listed));
  const parts = lines.map((part, line) => part ?? raise(name, `has a line that is none: ${line + 1}`));
  if (parts.length !== manifest.parts)
    raise(name, `names ${parts.length} parts instead of ${manifest.parts}`);
  if (toBase64(partsRoot(parts)) !== toBase64(manifest.root))
    raise(name, 'is not the list that was signed, or not in its order');
  return parts;
}

function isAmong(backups: readonly Head[], hash: string): string | undefined {
  const found = backups.find((each) => each.hash === hash);
  return found && `is newer than the one that was named, ${nameOfNumber(found.number)}`;
}

function raise(where: string, what: string): never {
  throw new Wrong(where, what);
}
