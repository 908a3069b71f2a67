import { expect, test } from 'vitest';
import { stateLine } from './state-line.ts';
import { words } from './words.ts';

const online = { state: 'online', opensAt: null } as const;
const away = { state: 'away', opensAt: null } as const;
const closed = { state: 'closed', opensAt: 7 } as const;
const facts = { site: online, conversation: null, name: 'Anna' } as const;
const line = (more: Partial<Parameters<typeof stateLine>[0]>) =>
  stateLine({ ...facts, ...more }, words, (at) => `moment ${at}`);

test('before anything is written it says whether somebody is there', () => {
  expect(line({})).toBe(words.online);
  expect(line({ site: away })).toBe(words.away);
  expect(line({ site: closed })).toBe(words.closedUntil('moment 7'));
  expect(line({ site: { state: 'closed', opensAt: null } })).toBe(words.closed);
  expect(line({ site: null })).toBe('');
});

test('whoever waits is promised somebody only while somebody is there', () => {
  expect(line({ conversation: 'waiting' })).toBe(words.waiting);
  expect(line({ conversation: 'waiting', site: away })).toBe(words.away);
  expect(line({ conversation: 'waiting', site: closed })).toBe(words.closedUntil('moment 7'));
  // Until the site is heard of, nothing is promised.
  expect(line({ conversation: 'waiting', site: null })).toBe('');
});

test('with whom one talks, and what is over', () => {
  expect(line({ conversation: 'claimed' })).toBe('You are talking with Anna.');
  expect(line({ conversation: 'claimed', site: away })).toBe(words.claimedAway('Anna'));
  expect(line({ conversation: 'closed', site: away })).toBe(words.ended);
});

test('N22 whatever goes on, it says that nobody can write there now', () => {
  const site = { state: 'unavailable' } as const;
  for (const conversation of [null, 'waiting', 'claimed', 'closed'] as const)
    expect(line({ site, conversation })).toBe(words.unavailable);
});
