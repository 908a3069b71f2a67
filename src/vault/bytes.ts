import { decode, encode } from 'jose/base64url';

/** Bytes over a buffer of their own, as Web Crypto asks for: never shared memory that could change under it. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The platform's key type by what makes it: the types of Node and of Workers know it under different names. */
export type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A key's id: random, so that a table restored from an older copy never gives an old id to a new key. */
export function randomId(): number {
  return readU32(randomBytes(4), 0) || randomId();
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Big-endian, as every number in our formats. */
export function u32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function readU32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** Not constant-time: for comparing what is no secret, or what only its owner compares. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

export function toBase64url(bytes: Uint8Array): string {
  return encode(bytes);
}

/**
 * The bytes, or nothing when the text is not the one way to write them: RFC 4648 section 5, no padding, no
 * whitespace, unused trailing bits zero (section 3.5).
 */
export function fromBase64url(text: string): Bytes | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes = concat(decode(text));
  return toBase64url(bytes) === text ? bytes : undefined;
}
