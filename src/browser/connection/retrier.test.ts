import { expect, test } from 'vitest';
import { ApiError } from '../api.ts';
import { Retrier } from './retrier.ts';
import { Stage, offline } from './stage.ts';

test('asks until there is an answer, and says how that stands', async () => {
  const stage = new Stage();
  stage.refusals = [offline, new ApiError('unavailable', 503, '')];
  const retrier = new Retrier(stage);
  const answer = retrier.run(() => stage.post('/somewhere'));
  await stage.pass(0);
  expect(retrier.state.value).toEqual({ is: 'reconnecting', since: stage.now(), nextTry: stage.now() + 500 });
  await stage.pass(500 + 1_000);
  await expect(answer).resolves.toEqual({ ticket: 't3' });
  expect(retrier.state.value).toEqual({ is: 'online' });
});

test.each([
  ['not_found', 404],
  ['consent_needed', 409],
  ['invalid', 400],
] as const)('%s stays a refusal, and is thrown', async (code, status) => {
  const stage = new Stage();
  stage.refusals = [new ApiError(code, status, code)];
  const retrier = new Retrier(stage);
  await expect(retrier.run(() => stage.post('/somewhere'))).rejects.toMatchObject({ code });
  expect(stage.asked).toHaveLength(1);
});

test('does not wait any longer when the network is back or somebody says so, but keeps a pause', async () => {
  const stage = new Stage();
  stage.refusals = [offline, offline, new ApiError('too_fast', 429, '')];
  const retrier = new Retrier(stage);
  const answer = retrier.run(() => stage.post('/somewhere'));
  await stage.pass(0);
  await stage.notice('online');
  expect(stage.asked).toHaveLength(2);
  retrier.tryNow();
  await stage.pass(0);
  expect(stage.asked).toHaveLength(3);
  retrier.tryNow();
  await stage.notice('returned');
  expect(stage.asked).toHaveLength(3);
  await stage.pass(12_000);
  await expect(answer).resolves.toBeDefined();
});
