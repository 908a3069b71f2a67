import { expect, test } from 'vitest';
import { Stage, offline } from '../connection/stage.ts';
import { Foresight } from './foresight.ts';

function reader() {
  const stage = new Stage();
  return { stage, foresight: new Foresight(stage, stage) };
}

test('whoever stays on a line has its ticket already when they open it, and once', async () => {
  const { stage, foresight } = reader();
  foresight.foresee('one');
  await stage.pass(100);
  expect(stage.asked).toEqual(['one']);
  expect(await foresight.post('one', {})).toEqual({ ticket: 't1' });
  expect(stage.asked).toEqual(['one']);
  expect(await foresight.post('one', {})).toEqual({ ticket: 't2' });
});

test('lines that are only passed over ask for nothing', async () => {
  const { stage, foresight } = reader();
  for (const line of ['one', 'two', 'three']) {
    foresight.foresee(line);
    await stage.pass(50);
  }
  await stage.pass(100);
  expect(stage.asked).toEqual(['three']);
  expect(await foresight.post('one', {})).toEqual({ ticket: 't2' });
});

test('a ticket that has become old, or did not come, is asked for anew', async () => {
  const { stage, foresight } = reader();
  foresight.foresee('old');
  await stage.pass(31_000);
  expect(await foresight.post('old', {})).toEqual({ ticket: 't2' });
  stage.refusals.push(offline);
  foresight.foresee('failed');
  await stage.pass(100);
  expect(await foresight.post('failed', {})).toEqual({ ticket: 't4' });
});
