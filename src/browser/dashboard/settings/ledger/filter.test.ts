import { expect, test } from 'vitest';
import { filterIn, groups, idIn, reachesArchive, wishOf } from './filter.ts';

const person = 'per_AAAAAAAAAAAAAAAAAAAAAA';

test('an id is found alone, in an address, and not in what is no id', () => {
  const conversation = 'con_a-b_AAAAAAAAAAAAAAAAAg';
  expect(idIn(` ${conversation}\n`)).toBe(conversation);
  expect(idIn(`https://chat.example.com/#/conversations/${conversation}`)).toBe(conversation);
  expect(idIn(`${conversation}A`)).toBeUndefined();
  expect(idIn('an id')).toBeUndefined();
});

test('of an address only what makes sense is looked for', () => {
  const whole = { actor: person, about: person, action: 'signIn', from: '2026-11-01', to: '2026-11-30' };
  expect(filterIn(new URLSearchParams(whole).toString())).toEqual(whole);
  const strange = { actor: 'me', about: '', action: 'nonsense', from: 'now', to: '2026', page: '2' };
  expect(filterIn(new URLSearchParams(strange).toString())).toEqual({});
});

test('M11 what may lie in the archive is looked for wherever it is not looked for from a later day on', () => {
  const mark = new Date(2025, 9, 28, 12).getTime();
  expect(reachesArchive({}, null)).toBe(false);
  expect(reachesArchive({ from: '2020-01-01' }, null)).toBe(false);
  expect(reachesArchive({}, mark)).toBe(true);
  expect(reachesArchive({ actor: person, to: '2026-01-01' }, mark)).toBe(true);
  expect(reachesArchive({ from: '2025-10-28' }, mark)).toBe(true);
  expect(reachesArchive({ from: '2025-10-29' }, mark)).toBe(false);
});

test('what is called sign-in is how somebody comes in and goes, and nothing else', () => {
  const actionsOf = (group: string) => groups.find(({ id }) => id === group)?.actions;
  expect(actionsOf('signIn')).toEqual([
    ...['signIn.password', 'signIn.factor', 'signIn.enrol', 'signIn.recovery', 'signIn.ownerKey'],
    ...['signIn.strange', 'session.end', 'invitation.redeem', 'reset.ask', 'reset.redeem'],
    ...['address.redeem', 'ownerKey.cancel'],
  ]);
  expect(actionsOf('sotto')).toEqual(['setup', 'door.refused', 'alarm.raise']);
  expect(actionsOf('conversation')).toContain('transcript.send');
  expect(actionsOf('customer')).toEqual(['customer.change', 'customer.copy', 'copy.open']);
  expect(actionsOf('privacy')).toEqual(
    expect.arrayContaining(['privacy.ask', 'consent.withdraw', 'retention.report']),
  );
});

test('the server is asked for actions by name, and for whole days as they are here', () => {
  expect(wishOf({})).toEqual({});
  expect(wishOf({ actor: person, action: 'conversation.read' })).toEqual({
    actor: person,
    action: 'conversation.read',
  });
  expect(wishOf({ action: 'signIn' })['action']?.split(',')).toEqual(
    expect.arrayContaining(['signIn.password', 'signIn.factor', 'session.end', 'reset.redeem']),
  );
  const { from, to } = wishOf({ from: '2026-12-31', to: '2026-12-31' });
  expect([Number(from), Number(to)]).toEqual([
    new Date(2026, 11, 31).getTime(),
    new Date(2027, 0, 1).getTime(),
  ]);
});
