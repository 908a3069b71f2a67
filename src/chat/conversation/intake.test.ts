import { expect, it } from 'vitest';
import type { Question } from '../../protocol/bodies.ts';
import { unproved } from '../../protocol/frames.ts';
import { intake } from './intake.ts';

const nobody = { name: null, address: null, proof: unproved };

const text = (label: Record<string, string>, required = false): Question => ({
  kind: 'text',
  label,
  required,
});
const asked = (label: Record<string, string>, language?: string) =>
  intake({ consent: null, questions: [text(label)] }, { customer: { language, answers: ['yes'] } }, nobody, 1)
    .customer.answers[0]?.question;

it('C24 a question is kept in the customer’s language, its base, English, or whatever there is', () => {
  const label = { en: 'Why?', de: 'Warum?', 'de-CH': 'Wieso?' };
  expect([asked(label, 'de-CH'), asked(label, 'de-AT'), asked(label, 'fr'), asked(label)]).toEqual([
    'Wieso?',
    'Warum?',
    'Why?',
    'Why?',
  ]);
  expect([asked({ fr: 'Quoi ?' }, 'de'), asked({}, 'de')]).toEqual(['Quoi ?', '']);
});

it('C24 nothing asked is nothing kept', () => {
  expect(intake({ consent: null, questions: [] }, {}, nobody, 1)).toEqual({
    customer: { name: null, address: null, language: null, timeZone: null, answers: [], proof: unproved },
    consent: null,
  });
});

it('C24 consent is to the version of now, and has the time of now', () => {
  const site = { consent: { version: '3', text: {} }, questions: [] };
  expect(intake(site, { consent: '3' }, nobody, 7).consent).toEqual({ version: '3', at: 7 });
  for (const consent of [undefined, '', '2'])
    expect(() => intake(site, { consent }, nobody, 7)).toThrow(
      expect.objectContaining({ code: 'consent_needed' }),
    );
});
