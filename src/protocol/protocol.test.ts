import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { originSchema } from './bodies.ts';
import { addressSchema, nameSchema } from './fields.ts';
import { textSchema } from './frames.ts';
import { idFrom, type IdKind, isId, newId } from './ids.ts';
import { limits } from './limits.ts';
import { closeCodes, isRefusalCode, problemOf, Refusal, refusals } from './refusals.ts';
import { newPasswordSchema } from './sign-in.ts';

describe('W1 ids', () => {
  const kinds: IdKind[] = ['conversation', 'person', 'session', 'site', 'team', 'visitor'];
  it('are of their kind alone, and each has one spelling', () => {
    for (const kind of kinds) {
      const id = newId(kind);
      expect(kinds.filter((other) => isId(other, id))).toEqual([kind]);
      for (const bent of [
        id.toUpperCase(),
        `${id} `,
        id.slice(0, -1),
        `${id.slice(0, -1)}B`,
        ` ${id}`,
        `${id}\n`,
      ])
        expect(isId(kind, bent)).toBe(false);
    }
    for (const odd of [null, undefined, 0, [], {}, true]) expect(isId('person', odd)).toBe(false);
  });

  it('carry 128 bits: different bytes, different ids', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (one, other) => {
          expect(idFrom('visitor', one) === idFrom('visitor', other)).toBe(one.join() === other.join());
        },
      ),
    );
    expect(() => idFrom('visitor', new Uint8Array(15))).toThrow(RangeError);
  });
});

describe('C7 texts', () => {
  it('any well-formed one that is not empty and fits is kept as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 4096 }), (text) => {
        expect(v.parse(textSchema, text)).toBe(text);
      }),
    );
  });
  it('are measured in bytes', () => {
    expect(v.is(textSchema, 'é'.repeat(limits.textBytes / 2))).toBe(true);
    expect(v.is(textSchema, `${'é'.repeat(limits.textBytes / 2)}a`)).toBe(false);
    expect(v.is(textSchema, '\udc00a')).toBe(false);
    expect(v.is(textSchema, '')).toBe(false);
  });
});

describe('W1 fields', () => {
  it('names are one readable line', () => {
    expect(v.parse(nameSchema, '  Zoë O’Neil 山田  ')).toBe('Zoë O’Neil 山田');
    for (const bad of ['', '   ', 'a\nb', 'a\u202Eb', 'a\u0000b', 'a\u200Bb', 'x'.repeat(101), '\ud800'])
      expect(v.is(nameSchema, bad)).toBe(false);
  });
  it('addresses compare in lower case', () => {
    expect(v.parse(addressSchema, ' Anna.Berg+x@Example.COM ')).toBe('anna.berg+x@example.com');
    for (const bad of [
      'anna',
      '@example.com',
      'a@b@c',
      'a b@c.de',
      'a@c.de\r\nBcc: x@y.z',
      '<a@b.c>',
      `${'a'.repeat(65)}@b.c`,
    ])
      expect(v.is(addressSchema, bad)).toBe(false);
  });
  it('passwords count in code points and are compared in NFC', () => {
    expect(v.is(newPasswordSchema, '😀'.repeat(12))).toBe(true);
    expect(v.is(newPasswordSchema, '😀'.repeat(11))).toBe(false);
    expect(v.is(newPasswordSchema, 'x'.repeat(256))).toBe(true);
    expect(v.is(newPasswordSchema, 'x'.repeat(257))).toBe(false);
    expect(v.parse(newPasswordSchema, 'e\u0301'.repeat(12))).toBe('é'.repeat(12));
  });
  it('origins are origins and nothing else', () => {
    for (const good of ['https://shop.example', 'http://127.0.0.1:8788', 'https://xn--bcher-kva.example'])
      expect(v.is(originSchema, good)).toBe(true);
    const bad = [
      '*',
      'https://*',
      'https://shop.example/',
      'https://shop.example:443',
      'HTTPS://shop.example',
      'null',
      'javascript:alert(1)',
      'https://a b',
      "https://x; script-src 'unsafe-inline'",
      "https://x;script-src'unsafe-inline'",
      'https://x,https:',
    ];
    for (const origin of bad) expect(v.is(originSchema, origin)).toBe(false);
  });
});

describe('W1 refusals', () => {
  it('are a closed list, each with a status that fits and a sentence', () => {
    for (const [code, { status, detail }] of Object.entries(refusals)) {
      expect(isRefusalCode(code)).toBe(true);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(detail).toMatch(/^[A-Z].*\.$/);
    }
    for (const odd of ['constructor', '__proto__', 'toString', '', null, 1])
      expect(isRefusalCode(odd)).toBe(false);
  });
  it('travel as problem details', () => {
    expect(problemOf(new Refusal('not_found'), 'any')).toEqual({
      type: 'about:blank',
      status: 404,
      code: 'not_found',
      detail: refusals.not_found.detail,
    });
  });
  it('close codes are private ones, each its own', () => {
    const codes = Object.values(closeCodes);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code === 1011 || (code >= 4000 && code <= 4999)).toBe(true);
  });
});
