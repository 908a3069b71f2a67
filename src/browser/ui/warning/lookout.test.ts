import { expect, test } from 'vitest';
import { kindsOf, plainMasking } from '../../../protocol/marks.ts';
import { limits } from '../../../protocol/limits.ts';
import { Lookout } from './lookout.ts';

const plain = kindsOf(plainMasking);
const card = 'My card is 4111 1111 1111 1111.';

test('D13 what would be masked is held back once, with what it is and where; sent again as it is it goes', () => {
  const lookout = new Lookout();
  expect(lookout.mayGo(card, plain)).toBe(false);
  expect(lookout.found.value).toEqual({ text: card, masked: ['card'], special: false, from: 11, to: 30 });
  expect(lookout.mayGo(card, plain)).toBe(true);
  expect(lookout.found.value).toBeNull();
  expect(lookout.mayGo(card, plain)).toBe(false);
});

test('D13 what was changed is looked at anew, and what holds nothing goes at once', () => {
  const lookout = new Lookout();
  expect(lookout.mayGo(card, plain)).toBe(false);
  expect(lookout.mayGo(`${card} Its PIN is 1234`, plain)).toBe(false);
  expect(lookout.found.value?.masked).toEqual(['card', 'secret']);
  expect(lookout.mayGo('My card ends in 1111.', plain)).toBe(true);
  expect(lookout.found.value).toBeNull();
});

test('D13 a warning that was put away comes again', () => {
  const lookout = new Lookout();
  expect(lookout.mayGo(card, plain)).toBe(false);
  lookout.dismiss();
  expect(lookout.mayGo(card, plain)).toBe(false);
});

test('D13 nobody is warned of what their site leaves as it is, nor of what is too long to go', () => {
  const lookout = new Lookout();
  expect(lookout.mayGo(card, [])).toBe(true);
  expect(lookout.mayGo('to DE89 3704 0044 0532 0130 00', plain)).toBe(true);
  expect(lookout.mayGo('to DE89 3704 0044 0532 0130 00', ['iban'])).toBe(false);
  expect(lookout.mayGo(card.padEnd(limits.textBytes + 1), plain)).toBe(true);
});

test('D14 words of special categories are told of once, whatever the site masks, and what is masked always', () => {
  const lookout = new Lookout();
  expect(lookout.mayGo('I am pregnant', [])).toBe(false);
  expect(lookout.found.value).toMatchObject({ masked: [], special: true });
  expect(lookout.mayGo('I am pregnant, and need decaf', [])).toBe(true);
  expect(lookout.mayGo(`Since my diagnosis: ${card}`, plain)).toBe(false);
  expect(lookout.found.value).toMatchObject({ masked: ['card'], special: false });
  expect(new Lookout().mayGo('Seit meiner Diagnose', [])).toBe(false);
});
