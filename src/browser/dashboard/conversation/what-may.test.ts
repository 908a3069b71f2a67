import { expect, test } from 'vitest';
import { builtInRoles } from '../../../protocol/permissions.ts';
import type { BuiltInRole } from '../../../protocol/roles.ts';
import type { ConversationView, Message } from '../../../protocol/frames.ts';
import { lifetimes } from '../../../protocol/limits.ts';
import { isOwnAndFresh, type Offer, offered, offeredIn } from './what-may.ts';

const me = (role: BuiltInRole, teams = ['tea_a']) =>
  ({ id: 'per_me', grants: builtInRoles[role], teams }) as unknown as Parameters<typeof offered>[2];
const conversation = (state: string, assignee: string | null) =>
  ({ state, assignee, staff: { team: 'tea_a' } }) as unknown as ConversationView;
const all: Offer[] = [
  'watch',
  'claim',
  'answer',
  'note',
  'handOver',
  'snooze',
  'close',
  'reopen',
  'tag',
  'customer',
  'redact',
  'hold',
  'attach',
  'openFile',
  'releaseFile',
];
const offers = (role: BuiltInRole, state: string, assignee: string | null, teams?: string[]) =>
  all.filter((offer) => offered(offer, conversation(state, assignee), me(role, teams)));

test('an agent claims what waits, and does all with what is theirs', () => {
  expect(offers('agent', 'waiting', null)).toEqual(['claim', 'note', 'tag', 'openFile']);
  expect(offers('agent', 'claimed', 'per_me')).toEqual([
    'answer',
    'note',
    'handOver',
    'snooze',
    'close',
    'tag',
    'customer',
    'attach',
    'openFile',
  ]);
  expect(offers('agent', 'claimed', 'per_other')).toEqual(['note', 'tag', 'openFile']);
});

test('a supervisor orders their team’s conversations, and answers only their own', () => {
  expect(offers('supervisor', 'claimed', 'per_other')).toEqual([
    'watch',
    'note',
    'handOver',
    'snooze',
    'close',
    'tag',
    'customer',
    'redact',
    'openFile',
  ]);
  expect(offers('supervisor', 'claimed', 'per_other', ['tea_b'])).toEqual([]);
});

test('M6 whoever watches without being shown is offered notes and files to look at alone', () => {
  const room = (silent: boolean) =>
    ({
      client: { conversation: { value: conversation('claimed', 'per_me') } },
      silent: { value: silent },
    }) as unknown as Parameters<typeof offeredIn>[0];
  const offered = (silent: boolean) =>
    all.filter((offer) => offeredIn(room(silent), offer, me('supervisor')));
  expect(offered(false)).toContain('answer');
  expect(offered(true)).toEqual(['note', 'openFile']);
});

test('what is closed is taken up again before it is answered', () => {
  expect(offers('agent', 'closed', 'per_me')).toEqual(['note', 'reopen', 'tag', 'customer', 'openFile']);
});

test('D52 what its customer has withdrawn their consent to is not offered to be reopened', () => {
  const closed = (consent: object | null) =>
    ({ ...conversation('closed', 'per_me'), staff: { team: 'tea_a', consent } }) as ConversationView;
  const mayReopen = (consent: object | null) => offered('reopen', closed(consent), me('agent'));
  expect(mayReopen(null)).toBe(true);
  expect(mayReopen({ version: 'v2', at: 1 })).toBe(true);
  expect(mayReopen({ version: 'v2', at: 1, withdrawnAt: 2 })).toBe(false);
  expect(offered('note', closed({ version: 'v2', at: 1, withdrawnAt: 2 }), me('agent'))).toBe(true);
});

test('an auditor reads', () => {
  expect(offers('auditor', 'waiting', null)).toEqual([]);
});

test('a message can be taken back by its author for five minutes', () => {
  const message = (fields: object) =>
    ({ from: { kind: 'staff', id: 'per_me' }, at: 0, ...fields }) as unknown as Message;
  expect(isOwnAndFresh(message({}), me('agent'), lifetimes.deletion - 1)).toBe(true);
  expect(isOwnAndFresh(message({}), me('agent'), lifetimes.deletion)).toBe(false);
  expect(isOwnAndFresh(message({ from: { id: 'per_other' } }), me('owner'), 0)).toBe(false);
  expect(isOwnAndFresh(message({ removed: {} }), me('agent'), 0)).toBe(false);
});
