/* What docs/vectors/ledger.json is made of. Bytes are hex, but where the format itself says base64; a bad vector says why. */
import type { Details, Entry } from '../../protocol/ledger-proof.ts';

/** `unreadable` … `unproved` of an export are what the verifier finds (`Finding`). */
export type Refused = { refused: string; why: string };

type Proof = { size: number; root: string; proof: string[] };
export type Message = {
  /** `position`: `seq * 65536 + n`. `kind`: 0 a visitor, 1 staff. */
  position: number;
  id: string;
  kind: number;
  author: string;
  at: number;
  sealed: string;
};

export type Corpus = {
  about: string;
  leaf: ({ text: string } & ({ entry: Entry & { details?: Details }; hash: string } | Refused))[];
  /** Leaf *n* is the UTF-8 of `leaf n`. Some of the tiles, each by the SHA-256 of its hashes one after the other. */
  tree: { size: number; root: string; tiles: { path: string; sha256: string }[] }[];
  /** `name+id+key`. `seed`: its private half, which is nobody's. */
  key: ({ key: string } & ({ seed: string; name: string; publicKey: string } | Refused))[];
  note: ({ note: string; keys: string[] } & ({ origin: string; size: number; root: string } | Refused))[];
  inclusion: (Proof & { leaf: string; index: number } & (object | Refused))[];
  consistency: (Proof & { earlier: { size: number; root: string } } & (object | Refused))[];
  /** `key`: the 32 bytes of the data key; `salt` and `what` are what was sealed. */
  details: ({ key: string; entry: string; sealed: string; digest: string } & (
    { salt: string; what: Record<string, string> } | Refused
  ))[];
  conversation: ({ messages: Message[]; digest: string } & (object | Refused))[];
  /**
   * The lines of a file, and signed heads that were kept elsewhere. `refused`: what is found first, at entry `seq`;
   * `until`: known only to be from there on, and before this one.
   */
  export: ({ lines: string[]; kept: string[] } & (
    { entries: number; proved: number } | (Refused & { seq: number; until?: number })
  ))[];
};

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function unhex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Bytes that count up. */
export function run(length: number, first = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, place) => (first + place) & 0xff);
}

/** A good vector, spoiled. */
export function spoiled<Good extends object>(good: Good, refused: string, why: string): Good & Refused {
  return { ...good, refused, why };
}
