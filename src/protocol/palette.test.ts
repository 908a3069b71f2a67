import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrastOf, paletteOf } from './palette.ts';

// This project's types are a browser's; the test itself runs on Node.
const files: string = 'node:fs';
const { readFileSync } = (await import(files)) as {
  readFileSync: (file: URL, encoding: 'utf8') => string;
};
const tokens = readFileSync(new URL('../browser/ui/tokens.css', import.meta.url), 'utf8');
const looks = ['light', 'dark'] as const;
type Look = (typeof looks)[number];
/** What somebody may have asked their browser for, and what then has to read how well (WCAG 2.2, 1.4.3 and 1.4.6). */
const askedFor = looks.flatMap((look) => [
  { look, more: false, text: 4.5, name: look },
  { look, more: true, text: 7, name: `${look}, more contrast` },
]);

/** The colours of a look: what the file says for everybody, then what it says for whom it is, the last word last. */
function coloursOf(look: Look, more: boolean): Map<string, string> {
  const found = new Map<string, string>();
  const queries: string[] = [];
  for (const line of tokens.split('\n')) {
    const query = /@media \((.+)\) \{/.exec(line)?.[1];
    if (query !== undefined) queries.push(query);
    // A block of the file's own ends at its left edge, one within it two spaces in.
    if (line === '}' || line === '  }') queries.splice(line === '}' ? 0 : 1);
    const holds = queries.every((each) =>
      each === 'prefers-contrast: more' ? more : each === 'prefers-color-scheme: dark' && look === 'dark',
    );
    const [, name, value] = /--([a-z-]+): (.+);/.exec(line) ?? [];
    if (holds && name !== undefined && value !== undefined) found.set(name, value);
  }
  return found;
}

const token = (name: string, look: Look, more = false): string => {
  const value = coloursOf(look, more).get(name) ?? '';
  const other = /^var\(--([a-z-]+)\)$/.exec(value)?.[1];
  return other === undefined ? value : token(other, look, more);
};
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

test('the tokens are read as a browser reads them', () => {
  expect(token('ink', 'light')).toBe('#16211e');
  expect(token('ink', 'dark')).toBe('#e8eeeb');
  expect(token('ink', 'light', true)).toBe('#000000');
  expect(token('ink', 'dark', true)).toBe('#ffffff');
  expect(token('line', 'dark', true)).toBe(token('ink-soft', 'dark', true));
});

test.each(askedFor)('Sotto’s own tokens read on its grounds, and its controls stand out: $name', (asked) => {
  const { look, more, text } = asked;
  const tooLittle = (pairs: readonly (readonly [string, string])[], least: number) =>
    pairs
      .map(
        ([ink, ground]) =>
          [ink, ground, contrastOf(token(ink, look, more), token(ground, look, more))] as const,
      )
      .filter(([, , contrast]) => contrast < least);
  const on = (...inks: string[]) => grounds.flatMap((ground) => inks.map((ink) => [ink, ground] as const));
  const texts = [
    ...on('ink', 'ink-soft', 'accent'),
    ['on-accent', 'accent'],
    ['on-accent', 'accent-strong'],
    ['ink', 'mine'],
    ['danger', 'danger-ground'],
    ['danger', 'ground'],
    ['ink', 'danger-ground'],
    ['notice-ink', 'notice-ground'],
  ] as const;
  const strokes = [...on('focus'), ['line-strong', 'ground']] as const;
  expect(tooLittle(texts, text)).toEqual([]);
  expect(tooLittle(strokes, 3)).toEqual([]);
  // Whoever asks for more sees every line as well.
  if (more) expect(tooLittle(on('line', 'line-strong'), 4.5)).toEqual([]);
});
