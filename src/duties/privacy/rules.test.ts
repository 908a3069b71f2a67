import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestLaws } from '../../protocol/privacy.ts';
import { dueAt, extendedUntil, firstLaw, notAnswerable, notExtendable } from './rules.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const said = (time: number) => new Date(time).toISOString().slice(0, 16);

describe('D20 a request is due', () => {
  it.each([
    ['2026-03-15T10:00', '2026-04-15T10:00', '2026-06-15T10:00'],
    ['2026-01-31T23:59', '2026-02-28T23:59', '2026-04-30T23:59'],
    ['2028-01-30T00:00', '2028-02-29T00:00', '2028-04-30T00:00'],
    ['2026-11-30T08:00', '2026-12-30T08:00', '2027-02-28T08:00'],
  ])('after a month of the calendar, and three in all: %s', (opened, due, extended) => {
    expect(said(dueAt('gdpr', at(opened), false))).toBe(due);
    expect(said(dueAt('gdpr', at(opened), true))).toBe(extended);
  });

  it('after 45 days in California and 30 for records of health, and twice as many in all', () => {
    const opened = at('2026-03-01T10:00');
    expect(said(dueAt('ccpa', opened, false))).toBe('2026-04-15T10:00');
    expect(said(dueAt('ccpa', opened, true))).toBe('2026-05-30T10:00');
    expect(said(dueAt('hipaa', opened, false))).toBe('2026-03-31T10:00');
    expect(said(dueAt('hipaa', opened, true))).toBe('2026-04-30T10:00');
  });

  it('D84 by the law that wants it first, of those that are there, and by the GDPR where none is', () => {
    const [long, short] = [at('2026-03-15T10:00'), at('2026-02-10T10:00')];
    expect(firstLaw([], long)).toBe('gdpr');
    expect(firstLaw(['ccpa'], long)).toBe('ccpa');
    expect(firstLaw(['ccpa', 'gdpr'], long)).toBe('gdpr');
    // A month from the 15th of March has 31 days, and one from the 10th of February 28.
    expect(firstLaw(['gdpr', 'hipaa', 'ccpa'], long)).toBe('hipaa');
    expect(firstLaw(['hipaa', 'gdpr'], short)).toBe('gdpr');
    expect(said(extendedUntil(['gdpr', 'hipaa'], short))).toBe('2026-04-11T10:00');
    // Three months have 92 days from March on, and 89 from February on.
    expect(said(extendedUntil(['gdpr', 'ccpa'], long))).toBe('2026-06-13T10:00');
    expect(said(extendedUntil(['gdpr', 'ccpa'], short))).toBe('2026-05-10T10:00');
  });

  it('never before 28 days, and later once it was extended', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), noInvalidDate: true }),
        fc.constantFrom(...requestLaws),
        (date, law) => {
          fc.pre(date.getTime() < at('9000-01-01T00:00'));
          const opened = date.getTime();
          expect(dueAt(law, opened, false) - opened).toBeGreaterThanOrEqual(28 * 86_400_000);
          expect(dueAt(law, opened, true)).toBeGreaterThan(dueAt(law, opened, false));
        },
      ),
    );
  });
});

it('D20 it is extended once, while it is open and before it is due', () => {
  const open = { state: 'open', extendedAt: null, dueAt: 100 } as const;
  expect(notExtendable(open, 100)).toBeUndefined();
  expect(notExtendable(open, 101)).toBe('too_late');
  expect(notExtendable({ ...open, extendedAt: 1 }, 50)).toBe('already_done');
  for (const state of ['working', 'refused', 'done'] as const) {
    expect(notExtendable({ ...open, state }, 50)).toBe('already_done');
    expect(notAnswerable({ state })).toBe('already_done');
  }
  expect(notAnswerable(open)).toBeUndefined();
});
