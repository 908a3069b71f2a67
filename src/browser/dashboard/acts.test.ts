import { expect, test } from 'vitest';
import type { PersonId } from '../../protocol/ids.ts';
import { Acts } from './acts.ts';

type Call = [method: string, path: string, body?: object];

function acting() {
  const calls: Call[] = [];
  const ask =
    (method: string) =>
    <Answer>(path: string, body?: object) => {
      calls.push(body === undefined ? [method, path] : [method, path, body]);
      return Promise.resolve({ conversations: [] } as Answer);
    };
  const api = { get: ask('GET'), post: ask('POST'), put: ask('PUT'), patch: ask('PATCH') };
  return { acts: new Acts(api, { newId: () => 'an id' }), calls };
}

test('each act is one request to the conversation', async () => {
  const { acts, calls } = acting();
  const colleague = 'per_BBBBBBBBBBBBBBBBBBBBBA' as PersonId;
  await acts.do('con_1', 'claim');
  await acts.handOver('con_1', colleague);
  await acts.handOver('con_1', colleague, { id: acts.newNoteId(), text: 'please' });
  await acts.snooze('con_1', 5);
  await acts.setTags('con_1', ['vip']);
  await acts.changeCustomer('con_1', { name: null });
  await acts.remove('con_1', { seq: 3 }, 'deleted');
  await acts.remove('con_1', { seq: 3, n: 2 }, 'redacted');
  await acts.earlier('con_1');
  const at = '/api/v1/conversations/con_1';
  expect(calls).toEqual([
    ['POST', `${at}/claim`, {}],
    ['POST', `${at}/hand-over`, { to: colleague }],
    ['POST', `${at}/hand-over`, { to: colleague, note: { id: 'an id', text: 'please' } }],
    ['POST', `${at}/snooze`, { until: 5 }],
    ['PUT', `${at}/tags`, { tags: ['vip'] }],
    ['PATCH', `${at}/customer`, { name: null }],
    ['POST', `${at}/removals`, { seq: 3, how: 'deleted' }],
    ['POST', `${at}/removals`, { seq: 3, n: 2, how: 'redacted' }],
    ['GET', `${at}/earlier`],
  ]);
});
