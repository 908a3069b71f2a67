import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actions } from './permissions.ts';
import {
  type Asked,
  closedOf,
  dueOf,
  gatesBehind,
  holdsFor,
  isBehind,
  isToRemind,
  nextClosing,
  passes,
  remindedBefore,
  remindedEvery,
  standingOf,
} from './training.ts';

const now = Date.UTC(2026, 10, 28);
const day = 86_400_000;
const asked: Asked = { lesson: 'files', gate: 'conversations', from: now, counts: 1, renewBy: null };

describe('E5 what a lesson stands before', () => {
  it('E5 is everything of conversations, or sensitive files alone, and never a setting', () => {
    const behind = actions.filter((action) => isBehind('conversations', action, {}));
    expect(new Set(behind.map((action) => action.split('.')[0]))).toEqual(
      new Set(['conversation', 'file', 'message', 'customer']),
    );
    expect(actions.filter((action) => isBehind('sensitiveFiles', action, { sensitive: true }))).toEqual([
      'file.open',
      'customer.copy',
    ]);
    expect(actions.filter((action) => isBehind('sensitiveFiles', action, {}))).toEqual(['customer.copy']);
  });

  it('E5 closes when the first lesson before it is due, and not before', () => {
    const later = { ...asked, from: now + day, taken: null };
    const open = gatesBehind([{ ...asked, taken: { version: 1, at: now } }, later]);
    expect(open).toEqual({ conversations: now + day });
    expect(closedOf(open, now + day - 1)).toEqual([]);
    expect(closedOf(open, now + day)).toEqual(['conversations']);
    expect(nextClosing(open, now)).toBe(now + day);
    expect(nextClosing(open, now + day)).toBe(Infinity);
    expect(closedOf(undefined, now)).toEqual([]);
    expect(gatesBehind([{ ...asked, gate: null, taken: null }])).toEqual({});
  });
});

describe('E6 when a lesson is due', () => {
  it('E6 is from when it is asked, and a year after it was taken', () => {
    expect(dueOf(asked, null)).toBe(now);
    expect(dueOf(asked, { version: 1, at: now })).toBe(now + holdsFor);
    expect(dueOf({ ...asked, from: now + 2 * holdsFor }, { version: 1, at: now })).toBe(now + 2 * holdsFor);
  });

  it('E6 comes sooner where the lesson means something else, and never for who never took it', () => {
    const again = { ...asked, counts: 2, renewBy: now + 30 * day };
    expect(dueOf(again, { version: 1, at: now })).toBe(now + 30 * day);
    expect(dueOf(again, { version: 1, at: now - holdsFor + day })).toBe(now + day);
    expect(dueOf(again, { version: 2, at: now })).toBe(now + holdsFor);
    expect(dueOf(again, null)).toBe(now);
    expect(dueOf({ ...again, renewBy: null }, { version: 1, at: now })).toBe(now);
  });

  it('E6 is never put off by a version that counts no more', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(60), fc.integer({ min: 1, max: 5 }), (ago, term, version) => {
        const taken = { version, at: now - ago * day };
        const before = dueOf(asked, taken);
        const after = dueOf({ ...asked, counts: version + 1, renewBy: now + term * day }, taken);
        expect(after).toBeLessThanOrEqual(before);
      }),
    );
  });

  it('E6 stands soon fourteen days before, and overdue from then on', () => {
    expect(standingOf(now + remindedBefore + 1, now)).toBe('done');
    expect(standingOf(now + remindedBefore, now)).toBe('soon');
    expect(standingOf(now, now)).toBe('overdue');
  });
});

describe('E8 who is reminded', () => {
  it('E8 is so once fourteen days before, and each week once it is overdue', () => {
    const due = now + remindedBefore;
    expect(isToRemind(due + 1, now, null)).toBe(false);
    expect(isToRemind(due, now, null)).toBe(true);
    expect(isToRemind(due, now + day, { due, at: now })).toBe(false);
    expect(isToRemind(due, due + remindedEvery, { due, at: due })).toBe(true);
    expect(isToRemind(due, due + remindedEvery - 1, { due, at: due })).toBe(false);
    expect(isToRemind(due, now + day, { due: due - holdsFor, at: now })).toBe(true);
  });
});

it('E4 four of five answers are enough, and three are not', () => {
  expect([3, 4, 5].map((right) => passes(right, 5))).toEqual([false, true, true]);
  expect(passes(0, 1)).toBe(false);
});
