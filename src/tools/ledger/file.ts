/** An exported ledger, read line by line: a file may be larger than memory. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LedgerLine } from '../../protocol/ledger.ts';
import {
  type Checkpoint,
  fromBase64,
  type NoteKey,
  readCheckpoint,
  readVerifierKey,
  Verification,
} from '../../vault.ts';
import { Halt } from '../halt.ts';

export type Read = {
  verification: Verification;
  /** Signed by one of the keys, from the file and those that were brought. */
  heads: Checkpoint[];
  /** How many notes of the file were signed by none of them: they prove nothing, for or against. */
  unsigned: number;
  leafOf: (seq: number) => string | undefined;
};

/**
 * @param brought notes and keys that were kept elsewhere; with keys, those in the file are not believed
 * @param keep the one entry whose text is wanted
 * @throws {Halt} not such a file
 */
export async function readLedger(
  path: string,
  brought: { notes: readonly string[]; keys: readonly string[] },
  keep?: number,
): Promise<Read> {
  const verification = new Verification();
  const notes: string[] = [];
  let keys = brought.keys;
  let kept: string | undefined;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (text === '') continue;
    const line = parsed(text);
    if ('leaf' in line) {
      verification.entry(line.seq, line.leaf);
      if (line.seq === keep) kept = line.leaf;
    } else if ('tile' in line) verification.tile(...line.tile, fromBase64(line.hashes) ?? new Uint8Array());
    else {
      notes.push(...line.checkpoints);
      if (keys.length === 0) ({ keys } = line);
    }
  }
  const known = keys.map(keyFrom);
  const signed = async (some: readonly string[]) => {
    const read = await Promise.all(some.map((note) => readCheckpoint(note, known)));
    return read.filter((head) => head !== undefined);
  };
  const own = await signed(brought.notes);
  if (own.length < brought.notes.length)
    throw new Halt('A checkpoint that you brought is signed by none of these keys, or is none.');
  const heads = await signed(notes);
  return {
    verification,
    heads: [...own, ...heads],
    unsigned: notes.length - heads.length,
    leafOf: (seq) => (seq === keep ? kept : undefined),
  };
}

function parsed(text: string): LedgerLine {
  try {
    const line: unknown = JSON.parse(text);
    if (typeof line === 'object' && line !== null && ('leaf' in line || 'tile' in line || 'format' in line))
      return line as LedgerLine;
  } catch {
    // Said below.
  }
  throw new Halt(
    'This is not the file of a ledger: a line of it is neither a head, nor an entry, nor a tile.',
  );
}

function keyFrom(text: string): NoteKey {
  const key = readVerifierKey(text);
  if (key === undefined) throw new Halt('A key is written name+id+key, as /ledger/keys says it.');
  return key;
}
