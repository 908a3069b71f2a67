import { type Check, counted, failed, named, notRun, passed } from '../check.ts';
import { activePeople, isRuling } from '../holding.ts';

export const phishingResistantFactors: Check = {
  id: 'phishing-resistant-factors',
  group: 'people',
  title: 'Whoever rules Sotto has a passkey',
  measures: 'Whether everybody who can change people, roles, settings or keys has a passkey.',
  why: 'A one-time code can be asked for by a page that looks like Sotto’s. A passkey answers Sotto’s address alone.',
  answers: {
    asvs: ['6.3.3'],
    csf: ['PR.AA-03'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.312(d)'],
    cis: ['6.5'],
  },
  fix: { how: 'Ask them to add a passkey under their own name, Sign-in and security.', place: 'people' },
  async run(look) {
    const ruling = (await activePeople(look)).filter(isRuling);
    if (ruling.length === 0) return notRun('Nobody can change anything here yet.');
    const without = ruling.filter(({ passkeys }) => passkeys === 0);
    const found = {
      people: ruling.length,
      withPasskey: ruling.length - without.length,
      without: named(without.map(({ id }) => id)),
    };
    const words = `${found.withPasskey} of ${counted(ruling.length, 'person', 'people')} who can change how Sotto works have a passkey.`;
    return without.length === 0 ? passed(words, found) : failed(words, found);
  },
};
