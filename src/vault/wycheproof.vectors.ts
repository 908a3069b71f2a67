import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { expect, inject, test } from 'vitest';
import { gcmOpen, gcmSeal, importBoxKey } from './box.ts';
import { concat } from './bytes.ts';
import { streamOf } from './cast.ts';
import { HEADER_BYTES, openRange, plainLength } from './cobblestone.ts';
import { hex, unhex } from './corpus/format.ts';
import { VaultError } from './error.ts';
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

const files = groups<{ key: string; ctx: string; ct: string; msgLength?: number; msgSha512?: string }>(
  'chunked_encryption_aes_256_gcm',
).flatMap(({ tests }) => tests);

test(`Cobblestone-256: ${files.length} vectors`, async () => {
  for (const { tcId, comment, key, ctx, ct, msgLength = 0, msgSha512 = '', result } of files) {
    const name = `${tcId} ${comment}`;
    const message = new Uint8Array(inflateSync(unhex(ct)));
    const algorithm = { name: 'HMAC', hash: 'SHA-512' };
    const input = await crypto.subtle.importKey('raw', unhex(key), algorithm, false, ['sign']);
    const opened: Uint8Array[] = [];
    const opening = (async () => {
      const sealed = {
        header: message.subarray(0, HEADER_BYTES),
        size: message.length,
        body: streamOf(message, 7000),
      };
      const whole = { from: 0, to: plainLength(message.length) };
      const source = await openRange(input, unhex(ctx), sealed, whole);
      for (let made = await source.next(); made; made = await source.next()) opened.push(...made);
    })();
    if (result === 'valid') {
      await opening;
      expect(concat(...opened).length, name).toBe(msgLength);
      expect(
        createHash('sha512')
          .update(concat(...opened))
          .digest('hex'),
        name,
      ).toBe(msgSha512);
    } else {
      await expect(opening, name).rejects.toThrow(VaultError);
      // What was given until then was sealed so: nothing, or the beginning of the longest part that is whole.
      expect(concat(...opened).length, name).toBeLessThanOrEqual(msgLength);
    }
  }
});
