import { readFileSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { gcmOpen, gcmSeal, importBoxKey } from './box.ts';
import { hex, unhex } from './corpus/format.ts';
import { hmac } from './lookup.ts';

/*
 * The public Wycheproof sets for what we use, on the Web Crypto that we use it through:
 *   SOTTO_VECTORS=<folder> npx vitest run -c vitest.vectors.config.ts
 */

declare module 'vitest' {
  interface ProvidedContext {
    vectors: string;
  }
}

interface Group<Vector> {
  readonly ivSize?: number;
  readonly publicKey?: { readonly pk: string };
  readonly tests: readonly (Vector & { tcId: number; comment: string; result: 'valid' | 'invalid' })[];
}

function groups<Vector>(name: string): readonly Group<Vector>[] {
  const file = JSON.parse(readFileSync(`${inject('vectors')}/wycheproof/${name}.json`, 'utf8')) as {
    testGroups: Group<Vector>[];
  };
  return file.testGroups;
}

const aes = groups<{ key: string; iv: string; aad: string; msg: string; ct: string; tag: string }>(
  'aes_256_gcm',
)
  .filter(({ ivSize }) => ivSize === 96)
  .flatMap(({ tests }) => tests);

test(`AES-256-GCM with a 96-bit nonce: ${aes.length} vectors`, async () => {
  for (const { tcId, comment, key, iv, aad, msg, ct, tag, result } of aes) {
    const box = await importBoxKey(unhex(key));
    const opened = await gcmOpen(box, unhex(iv), unhex(aad), unhex(ct + tag));
    expect(opened && hex(opened), `${tcId} ${comment}`).toBe(result === 'valid' ? msg : undefined);
    const sealed = hex(await gcmSeal(box, unhex(iv), unhex(aad), unhex(msg)));
    expect(sealed === ct + tag, `${tcId} ${comment}`).toBe(result === 'valid');
  }
});

const kdf = groups<{ ikm: string; salt: string; info: string; size: number; okm: string }>(
  'hkdf_sha256',
).flatMap(({ tests }) => tests);

test(`HKDF-SHA-256: ${kdf.length} vectors`, async () => {
  for (const { tcId, comment, ikm, salt, info, size, okm, result } of kdf) {
    const secret = await crypto.subtle.importKey('raw', unhex(ikm), 'HKDF', false, ['deriveBits']);
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: unhex(salt), info: unhex(info) };
    const derived = crypto.subtle
      .deriveBits(algorithm, secret, size * 8)
      .then((bits) => hex(new Uint8Array(bits)));
    if (result === 'valid') expect(await derived, `${tcId} ${comment}`).toBe(okm);
    else await expect(derived, `${tcId} ${comment}`).rejects.toThrow();
  }
});

const mac = groups<{ key: string; msg: string; tag: string }>('hmac_sha256').flatMap(({ tests }) => tests);

test(`HMAC-SHA-256: ${mac.length} vectors`, async () => {
  for (const { tcId, comment, key, msg, tag, result } of mac) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const imported = await crypto.subtle.importKey('raw', unhex(key), algorithm, false, ['sign']);
    const made = hex(await hmac(imported, unhex(msg)));
    expect(made.slice(0, tag.length) === tag, `${tcId} ${comment}`).toBe(result === 'valid');
  }
});

const signatures = groups<{ msg: string; sig: string }>('ed25519').flatMap(({ publicKey, tests }) =>
  tests.map((vector) => ({ ...vector, pk: publicKey?.pk ?? '' })),
);

test(`Ed25519: ${signatures.length} vectors`, async () => {
  for (const { tcId, comment, pk, msg, sig, result } of signatures) {
    const key = await crypto.subtle.importKey('raw', unhex(pk), 'Ed25519', false, ['verify']);
    const verified = await crypto.subtle.verify('Ed25519', key, unhex(sig), unhex(msg));
    expect(verified, `${tcId} ${comment}`).toBe(result === 'valid');
  }
});
