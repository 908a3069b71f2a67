import { effect } from '@preact/signals';
import { expect, test } from 'vitest';
import { limits } from '../../protocol/limits.ts';
import { Stage, offline } from '../connection/stage.ts';
import { Customers } from './customers.ts';

/** Everybody is called by their conversation's id in capitals, but for those without a name. */
function looking(nameless: readonly string[] = []) {
  const stage = new Stage();
  const asked: (readonly string[])[] = [];
  let failing = false;
  const post = (path: string, { ids }: { ids: readonly string[] }) => {
    expect(path).toBe('/api/v1/customer-names');
    asked.push(ids);
    if (failing) return Promise.reject(offline);
    const named = ids.filter((id) => !nameless.includes(id));
    return Promise.resolve({
      names: Object.fromEntries(named.map((id) => [id, id.toUpperCase()])),
      verified: named.filter((id) => id === 'c'),
      proved: ids.filter((id) => id === 'd' || id === 'e'),
    });
  };
  const customers = new Customers({ post } as never, stage);
  const fail = (fails: boolean) => {
    failing = fails;
  };
  const names = () =>
    Object.fromEntries(
      [...customers.names.value].map(([id, { name, badge }]) => [
        id,
        [name, badge].filter((each) => each !== null).join(', '),
      ]),
    );
  return { stage, customers, asked, fail, names };
}

test('what comes into sight is asked for once, and together', async () => {
  const { stage, customers, asked, names } = looking(['b']);
  customers.inSight(['a', 'b']);
  expect(asked).toEqual([]);
  await stage.pass(1_000);
  customers.inSight(['b', 'a', 'c']);
  await stage.pass(1_000);
  expect(asked).toEqual([['a', 'b'], ['c']]);
  expect(names()).toEqual({ a: 'A', c: 'C, site' });
});

test('V9 who has proved an address is known as such, with a name or without', async () => {
  const { stage, customers, names } = looking(['e']);
  customers.inSight(['d', 'e']);
  await stage.pass(1_000);
  expect(names()).toEqual({ d: 'D, code', e: 'code' });
});

test('what only flies past is not asked for', async () => {
  const { stage, customers, asked } = looking();
  for (const id of ['a', 'b', 'c']) {
    customers.inSight([id]);
    await stage.pass(50);
  }
  await stage.pass(1_000);
  expect(asked).toEqual([['c']]);
});

test('more than can be asked for at once are asked for in several requests', async () => {
  const { stage, customers, asked } = looking();
  customers.inSight(Array.from({ length: limits.namesAtOnce + 1 }, (_, n) => `${n}`));
  await stage.pass(1_000);
  expect(asked.map(({ length }) => length)).toEqual([limits.namesAtOnce, 1]);
});

test('what was not answered is asked for when it is next looked at', async () => {
  const { stage, customers, asked, fail, names } = looking();
  fail(true);
  customers.inSight(['a']);
  await stage.pass(1_000);
  expect(names()).toEqual({});
  fail(false);
  customers.inSight(['a']);
  await stage.pass(1_000);
  expect(asked.length).toBe(2);
  expect(names()).toEqual({ a: 'A' });
});

test('an open conversation knows best, whenever the answer comes, and nobody is told of what is the same', async () => {
  const { stage, customers, asked, names } = looking();
  customers.inSight(['a', 'b']);
  customers.met('a', 'Kim', null);
  await stage.pass(1_000);
  customers.inSight(['a']);
  await stage.pass(1_000);
  expect(names()).toEqual({ a: 'Kim', b: 'B' });
  expect(asked).toEqual([['a', 'b']]);
  let told = -1;
  const stop = effect(() => {
    told += customers.names.value.size >= 0 ? 1 : 0;
  });
  customers.met('a', 'Kim', null);
  expect(told).toBe(0);
  customers.met('a', null, null);
  stop();
  expect([told, names()]).toEqual([1, { b: 'B' }]);
});
