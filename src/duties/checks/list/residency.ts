import { configOf } from '../../../config.ts';
import { jurisdictionNames } from '../../../protocol/residency.ts';
import { type Check, failed, passed } from '../check.ts';

export const residency: Check = {
  id: 'residency',
  group: 'law',
  title: 'It is settled where the data lie',
  measures: 'Whether this deployment is pinned to a jurisdiction.',
  why: 'Elsewhere Cloudflare puts data where it likes, and whoever asks where they are gets no answer.',
  answers: {
    asvs: ['14.1.2', '14.2.3'],
    csf: ['GV.OC-03', 'ID.AM-03'],
    gdpr: ['Art. 44', 'Art. 30(1)(e)'],
    hipaa: ['164.308(b)(1)'],
    cis: ['3.1'],
  },
  fix: {
    how: 'It is chosen before Sotto is set up (docs/PRIVACY.md): a new deployment, and a backup put back there.',
    place: null,
  },
  run({ env }) {
    const { jurisdiction } = configOf(env);
    return Promise.resolve(
      jurisdiction === null
        ? failed('It is not: data lie wherever Cloudflare puts them.', { jurisdiction: '' })
        : passed(`Everything that is kept lies in ${jurisdictionNames[jurisdiction]}.`, { jurisdiction }),
    );
  },
};
