import { expect, it } from 'vitest';
import { type Told, toldMisses } from './judged.ts';

/** A minute in which nothing went wrong. */
const good: Told = {
  ...{ told: 100, grown: 100, proved: 100, personal: 25, sealed: 25 },
  ...{ lost: 0, doubled: 0, strange: 0, findings: [], took: 60 },
  durable: Array.from({ length: 100 }, () => 5),
};
const missed = (bent: Partial<Told>, seconds = 60) => toldMisses({ ...good, ...bent }, seconds);
/** So many of a hundred wait so long. */
const waiting = (count: number, ms: number) => ({
  durable: good.durable.map((wait, n) => (n < count ? ms : wait)),
});

it('finds nothing to say against a minute in which all was kept, and at once', () => {
  expect(missed({})).toBeUndefined();
  // A head that speaks of what came afterwards as well proves no less.
  expect(missed({ proved: 101 })).toBeUndefined();
});

it('finds each way in which the ledger is not what it was told', () => {
  for (const bent of [
    { lost: 1 },
    { doubled: 1 },
    { strange: 1 },
    { grown: 99 },
    { grown: 101 },
    { proved: 99 },
    { sealed: 24 },
    { sealed: 26 },
    { findings: ['broken at entry 5'] },
  ])
    expect(missed(bent), JSON.stringify(bent)).toBe('The ledger is not what it was told.');
});

it('finds that the writer fell behind: all are durable within three seconds of the last that was due', () => {
  expect(missed({ took: 63 })).toBeUndefined();
  expect(missed({ took: 63.1 })).toBe('It takes too long until all are durable.');
  expect(missed({ took: NaN })).toBe('It takes too long until all are durable.');
  expect(missed({ took: 9.1 }, 6)).toBe('It takes too long until all are durable.');
});

it('finds that more than one in a hundred waited for longer than a quarter of a second', () => {
  expect(missed(waiting(1, 10_000))).toBeUndefined();
  expect(missed(waiting(2, 250))).toBeUndefined();
  expect(missed(waiting(2, 251))).toBe('An entry waits too long until it is durable.');
  expect(missed({ durable: [] })).toBe('An entry waits too long until it is durable.');
});
