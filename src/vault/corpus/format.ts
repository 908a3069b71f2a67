import { bind, type Field } from '../binding.ts';
import { concat, u32 } from '../bytes.ts';
import { run } from '../cast.ts';
import type { ServiceKeyPurpose } from '../service-key.ts';

/* What docs/vectors/envelope.json is made of. Bytes are hex; a bad vector says the refusal and why. */

export interface Refusal {
  refused: string;
  why: string;
}
export interface Place {
  label: string;
  /** `utf16` is for text that no JSON should carry: its code units. */
  fields: (string | number | { bytes: string } | { utf16: string })[];
}
export interface Named {
  id: number;
  key: string;
}
export interface Corpus {
  about: string;
  bind: (Place & ({ bytes: string } | Refusal))[];
  keyring: ({ secret: string } & ({ active: number; numbers: number[] } | Refusal))[];
  serviceKey: ({
    keyring: string;
    id: number;
    purpose: ServiceKeyPurpose;
    root: number;
    wrapped: string;
  } & ({ secret: string } | Refusal))[];
  record: ({ keys: Named[]; place: Place; record: string } & (
    { secret: string; commitment: string } | Refusal
  ))[];
  value: ({ secret: string; place: Place; sealed: string; as?: 'text' } & (
    { plaintext: string } | Refusal
  ))[];
  peppered: ({ keys: Named[]; place: Place; sealed: string } & ({ plaintext: string } | Refusal))[];
  /** `file` is what the file's places begin with; an object lies under `{part}/{attempt}`. */
  file: ({
    secret: string;
    file: string[];
    manifest: string;
    parts: Record<string, string>;
    from: number;
    to: number;
  } & ({ plaintext: string } | Refusal))[];
  lookup: { key: string; label: string; value: string; hash: string }[];
  token: { seed: string; x: string; kid: string }[];
}

/* The keys and the nonce of every vector. */

export const SECRET = run(32, 0x40);
export const OTHER_SECRET = run(32, 0x60);
export const KEK = run(32, 0x80);
export const OTHER_KEK = run(32, 0xa0);
export const NONCE = run(12, 0xc0);

export function placeOf({ label, fields }: Place): Uint8Array {
  return bind(label, fields.map(readField));
}

function readField(field: Place['fields'][number]): Field {
  if (typeof field !== 'object') return field;
  if ('bytes' in field) return unhex(field.bytes);
  return String.fromCharCode(...(field.utf16.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));
}

/** A good vector, spoiled. */
export function spoiled<Good extends object>(
  good: Good,
  why: string,
  refused = 'envelope_refused',
): Good & Refusal {
  return { ...good, refused, why };
}

/** A record or peppered value with another service key's id written into it. */
export function renamed(sealed: Uint8Array, id: number): Uint8Array {
  return concat(sealed.subarray(0, 1), u32(id), sealed.subarray(5));
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function unhex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
