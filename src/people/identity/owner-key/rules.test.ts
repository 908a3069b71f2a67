import { expect, test } from 'vitest';
import { newId } from '../../../protocol/ids.ts';
import { nextStep, stands, type Wait } from './rules.ts';

const olivia = newId('person');
const noon = 1_800_000_000_000;
const hour = 3_600_000;
const wait: Wait = { person: olivia, since: noon, epoch: 3, link: '' };

test('S20 a wait stands for a week, in the epoch in which it began', () => {
  expect(stands(wait, 3, noon + 7 * 24 * hour - 1)).toBe(true);
  expect(stands(wait, 3, noon + 7 * 24 * hour)).toBe(false);
  expect(stands(wait, 4, noon)).toBe(false);
});

test('S20 the key begins a wait, lets in after a day, and is nobody else’s meanwhile', () => {
  expect(nextStep(undefined, olivia, noon)).toBe('begin');
  expect(nextStep(wait, olivia, noon + 24 * hour - 1)).toBe('wait');
  expect(nextStep(wait, olivia, noon + 24 * hour)).toBe('enter');
  expect(nextStep(wait, newId('person'), noon + 24 * hour)).toBe('refuse');
});
