import { configOf, type Env } from '../../../config.ts';
import { type Check, counted, failed, passed } from '../check.ts';
import { watchOf } from '../../alarms.ts';

export const mail: Check = {
  id: 'mail',
  group: 'outside',
  title: 'Mail goes out',
  measures:
    'Whether Sotto has a way to send mail and an address to send from, and whether any could not be handed over within a day.',
  why: 'Alarms, codes, invitations and warnings about one’s own sign-in go by mail.',
  answers: {
    asvs: ['6.3.5', '6.3.7'],
    csf: ['DE.AE-06', 'PR.AA-01'],
    gdpr: ['Art. 12(3)'],
    hipaa: ['164.308(a)(6)(ii)'],
    cis: ['17.2'],
  },
  fix: {
    how: 'See that wrangler.toml has [[send_email]], and that the sender’s domain is onboarded.',
    place: null,
  },
  async run({ env }) {
    const isBound = typeof (env as { MAIL?: Env['MAIL'] }).MAIL?.send === 'function';
    const isAddressed = !/@localhost$/.test(configOf(env).mailFrom);
    const { faults } = await watchOf(env).standing();
    const failures = Object.entries(faults)
      .filter(([fault]) => fault.startsWith('mail.'))
      .reduce((sum, [, count]) => sum + count, 0);
    const found = { isBound, isAddressed, failures };
    if (!isBound) return failed('There is no way to send mail.', found);
    if (!isAddressed) return failed('Mail would be sent from an address that is nobody’s.', found);
    return failures === 0
      ? passed('Mail can be sent, and none was refused within a day.', found)
      : failed(`${counted(failures, 'mail')} could not be handed over within a day.`, found);
  },
};
