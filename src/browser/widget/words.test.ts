import { expect, test } from 'vitest';
import { words as ofStaff } from '../dashboard/settings/privacy/words.ts';
import { words as shared } from '../ui/words.ts';
import { english as later } from './later/english.ts';
import { english as proof } from './later/proof/english.ts';
import { english as yourDataEnglish, type YourDataWords } from './later/your-data/english.ts';
import { type Language, words as widget } from './words.ts';

const files = import.meta.glob<Language>('./words/*.ts', { import: 'default', eager: true });
const languages = Object.entries({ ...files, en: { shared, widget, later, proof } });
const ownFiles = import.meta.glob<YourDataWords>('./later/your-data/words/*.ts', {
  import: 'default',
  eager: true,
});
const ofYourData = Object.entries({ ...ownFiles, en: yourDataEnglish });

/** Every saying of a language, those that depend on something with that in it. */
function sayings(part: object, path: string): [string, string][] {
  return Object.entries(part).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const name = `${path}.${key}`;
    if (typeof value === 'string') return name === 'shared.stopped.left' ? [] : [[name, value]];
    if (typeof value === 'object' && value !== null) return sayings(value, name);
    if (typeof value !== 'function') return [];
    const say = value as (...given: unknown[]) => string;
    const names =
      /said|writing|closedUntil|claimed|optional|transcriptOf|^sent$|copyReady|askedOn|due|late|handed|consented|withdrawn/.test(
        key,
      );
    return (names ? [1, 2] : [0, 1, 2, 3, 11, 100]).map((n) => {
      const said = names ? say('MARK', key === 'said' ? 'TEXT' : n) : say(n);
      if (names && !said.includes('MARK')) return [name, ''];
      return [name, said];
    });
  });
}

test.each(languages)('%s says everything, and leaves no place for a number empty', (_, language) => {
  const all = sayings(language, '').map(([name, said]) => [name.slice(1), said] as const);
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(([name, said]) => said.trim() === '' && name !== 'shared.stopped.left')).toEqual([]);
  expect(all.filter(([, said]) => /#|undefined|NaN/.test(said))).toEqual([]);
});

test('D49 what customers see and ask of their data is said in every language that the widget speaks', () => {
  const spoken = (all: readonly (readonly [string, unknown])[]) =>
    all.map(([file]) => file.replace(/^.*\//, '')).toSorted();
  expect(spoken(ofYourData)).toEqual(spoken(languages));
  for (const [language, words] of ofYourData) {
    const all = sayings(words, language);
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter(([, said]) => said.trim() === '' || /#|undefined|NaN/.test(said))).toEqual([]);
  }
});

test.each(languages)('%s has a meaning for each of the five scores', (_, language) => {
  expect(new Set(language.later.scores).size).toBe(5);
});

test('D87 before something is erased it is said for how long Cloudflare still holds it', () => {
  const said = [ofStaff.eraseAsk.text, ...ofYourData.map(([, words]) => words.means.erasure[0])];
  expect(said).toHaveLength(languages.length + 1);
  for (const text of said) expect(text).toMatch(/Cloudflare.*30/u);
});

test('D97 whoever is banned is told in every language to write to whom the website’s privacy notice names', () => {
  for (const [, words] of ofYourData)
    expect(words.why['banned']).toMatch(/privacy notice|Datenschutz|الخصوصية/u);
});

test('D88 who else is given what customers say is said to them and to whoever answers them', () => {
  for (const [, words] of ofYourData) expect(words.soldText).not.toMatch(/nobody else|niemand|لا يصل/u);
  expect(yourDataEnglish.soldText).toContain('those who run this chat');
  expect(ofStaff.soldText).toMatch(/nothing is sold.*Cloudflare.*scanner/u);
});
