import { type Check, failed, passed } from '../check.ts';
import { Facts } from '../facts.ts';

export const ownerKey: Check = {
  id: 'owner-key',
  group: 'people',
  title: 'The owner key is there, and nobody waits with it',
  measures: 'Whether an owner key was made and kept, and whether somebody is waiting to be let in by it.',
  why: 'Without one, owners who lose every factor lose Sotto. Somebody who waits with it is in a day later, whoever they are.',
  answers: {
    asvs: ['6.4.4', '6.1.3'],
    csf: ['PR.AA-01', 'DE.CM-03'],
    hipaa: ['164.308(a)(7)(ii)(C)'],
    cis: ['17.1'],
  },
  fix: {
    how: 'An owner makes a new key under their own name. If nobody of you waits, end it by the link that was mailed.',
    place: 'people',
  },
  async run({ env }) {
    const key = await new Facts(env.DB).ownerKey();
    if (key === undefined) return failed('There is no owner key.', { isThere: false });
    const found = { isThere: true, isWaited: key.isWaited };
    return key.isWaited
      ? failed('Somebody waits to be let in with the owner key.', found)
      : passed('There is an owner key, and nobody waits with it.', found);
  },
};
