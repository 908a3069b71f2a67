/**
 * A backup's manifest: a signed note, as the ledger's heads are, over the tree of its list of parts. It names the backup
 * before it, so that none can be left out or put in another's place.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import canonicalize from 'canonicalize';
import * as v from 'valibot';
import {
  checkpointText,
  Edge,
  fromBase64,
  type Hash,
  leafBytes,
  leafHash,
  type NoteKey,
  openNote,
  readVerifierKey,
  signNote,
  toBase64,
  verifierKey,
} from '../ledger-proof.ts';

/** How many bytes, and their SHA-256 in base64. */
export type Digest = { bytes: number; sha256: string };
/** One object in the bucket. `opened`: where it is an OpenPGP message, what is in that. */
export type Part = Digest & { name: string; opened?: Digest };

export type Manifest = {
  /** Whose backup: the address of the deployment, without its scheme, and `/backup`. */
  origin: string;
  number: number;
  /** When it was begun: Unix milliseconds. */
  at: number;
  /** Whether it needs none before it. */
  full: boolean;
  /** The backup before it, and the SHA-256 of its manifest; null: there was none. */
  previous: { number: number; hash: string } | null;
  /** Entries of the ledger before this one are in it, or in those that it builds upon. */
  ledger: number;
  parts: number;
  root: Hash;
  /** Each part is an OpenPGP message to the key with this fingerprint; undefined: none is. */
  openpgp?: string;
};

const format = 'sotto-backup/1';
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const hash = v.pipe(
  v.string(),
  v.check((text) => fromBase64(text)?.length === 32, 'not a hash'),
);
const headSchema = v.strictObject({
  at: count,
  format: v.literal(format),
  full: v.boolean(),
  key: v.string(),
  ledger: count,
  number: v.pipe(count, v.minValue(1)),
  openpgp: v.exactOptional(v.pipe(v.string(), v.regex(/^(?:[0-9A-F]{40}|[0-9A-F]{64})$/))),
  previous: v.nullable(v.strictObject({ hash, number: v.pipe(count, v.minValue(1)) })),
});
const digestSchema = v.strictObject({ bytes: count, sha256: hash });
const partSchema = v.strictObject({
  ...digestSchema.entries,
  name: v.pipe(v.string(), v.minLength(1)),
  opened: v.exactOptional(digestSchema),
});

/** Eight digits, so that names in their order are numbers in theirs. */
export function nameOfNumber(number: number): string {
  return String(number).padStart(8, '0');
}

export const manifestName = (number: number) => `${nameOfNumber(number)}/manifest`;
export const partsName = (number: number) => `${nameOfNumber(number)}/parts`;

/** The leaf of a part, and its line in the list. */
export function partLine({ name, bytes, sha256, opened }: Part): string {
  return canonicalize({ bytes, name, sha256, ...(opened && { opened }) }) ?? '';
}

export function listOf(parts: readonly Part[]): string {
  return parts.map((part) => `${partLine(part)}\n`).join('');
}

/** The parts of a list, in its order; undefined for a line that is none, or not in its one spelling. */
export function readList(text: string): (Part | undefined)[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n').map(readPart);
}

function readPart(line: string): Part | undefined {
  try {
    const part = v.parse(partSchema, JSON.parse(line));
    return partLine(part) === line ? part : undefined;
  } catch {
    return undefined;
  }
}

/** The root of the tree whose leaves are the lines of the list (RFC 6962, section 2.1). */
export function partsRoot(parts: Iterable<Part>): Hash {
  const edge = new Edge();
  for (const part of parts) edge.push(leafHash(leafBytes(partLine(part))));
  return edge.root();
}

/** @param sign by the private half of this key (Ed25519) */
export async function writeManifest(
  { origin, parts, root, ...head }: Manifest,
  publicKey: Uint8Array,
  sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>,
): Promise<string> {
  const key = { name: origin, publicKey };
  const said = canonicalize({ ...head, format, key: verifierKey(key) }) ?? '';
  return signNote(`${checkpointText({ origin, size: parts, root })}${said}\n`, key, sign);
}

/**
 * What a manifest says, if the key that it names has signed it.
 *
 * @param trusted if there are any, that key has to be one of them
 * @returns undefined: not a manifest, changed, or signed by another
 */
export async function readManifest(
  note: string,
  trusted: readonly NoteKey[] = [],
): Promise<(Manifest & { key: string }) | undefined> {
  const lines = note.split('\n');
  const { format: _, key: named, ...head } = headIn(lines[3]) ?? {};
  const key = named === undefined ? undefined : readVerifierKey(named);
  const [origin, size, encoded] = lines;
  if (named === undefined || key === undefined || key.name !== origin) return undefined;
  if (trusted.length > 0 && !trusted.some((each) => verifierKey(each) === named)) return undefined;
  const text = await openNote(note, [key]);
  const root = fromBase64(encoded ?? '');
  const isShape = text?.split('\n').length === 5 && /^(0|[1-9]\d{0,14})$/.test(size ?? '');
  if (!isShape || root?.length !== 32) return undefined;
  return {
    ...(head as Omit<v.InferOutput<typeof headSchema>, 'format' | 'key'>),
    origin,
    key: named,
    root,
    parts: Number(size),
  };
}

function headIn(line = ''): v.InferOutput<typeof headSchema> | undefined {
  try {
    const head = v.parse(headSchema, JSON.parse(line));
    return canonicalize(head) === line ? head : undefined;
  } catch {
    return undefined;
  }
}

/** The SHA-256 of a manifest as it lies there, in base64: what its successor, and the ledger, name it by. */
export function manifestHash(note: string): string {
  return toBase64(sha256(new TextEncoder().encode(note)));
}
