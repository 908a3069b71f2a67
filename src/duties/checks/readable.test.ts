import { expect, test } from 'vitest';
import { bitsPerByte, whyReadable } from './readable.ts';

/** Any count of random bytes, of which a generator gives 65,536 at once. */
function random(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

test('A20 what is sealed is never taken for text, however often it is looked at', () => {
  for (let n = 0; n < 300; n++) expect(whyReadable(random(4_096))).toBeUndefined();
  expect(whyReadable(random(500_000))).toBeUndefined();
});

test('A20 text is found anywhere in it, in any of the usual forms', () => {
  const said = new TextEncoder().encode('My card is 4111 1111 1111 1111, Erika');
  const forms = {
    utf8: said,
    utf16: Uint8Array.from([...said].flatMap((byte) => [byte, 0])),
    base64: new TextEncoder().encode(btoa(String.fromCharCode(...said))),
    hex: new TextEncoder().encode([...said].map((byte) => byte.toString(16)).join('')),
  };
  for (const [form, text] of Object.entries(forms))
    expect(whyReadable(Uint8Array.from([...random(500), ...text, ...random(500)])), form).toBe('text');
});

test('A20 what repeats itself is no seal either', () => {
  const pattern = Uint8Array.from({ length: 4_096 }, (_, index) => 0x80 + (index % 16));
  expect(whyReadable(pattern)).toBe('pattern');
  expect(bitsPerByte(pattern)).toBeCloseTo(4);
});
