import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { type Question, beginRequest } from '../../../protocol/bodies.ts';
import { introductionOf, problemsOf } from './answers.ts';

const ask = (kind: Question['kind'], required = false): Question => ({ kind, label: {}, required });
const questions = [ask('name', true), ask('address'), ask('text'), ask('text', true)];
const consent = { version: '2026-1', text: {} };

test('what is required, does not fit or is not agreed to is named', () => {
  const asked = { questions, consent };
  expect(problemsOf(asked, { values: ['', 'no address', '', ' '], consents: false })).toEqual([
    'required',
    'addressUnfit',
    null,
    'required',
    'consentNeeded',
  ]);
  expect(problemsOf(asked, { values: ['Kim', 'kim@example.com', '', 'x'], consents: true })).toEqual(
    Array.from({ length: 5 }, () => null),
  );
});

test('a name of nothing that can be seen is none', () => {
  expect(
    problemsOf({ questions: [ask('name', true)], consent: null }, { values: ['\u202e '], consents: false }),
  ).toEqual(['required', null]);
});

test('answers keep the order of the site’s questions', () => {
  expect(
    introductionOf({ questions, consent }, { values: [' Kim ', '', '', ' x '], consents: true }),
  ).toEqual({
    name: 'Kim',
    answers: [null, 'x'],
    consent: '2026-1',
  });
});

test('whatever is filled in without a problem, the server takes', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('', ' ', 'Kim 👩‍👩‍👧', '\ud800', 'a@b', 'kim@example.com', 'x'.repeat(100), '\u202eabc'),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 4, maxLength: 4 }), (values) => {
      const filled = { values, consents: true };
      if (problemsOf({ questions, consent }, filled).some((problem) => problem !== null)) return;
      const { consent: version, ...customer } = introductionOf({ questions, consent }, filled);
      const body = { id: '00000000-0000-4000-8000-000000000000', text: 'x', customer, consent: version };
      expect(v.safeParse(beginRequest, body).issues).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
});
