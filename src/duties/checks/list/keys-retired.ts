import { keyTable } from '../../../vault.ts';
import { type Check, counted, day, failed, passed } from '../check.ts';
import { Facts } from '../facts.ts';

const longest = 14;

export const keysRetired: Check = {
  id: 'keys-retired',
  group: 'keys',
  title: 'Keys that were retired are gone',
  measures: `Whether a key that was replaced more than ${longest} days ago still has something under it.`,
  why: 'A key was perhaps renewed because it may have leaked. Until nothing lies under it, nothing was gained.',
  answers: {
    asvs: ['11.1.1', '13.3.4'],
    csf: ['PR.DS-01'],
    gdpr: ['Art. 32(1)(a)'],
    hipaa: ['164.312(a)(2)(iv)'],
    cis: ['3.11'],
  },
  fix: { how: 'See what could not be wrapped anew, and press Renew again.', place: 'keys' },
  async run({ env, at }) {
    const keys = await keyTable(env.DB).all();
    const replacedAt = (purpose: string) =>
      keys.find((key) => key.state === 'active' && key.purpose === purpose)?.createdAt ?? at;
    // The ledger's former keys stay for ever: they say who signed what they signed.
    const old = keys.filter(
      ({ state, purpose }) =>
        state === 'retired' && purpose !== 'ledger' && replacedAt(purpose) < at - longest * day,
    );
    const left = await new Facts(env.DB).countUnmoved();
    const found = {
      retired: keys.filter(({ state }) => state === 'retired').length,
      old: old.map(({ purpose }) => purpose),
      left,
    };
    return old.length === 0
      ? passed(`${counted(keys.length, 'key')}, none retired for more than ${longest} days.`, found)
      : failed(
          `${counted(old.length, 'retired key')} still there, and ${counted(left, 'thing')} that could not be wrapped anew.`,
          found,
        );
  },
};
