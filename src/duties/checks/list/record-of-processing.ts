import { controllerOf } from '../../laws.ts';
import { type Check, failed, passed } from '../check.ts';

export const recordOfProcessing: Check = {
  id: 'record-of-processing',
  group: 'law',
  title: 'It is said who answers for the data',
  measures: 'Whether the record of processing names who answers for the data, and how they are reached.',
  why: 'The record (GDPR, article 30) is the first thing that an authority asks for.',
  answers: {
    asvs: ['14.1.1'],
    csf: ['GV.OC-03', 'GV.RR-02'],
    gdpr: ['Art. 30(1)(a)', 'Art. 13(1)(a)'],
    hipaa: ['164.308(a)(2)'],
    cis: ['3.1'],
  },
  fix: { how: 'Name them in the record of processing.', place: 'processing' },
  async run({ env }) {
    const { name, contact, officer } = await controllerOf(env);
    const found = {
      isNamed: name.trim() !== '',
      isReached: contact.trim() !== '',
      hasOfficer: officer.trim() !== '',
    };
    return found.isNamed && found.isReached
      ? passed('The record says who answers for the data, and how they are reached.', found)
      : failed('The record does not say who answers for the data, or how they are reached.', found);
  },
};
