import { expect, test } from 'vitest';
import { codeOf, codesInWords, stepAt, stepToSpend, STEP_MS } from './codes.ts';

// RFC 6238, appendix B: the SHA-1 secret, its codes cut to six digits.
const uri =
  'otpauth://totp/Sotto:anna%40example.com?issuer=Sotto&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&period=30';

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [20_000_000_000, '353130'],
])('the code at second %i is that of RFC 6238', (second, code) => {
  expect(codeOf(uri, stepAt(second * 1000))).toBe(code);
});

test('early in a step the previous code is spent, so that the one on the screen still works', () => {
  expect(stepToSpend(100 * STEP_MS + 7_999)).toBe(99);
  expect(stepToSpend(100 * STEP_MS + 8_000)).toBe(100);
});

test('a code that was used is not offered again', () => {
  const now = 100 * STEP_MS + 10_000;
  const [current, next] = [codeOf(uri, 100), codeOf(uri, 101)].map(
    (code) => `${code.slice(0, 3)} ${code.slice(3)}`,
  );
  expect(codesInWords(uri, 99, now)).toMatch(
    new RegExp(`^${String(current)} until .* \\(20 s\\), then ${String(next)}$`),
  );
  expect(codesInWords(uri, 100, now)).toMatch(new RegExp(`^${String(next)} from `));
});
