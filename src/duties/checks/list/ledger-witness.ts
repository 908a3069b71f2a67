import { type Check, failed, passed } from '../check.ts';
import { witnessOf } from '../../audit.ts';
import { watchOf } from '../../alarms.ts';

export const ledgerWitness: Check = {
  id: 'ledger-witness',
  group: 'ledger',
  title: 'Somebody outside has the ledger’s head each day',
  measures: 'Whether an owner has named a witness, and whether the nightly sending has failed within a day.',
  why: 'Whoever runs Sotto can write another ledger and sign that. A witness has the head of yesterday.',
  answers: {
    asvs: ['16.4.3'],
    csf: ['PR.PS-04'],
    gdpr: ['Art. 5(2)'],
    hipaa: ['164.312(c)(1)'],
    cis: ['8.9'],
  },
  fix: { how: 'Name a witness: an auditor, a lawyer, or a mailbox elsewhere.', place: 'ledger' },
  async run({ env }) {
    const isNamed = (await witnessOf(env)) !== null;
    const { faults } = await watchOf(env).standing();
    const failures = (faults['schedule.ledger'] ?? 0) + (faults['mail.witness'] ?? 0);
    const found = { isNamed, failures };
    if (!isNamed) return failed('Nobody outside is sent the head.', found);
    return failures === 0
      ? passed('A witness is sent the head every day.', found)
      : failed('The witness could not be sent the head within the last day.', found);
  },
};
