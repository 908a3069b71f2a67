import { expect, it } from 'vitest';
import { differences } from './kept.ts';

it('finds nothing where all that was told is there once, in whatever order', () => {
  expect(differences(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual({ lost: 0, doubled: 0, strange: 0 });
});

it('finds a loss, also where as many are there as were told', () => {
  expect(differences(['a', 'b', 'c'], ['a', 'b', 'b'])).toEqual({ lost: 1, doubled: 1, strange: 0 });
  expect(differences(['a', 'b', 'c'], ['a', 'b', 'd'])).toEqual({ lost: 1, doubled: 0, strange: 1 });
  expect(differences(['a', 'b'], [])).toEqual({ lost: 2, doubled: 0, strange: 0 });
});
