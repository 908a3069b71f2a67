import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrastOf, paletteOf } from './palette.ts';

// This project's types are a browser's; the test itself runs on Node.
const files: string = 'node:fs';
const { readFileSync } = (await import(files)) as {
  readFileSync: (file: URL, encoding: 'utf8') => string;
};
const tokens = readFileSync(new URL('../browser/ui/tokens.css', import.meta.url), 'utf8');
/** A token's colour; the light one stands first in the file, the dark one second. */
const token = (name: string, look: 'light' | 'dark') => {
  const found = [...tokens.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6})`, 'g'))].map(
    ([, colour]) => colour,
  );
  return found[look === 'light' ? 0 : 1] ?? '';
};
const looks = ['light', 'dark'] as const;
const grounds = ['ground', 'ground-raised', 'ground-strong'];
const odd = [
  '#000000',
  '#ffffff',
  '#ffff00',
  '#00ff00',
  '#0000ff',
  '#808080',
  '#fffffe',
  '#767676',
  '#ff00ff',
];
const colour = fc.oneof(
  fc.constantFrom(...odd),
  fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`),
);

test('contrast is as WCAG counts it', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(contrastOf('#ffffff', '#767676')).toBeCloseTo(4.54, 2);
});

test.each(looks)('whatever a site’s colour, everything reads on %s grounds', (look) => {
  fc.assert(
    fc.property(colour, (own) => {
      const { accent, accentStrong, onAccent, mine } = paletteOf(own, look);
      for (const ground of grounds)
        expect(contrastOf(accent, token(ground, look))).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(accent, onAccent)).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(accentStrong, onAccent)).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(mine, token('ink', look))).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 2_000 },
  );
});

test('a colour that reads well already stays as it is', () => {
  expect(paletteOf('#175c4c', 'light').accent).toBe('#175c4c');
});

test.each(looks)('Sotto’s own tokens read on %s grounds, and its controls stand out', (look) => {
  for (const ground of grounds) {
    for (const ink of ['ink', 'ink-soft', 'accent'])
      expect([ink, ground, contrastOf(token(ink, look), token(ground, look)) >= 4.5]).toEqual([
        ink,
        ground,
        true,
      ]);
    expect(contrastOf(token('focus', look), token(ground, look))).toBeGreaterThanOrEqual(3);
  }
  const pairs = [
    ['on-accent', 'accent'],
    ['on-accent', 'accent-strong'],
    ['ink', 'mine'],
    ['danger', 'danger-ground'],
    ['danger', 'ground'],
    ['ink', 'danger-ground'],
    ['notice-ink', 'notice-ground'],
  ] as const;
  for (const [ink, ground] of pairs)
    expect([ink, contrastOf(token(ink, look), token(ground, look)) >= 4.5]).toEqual([ink, true]);
  expect(contrastOf(token('line-strong', look), token('ground', look))).toBeGreaterThanOrEqual(3);
});
