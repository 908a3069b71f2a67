import { type Check, counted, failed, named, passed } from '../check.ts';
import { watchOf } from '../../alarms.ts';

const mostWaiting = 20;

export const webhooks: Check = {
  id: 'webhooks',
  group: 'watching',
  title: 'Each webhook takes what it is told',
  measures: `Whether each webhook took what it was told last, and no more than ${mostWaiting} deliveries wait. Each is signed (Standard Webhooks); there are none that are not.`,
  why: 'A webhook that fails is found out on the day on which it was needed.',
  answers: {
    asvs: ['4.1.5'],
    csf: ['DE.AE-06'],
    gdpr: ['Art. 32(1)(d)'],
    hipaa: ['164.308(a)(1)(ii)(D)'],
    cis: ['8.9'],
  },
  fix: { how: 'Try the webhook there, and mend what takes it, or remove it.', place: 'alarms' },
  async run({ env }) {
    const all = await watchOf(env).webhooks();
    if (all.length === 0) return passed('There is no webhook that could fail.', { webhooks: 0 });
    const untried = all.filter(({ lastStatus }) => lastStatus === null);
    const failing = all.filter(
      ({ lastStatus, waiting }) =>
        (lastStatus !== null && Math.floor(lastStatus / 100) !== 2) || waiting > mostWaiting,
    );
    const found = {
      webhooks: all.length,
      untried: named(untried.map(({ id }) => id)),
      failing: named(failing.map(({ id }) => id)),
    };
    return untried.length + failing.length === 0
      ? passed(`${counted(all.length, 'webhook')}, each of which took what it was told last.`, found)
      : failed(`${counted(failing.length, 'webhook')} failing, ${untried.length} never tried.`, found);
  },
};
