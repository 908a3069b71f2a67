import { expect, test } from 'vitest';
import { plainSettings, type Site, type SiteSettings } from '../../../../protocol/bodies.ts';
import { draftOf, isOrigin, originsOf, settingsOf } from './draft.ts';

const settings: SiteSettings = {
  colour: '#175c4c',
  title: { en: 'Ask us', de: 'Fragen Sie uns' },
  greeting: { en: 'Hello' },
  hours: { timeZone: 'Europe/Berlin', week: [[{ from: 540, to: 1_440 }], [], [], [], [], [], []] },
  questions: [
    { kind: 'name', label: {}, required: true },
    { kind: 'text', label: { 'pt-BR': 'Qual é o seu pedido?' }, required: false },
  ],
  consent: { version: '2026-11', text: { en: 'We keep this.' } },
  // No whole number of megabytes, as a program may have set it.
  files: { groups: ['pdf', 'archive'], bytes: 1_500_001, days: 7, sensitive: 'all', code: true },
  keptDays: 90,
  visitorDays: null,
  masking: { cards: true, ibans: true, nationalIds: false, secrets: false },
};
const site = (of: SiteSettings): Site => ({
  id: 'sit_x',
  name: 'Harbour Coffee',
  team: 'tea_x',
  origins: ['https://harbour.example', 'https://www.harbour.example'],
  settings: of,
});

test('F64 what nobody has changed is saved as it was', () => {
  expect(settingsOf(draftOf(site(settings)))).toEqual(settings);
  expect(settingsOf(draftOf(site(plainSettings)))).toEqual(plainSettings);
});

test('D16 a kind that is masked or not is changed by itself', () => {
  const draft = draftOf(site(settings));
  const masking = { ...draft.masking, secrets: true };
  expect(settingsOf({ ...draft, masking })).toEqual({
    ...settings,
    masking: { cards: true, ibans: true, nationalIds: false, secrets: true },
  });
});

test('all languages of all texts are found, and there is always one', () => {
  expect(draftOf(site(settings)).languages).toEqual(['de', 'en', 'pt-BR']);
  expect(draftOf(site(plainSettings)).languages).toEqual(['en']);
});

test('blank texts and those of languages that were taken away are left out', () => {
  const draft = { ...draftOf(site(settings)), languages: ['en'], greeting: { en: '  ' } };
  expect(settingsOf(draft)).toMatchObject({
    title: { en: 'Ask us' },
    greeting: {},
    questions: [{ label: {} }, { label: {} }],
  });
});

test('an origin is taken out of an address, once, and what is none is left to be refused', () => {
  expect(originsOf(' https://a.example/shop?x=1 \n\nhttps://a.example\nHTTPS://B.example\nnonsense')).toEqual(
    ['https://a.example', 'https://b.example', 'nonsense'],
  );
});

test('an origin is a scheme, a host and perhaps a port', () => {
  for (const origin of ['https://a.example', 'http://localhost:8788', 'http://[::1]:8788'])
    expect(isOrigin(origin)).toBe(true);
  for (const text of [
    'nonsense',
    'https://a.example/',
    'https://*',
    'ftp://a.example',
    'https://a.example:443',
  ])
    expect(isOrigin(text)).toBe(false);
});
