import { NEW_ROOT, OLD_ROOT } from '../cast.ts';
import { hex, placeOf, spoiled, type Corpus, type Place } from './format.ts';
import { MESSAGE } from './values.ts';

/* What is written or read as text: places and keyrings. */

export function bindVectors(): Corpus['bind'] {
  const good: Place[] = [
    MESSAGE,
    { label: 'a', fields: [] },
    { label: 'a', fields: [''] },
    { label: 'a', fields: ['b', 'c'] },
    { label: 'a', fields: ['bc'] },
    { label: 'ab', fields: ['c'] },
    { label: 'a', fields: [1] },
    { label: 'a', fields: ['1'] },
    { label: 'a', fields: [{ bytes: '31' }] },
    { label: 'a', fields: [0, 4294967296, Number.MAX_SAFE_INTEGER] },
    { label: 'a', fields: ['é'] },
    { label: 'a', fields: ['e\u0301'] },
    { label: 'a', fields: ['\u0000🔑'] },
  ];
  const bad: [label: string, fields: Place['fields'], why: string][] = [
    ['', [], 'no label'],
    ['a', [-1], 'a negative number'],
    ['a', [0.5], 'not a whole number'],
    ['a', [2 ** 53], 'a number above 2^53 - 1 has neighbours that look the same'],
    ['a', [{ utf16: 'd83dd83d' }], 'a lone surrogate has no UTF-8'],
    ['a', [{ utf16: '0061dc00' }], 'a lone surrogate has no UTF-8'],
  ];
  return [
    ...good.map((place) => ({ ...place, bytes: hex(placeOf(place)) })),
    ...bad.map(([label, fields, why]) => spoiled({ label, fields }, why, 'input_malformed')),
  ];
}

export function keyringVectors(): Corpus['keyring'] {
  const key = OLD_ROOT.slice(2);
  const bad: [secret: string, why: string][] = [
    ['', 'empty'],
    [key, 'no number'],
    [`0:${key}`, 'numbers begin at 1'],
    [`01:${key}`, 'a number is written one way only'],
    [`1000000000:${key}`, 'the number is too high'],
    [`-1:${key}`, 'not a number'],
    [` 1:${key}`, 'a space before'],
    [`1:${key}\n`, 'a line end after'],
    [`${OLD_ROOT},`, 'an empty entry'],
    [`${OLD_ROOT};${NEW_ROOT}`, 'another separator than the comma'],
    ['1:', 'no key'],
    [`1:${key.slice(1)}`, 'one character short'],
    [`1:${key}A`, 'one character long'],
    [`1:${key}=`, 'padding'],
    [`1:${key.slice(0, -1)}9`, 'the two unused bits at the end are not zero'],
    [`1:+${key.slice(1)}`, 'base64 instead of base64url'],
    [`1:${'A'.repeat(43)}`, 'a placeholder: every byte is zero'],
    [`1:${'qqqq'.repeat(10)}qqo`, 'a placeholder: every byte is aa'],
    [`${OLD_ROOT},1:${NEW_ROOT.slice(2)}`, 'one number for two keys'],
    [`${OLD_ROOT},2:${key}`, 'one key under two numbers'],
  ];
  return [
    { secret: OLD_ROOT, active: 1, numbers: [1] },
    { secret: `${NEW_ROOT},${OLD_ROOT}`, active: 2, numbers: [2, 1] },
    { secret: `${OLD_ROOT},${NEW_ROOT}`, active: 2, numbers: [2, 1] },
    ...bad.map(([secret, why]) => spoiled({ secret }, why, 'keyring_malformed')),
  ];
}
