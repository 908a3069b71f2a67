import { StaffDirectory } from '../../../people/staff.ts';
import { type Check, failed, passed } from '../check.ts';

export const setupClosed: Check = {
  id: 'setup-closed',
  group: 'web',
  title: 'The setup token is spent',
  measures:
    'Whether Sotto was set up, says so to whoever asks, and refuses whoever brings no token to its setup.',
  why: 'Whoever sets Sotto up is its first owner.',
  answers: {
    asvs: ['6.3.2', '13.2.3', '15.2.3'],
    csf: ['PR.AA-01', 'PR.PS-01'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(a)(1)'],
    cis: ['4.7'],
  },
  fix: { how: 'Set Sotto up now, before somebody else does.', place: null },
  async run({ env, own }) {
    const isEmpty = await new StaffDirectory(env).store.isEmpty();
    const status = await (await own('/api/v1/setup')).json<{ needed?: unknown }>();
    const refused = await own('/api/v1/setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const found = { isSpent: !isEmpty, isSaid: status.needed === false, refusal: refused.status };
    return !isEmpty && status.needed === false && refused.status === 401
      ? passed('Sotto is set up, and nobody sets it up again.', found)
      : failed('Sotto can be set up, or does not refuse whoever tries.', found);
  },
};
