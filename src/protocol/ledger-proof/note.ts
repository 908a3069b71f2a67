/** Checkpoints: the tree's head as a signed note (C2SP signed-note, tlog-checkpoint), which a stranger can check. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex as hex, concatBytes as concat, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Hash } from './merkle.ts';

/** Which tree, how many leaves, and its root. */
export type Checkpoint = { origin: string; size: number; root: Hash };
/** A public key under the name that signs; `id` is the four bytes by which a signature names it. */
export type NoteKey = { name: string; publicKey: Uint8Array };

const ed25519 = Uint8Array.of(1);
const dash = '\u2014';
const signatureBytes = 64;

/** The three lines that are signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * @param sign by the private half of this key (Ed25519)
 * @returns the note: the text, an empty line, and the signature's line
 */
export async function signNote(
  text: string,
  key: NoteKey,
  sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>,
): Promise<string> {
  const named = concat(keyId(key), new Uint8Array(await sign(utf8ToBytes(text))));
  return `${text}\n${dash} ${key.name} ${toBase64(named)}\n`;
}

/** The key as verifiers are given it: `name+id+key`. */
export function verifierKey(key: NoteKey): string {
  return `${key.name}+${hex(keyId(key))}+${toBase64(concat(ed25519, key.publicKey))}`;
}

/** Undefined: not such a key, or its id is not its own. */
export function readVerifierKey(text: string): NoteKey | undefined {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || bytes?.length !== 33 || bytes[0] !== 1) return undefined;
  const key = { name, publicKey: bytes.subarray(1) };
  return hex(keyId(key)) === id ? key : undefined;
}

/** @returns undefined: not a note, not a checkpoint, or not signed by the one of these keys that has its origin's name */
export async function readCheckpoint(
  note: string,
  keys: readonly NoteKey[],
): Promise<Checkpoint | undefined> {
  const origin = note.slice(0, note.indexOf('\n'));
  const text = await openNote(
    note,
    keys.filter(({ name }) => name === origin),
  );
  return text === undefined ? undefined : parsed(text);
}

/**
 * What a note says, if one of these keys has signed it. Lines of other signers are passed over.
 *
 * @returns undefined: not a note, or signed by none of them
 */
export async function openNote(note: string, keys: readonly NoteKey[]): Promise<string | undefined> {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  for (const line of lines) if (await isSigned(text, line, keys)) return text;
  return undefined;
}

async function isSigned(text: string, line: string, keys: readonly NoteKey[]): Promise<boolean> {
  const [, name, encoded = ''] = new RegExp(`^${dash} (\\S+) (\\S+)$`).exec(line) ?? [];
  const bytes = fromBase64(encoded);
  const key = keys.find((key) => key.name === name && bytes && hex(keyId(key)) === hex(bytes.subarray(0, 4)));
  if (key === undefined || bytes?.length !== 4 + signatureBytes) return false;
  const publicKey = await crypto.subtle.importKey('raw', concat(key.publicKey), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', publicKey, concat(bytes.subarray(4)), utf8ToBytes(text));
}

function parsed(text: string): Checkpoint | undefined {
  const [, origin, count, encoded] = /^([^\n]+)\n(0|[1-9]\d*)\n([^\n]+)\n/.exec(text) ?? [];
  const root = encoded === undefined ? undefined : fromBase64(encoded);
  const size = Number(count);
  if (origin === undefined || root?.length !== 32 || !Number.isSafeInteger(size)) return undefined;
  return { origin, size, root };
}

function keyId({ name, publicKey }: NoteKey): Uint8Array {
  return sha256(concat(utf8ToBytes(`${name}\n`), ed25519, publicKey)).subarray(0, 4);
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** Undefined for what is not the one way to write these bytes. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : undefined;
}
