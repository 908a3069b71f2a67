import { expect, test } from 'vitest';
import { chosen } from './board.ts';

const people = [{ name: 'Anna Berg' }, { name: 'Ben Okafor' }, { name: 'Olivia Hart' }];

test.each([
  ['', ['Anna Berg']],
  ['all', ['Anna Berg', 'Ben Okafor', 'Olivia Hart']],
  ['none', []],
  ['ben', ['Ben Okafor']],
])('--qr %j shows the codes of %j', (qr, names) => {
  expect(chosen(people, qr).map(({ name }) => name)).toEqual(names);
});

test('--qr with a name that nobody has says who there is', () => {
  expect(() => chosen(people, 'zoe')).toThrow(
    '--qr takes all, none or one of Anna Berg, Ben Okafor, Olivia Hart.',
  );
});
