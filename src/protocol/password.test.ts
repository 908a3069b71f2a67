import { describe, expect, test } from 'vitest';
import { isStrong, strengthOf } from './password.ts';

const anna = ['Anna Berg', 'anna.berg@lighthouse.example'];

describe('S8 a password that may not be chosen', () => {
  test.each([
    ['one that many have', '123456789012'],
    ['a common one with a tail', 'Password1234!'],
    ['a common one in disguise', 'P4ssw0rd!P4ssw0rd!'],
    ['a season, a year and signs', 'sommer2026!!'],
    ['a run over the keyboard', 'qwertyuiop12'],
    ['one sign many times', 'aaaaaaaaaaaaaaaaaaaaaaaa'],
    ['a few signs many times, at full length', 'a1b2'.repeat(64)],
    ['the product’s name', 'Sotto Sotto Sotto'],
    ['its owner’s name', 'annaberg-2026!'],
    ['its owner’s company', 'lighthouse2026'],
  ])('%s', async (_, password) => {
    expect(isStrong(await strengthOf(password, anna))).toBe(false);
  });
});

describe('S8 a password that may be chosen', () => {
  test.each([
    ['three words', 'tractor gentle violin'],
    ['a sentence', 'the third door on the left sticks'],
    ['by chance', 'Xk29d-mm3Ql0v'],
    ['in another script', 'туман над рекой утром'],
    ['with emoji', '🦊🍵🎻🪁🧭🛶🌾🪵🧶🪨🫖🧊'],
  ])('%s', async (_, password) => {
    expect(isStrong(await strengthOf(password, anna))).toBe(true);
  });
});

test('S8 what is known of its owner makes a password weaker', async () => {
  const password = 'lighthouse violins';
  expect(await strengthOf(password, anna)).toBeLessThanOrEqual(await strengthOf(password, []));
  expect(isStrong(await strengthOf('annaberg-2026!', ['somebody else']))).toBe(true);
});
