import { expect, test } from 'vitest';
import {
  ledgerActions,
  type LedgerEntry,
  recordedDoors,
  recordedRefusals,
} from '../../../../protocol/ledger.ts';
import { permissions } from '../../../../protocol/permissions.ts';
import { refusals } from '../../../../protocol/refusals.ts';
import { groups } from './filter.ts';
import { labelOf } from './names.ts';
import { actorOf, factsOf, outcomeOf, reasonOf, thingsOf, whatOf } from './saying.ts';
import { words } from './words.ts';

const [anna, ben] = ['per_AAAAAAAAAAAAAAAAAAAAAA', 'per_BBBBBBBBBBBBBBBBBBBBBA'];
const conversation = 'con_AAAAAAAAAAAAAAAAAAxy-g';
const names = new Map([
  [anna, 'Anna'],
  [ben, 'Ben'],
]);
const nameOf = (id: string) => names.get(id) ?? labelOf(id);
const entry = (more: Partial<LedgerEntry>): LedgerEntry => ({
  ...{ seq: 0, id: '', at: 0, actor: anna, session: null, object: null, subject: null },
  ...{ action: 'teams.create', outcome: 'done', facts: {}, late: false, personal: null },
  ...more,
});

test('every action of the ledger has words, and so has every door that is one of several for it', () => {
  for (const action of ledgerActions) {
    const said = whatOf({ action, facts: {} });
    expect(said, action).toMatch(/^\p{Lu}/u);
    expect(said).not.toContain(words.unreadable);
  }
  for (const door of Object.keys(words.doors)) expect(recordedDoors[door], door).toEqual(expect.any(String));
  expect(whatOf({ action: 'people.invite', facts: { door: 'DELETE /people/:id' } })).toBe(
    'Withdraw an invitation',
  );
  expect(whatOf({ action: 'unreadable', facts: {} })).toBe(words.unreadable);
});

test('M6 reading without being shown is said to be that', () => {
  const read = { action: 'conversation.read' } as const;
  expect(whatOf({ ...read, facts: { head: 2 } })).toBe('Read a conversation');
  expect(whatOf({ ...read, facts: { head: 2, silent: true } })).toBe(
    'Read a conversation, without being shown',
  );
});

test('every action that can stand in the ledger can be looked for, in one group', () => {
  const all = groups.flatMap(({ actions }) => actions);
  expect(new Set(all).size).toBe(all.length);
  const entered = (action: (typeof ledgerActions)[number]) =>
    !(action in permissions) ||
    ['always', 'quarterly'].includes(permissions[action as keyof typeof permissions].recorded);
  expect(all.toSorted()).toEqual(ledgerActions.filter(entered).toSorted());
});

test('every refusal that can be entered has words of its own', () => {
  for (const code of recordedRefusals) {
    const reason = reasonOf({ action: 'teams.create', outcome: 'refused', facts: { code } });
    expect(reason, code).toMatch(/^\p{Lu}.*\.$/u);
    expect(reason).not.toBe(refusals[code].detail);
  }
  expect(reasonOf({ action: 'teams.create', outcome: 'refused', facts: { code: 'of_another_time' } })).toBe(
    'of_another_time',
  );
});

test('a row that somebody else has written is said to be that, whatever it says', () => {
  const strange = entry({ action: 'unreadable', actor: null, outcome: 'unknown' });
  expect([whatOf(strange), outcomeOf(strange), reasonOf(strange)]).toEqual([words.unreadable, '', null]);
  const facts = { door: 'constructor', toString: 'valueOf', code: '__proto__' };
  expect(whatOf({ action: 'constructor', facts })).toBe(words.unreadable);
  expect(factsOf({ facts }, nameOf)).toEqual([
    ['Door', 'constructor'],
    ['toString', 'valueOf'],
  ]);
});

test('what became of it is said with how often', () => {
  const outcomes = (['done', 'failed', 'unknown'] as const).map((outcome) =>
    outcomeOf({ action: 'teams.create', outcome, facts: {} }),
  );
  expect(outcomes).toEqual(['Done', 'Failed', 'Begun']);
  expect(outcomeOf({ action: 'teams.create', outcome: 'refused', facts: { count: 1 } })).toBe('Refused');
  expect(outcomeOf({ action: 'teams.create', outcome: 'refused', facts: { count: 3 } })).toBe(
    'Refused 3 times',
  );
  expect(reasonOf({ action: 'teams.create', outcome: 'done', facts: {} })).toBeNull();
  expect(reasonOf({ action: 'teams.create', outcome: 'unknown', facts: {} })).toContain('nothing was heard');
});

test('who did it is a name, a kind with a sign, nobody, or Sotto itself', () => {
  const who = (actor: string | null, action = 'signIn.password') => actorOf({ actor, action }, nameOf);
  expect(who(anna)).toBe('Anna');
  expect(who('vis_AAAAAAAAAAAAAAAAAAxyzg')).toBe('A visitor (xyzg)');
  expect(who('per_AAAAAAAAAAAAAAAAAAxyzg')).toBe('Somebody who is not known here (xyzg)');
  expect(who(null)).toBe('Nobody who is known');
  expect(who(null, 'keys.renew')).toBe('Sotto itself');
});

test('what it was done to is said once, and not whoever did it', () => {
  expect(thingsOf(entry({ object: conversation, subject: 'vis_AAAAAAAAAAAAAAAAAAxyzg' }))).toEqual([
    conversation,
  ]);
  expect(thingsOf(entry({ subject: anna }))).toEqual([]);
  expect(thingsOf(entry({ actor: null, subject: ben }))).toEqual([ben]);
  expect(thingsOf(entry({ object: ben, subject: ben }))).toEqual([ben]);
});

test('F66 what was done with a file is said with where it was sent and why it was covered', () => {
  const file = 'fil_AAAAAAAAAAAAAAAAAAxyzg';
  const facts = { conversation, as: 'show', sensitive: ['identity', 'sender'] };
  const opened = entry({ action: 'file.open', object: file, subject: 'vis_AAAAAAAAAAAAAAAAAAxyzg', facts });
  expect(whatOf(opened)).toBe('Open files');
  expect(thingsOf(opened).map(nameOf)).toEqual(['A file (xyzg)', nameOf(conversation)]);
  expect(factsOf({ facts }, nameOf)).toEqual([
    ['How it was opened', 'shown on a page'],
    ['Why it was covered', 'looks like proof of identity, its sender said so'],
  ]);
});

test('F65 a legal hold that was ended is said to be that', () => {
  const hold = { action: 'conversation.hold' } as const;
  expect(whatOf({ ...hold, facts: { on: true } })).toBe('Put a legal hold on a conversation');
  expect(whatOf({ ...hold, facts: { on: false } })).toBe('End the legal hold on a conversation');
  expect(factsOf({ facts: { on: false } }, nameOf)).toEqual([]);
});

test('facts are said by name, and what is not known by its own', () => {
  const facts = { door: 'POST /teams', members: [anna, ben], holds: true, by: ['pwd', 'otp'], odd: 1 };
  expect(factsOf({ facts: { ...facts, code: 'not_allowed', count: 2 } }, nameOf)).toEqual([
    ['Door', 'POST /teams'],
    ['Members', 'Anna, Ben'],
    ['Had claimed it', 'Yes'],
    ['Proved by', 'their password, a one-time code'],
    ['odd', '1'],
  ]);
});
