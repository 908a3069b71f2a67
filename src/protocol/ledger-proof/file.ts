/** An exported ledger, read piece by piece: a file may be larger than memory. */
import type { LedgerLine } from '../ledger.ts';
import { type Checkpoint, fromBase64, type NoteKey, readCheckpoint, readVerifierKey } from './note.ts';
import { Verification } from './verify.ts';

/** Notes and keys that were kept elsewhere; with keys, those in the file are not believed. */
export type Brought = { notes: readonly string[]; keys: readonly string[] };

export type Read = {
  verification: Verification;
  /** Signed by one of the keys, from the file and those that were brought. */
  heads: Checkpoint[];
  /** How many notes of the file were signed by none of them: they prove nothing, for or against. */
  unsigned: number;
};

/** Why nothing can be said of a file, or proved from it, in words for whoever brought it. */
export class LedgerFileError extends Error {
  override readonly name = 'LedgerFileError';
}

/** The pieces of a file, in their order; where it is cut does not matter. */
type Pieces = AsyncIterable<Uint8Array>;

/** What a file says of itself that holds only what was looked for. */
export const selectionFormat = 'sotto-ledger-selection/1';

/** In UTF-16 units. No line of a ledger is nearly as long, and what has none would fill the memory. */
const longestLine = 2 ** 24;

/** @throws {LedgerFileError} it is not such a file, or what was brought beside it is none */
export async function readLedger(pieces: Pieces, brought: Brought): Promise<Read> {
  const own = brought.keys.map(keyFrom);
  const verification = new Verification();
  const notes: string[] = [];
  const named: string[] = [];
  for await (const lines of linesIn(pieces))
    for (const line of lines)
      if ('leaf' in line) verification.entry(line.seq, line.leaf);
      else if ('tile' in line) verification.tile(...line.tile, fromBase64(line.hashes) ?? new Uint8Array());
      else {
        notes.push(...line.checkpoints);
        named.push(...line.keys);
      }
  const keys = own.length > 0 ? own : named.map(keyFrom);
  const kept = await signed(brought.notes, keys);
  if (kept.length < brought.notes.length)
    throw new LedgerFileError('A checkpoint that you brought is signed by none of these keys, or is none.');
  const heads = await signed(notes, keys);
  return { verification, heads: [...kept, ...heads], unsigned: notes.length - heads.length };
}

/** The text of one entry, counted from 0. */
export async function leafIn(pieces: Pieces, place: number): Promise<string | undefined> {
  let at = 0;
  for await (const lines of linesIn(pieces))
    for (const line of lines) if ('leaf' in line && at++ === place) return line.leaf;
  return undefined;
}

/** By piece: to wait for each line would take longer than to read it. */
async function* linesIn(pieces: Pieces): AsyncGenerator<LedgerLine[]> {
  let before = 0;
  for await (const texts of textsIn(pieces)) {
    yield texts.flatMap((text, at) => (text === '' ? [] : [parsed(text, before + at + 1)]));
    before += texts.length;
  }
}

async function* textsIn(pieces: Pieces): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    const texts = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = texts.pop() ?? '';
    yield texts;
    // It is said below that what there is of it is none.
    if (rest.length > longestLine) break;
  }
  yield [rest + decoder.decode()];
}

function parsed(text: string, number: number): LedgerLine {
  const line = jsonIn(text);
  if (isLine(line)) return line;
  if (isSelection(line))
    throw new LedgerFileError(
      'This is a selection of a ledger, which proves nothing. Take the whole ledger along, and verify that.',
    );
  throw new LedgerFileError(
    `This is not the file of a ledger: line ${number} of it is neither a head, nor an entry, nor a tile.`,
  );
}

/** Undefined: it is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSelection(line: unknown): boolean {
  return typeof line === 'object' && line !== null && 'format' in line && line.format === selectionFormat;
}

function isLine(line: unknown): line is LedgerLine {
  if (typeof line !== 'object' || line === null) return false;
  if ('leaf' in line) return typeof line.leaf === 'string';
  if ('tile' in line)
    return areOf('number', line.tile, 2) && 'hashes' in line && typeof line.hashes === 'string';
  return (
    'keys' in line && areOf('string', line.keys) && 'checkpoints' in line && areOf('string', line.checkpoints)
  );
}

function areOf(type: 'string' | 'number', list: unknown, count?: number): boolean {
  if (!Array.isArray(list) || list.length !== (count ?? list.length)) return false;
  return list.every((each) => typeof each === type);
}

async function signed(notes: readonly string[], keys: readonly NoteKey[]): Promise<Checkpoint[]> {
  const read = await Promise.all(notes.map((note) => readCheckpoint(note, keys)));
  return read.filter((head) => head !== undefined);
}

function keyFrom(text: string): NoteKey {
  const key = readVerifierKey(text);
  if (key === undefined) throw new LedgerFileError('A key is written name+id+key, as /ledger/keys says it.');
  return key;
}
