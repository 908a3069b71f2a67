import { configOf } from '../../../config.ts';
import { type Check, failed, passed } from '../check.ts';

/** Below so many different characters a secret was typed, and not drawn. */
const leastLetters = 12;

export const secretsApart: Check = {
  id: 'secrets-apart',
  group: 'keys',
  title: 'Each secret is its own, and was drawn by chance',
  measures:
    'Whether two of the secrets that this deployment was given are the same, repeat themselves, or read like words.',
  why: 'What opens one door should open no other, and what somebody made up somebody guesses.',
  answers: {
    asvs: ['6.3.2', '11.5.1', '13.2.3', '13.3.2'],
    csf: ['PR.AA-01'],
    gdpr: ['Art. 32(1)(b)'],
    hipaa: ['164.308(a)(5)(ii)(D)'],
    cis: ['5.2'],
  },
  fix: { how: 'Give it another with npx wrangler secret put, of 32 random bytes.', place: null },
  run({ env }) {
    const { setupToken, metricsToken, checksToken, scanner } = configOf(env);
    const secrets = Object.entries({
      SETUP_TOKEN: setupToken,
      METRICS_TOKEN: metricsToken,
      CHECKS_TOKEN: checksToken,
      SCANNER_SECRET: scanner?.secret ?? null,
    }).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
    const same = secrets.filter(({ name, value }) =>
      secrets.some((other) => other.name !== name && other.value === value),
    );
    const weak = secrets.filter(({ value }) => isWeak(value));
    const found = {
      secrets: secrets.length,
      same: same.map(({ name }) => name),
      weak: weak.map(({ name }) => name),
    };
    return Promise.resolve(
      same.length + weak.length === 0
        ? passed(`${secrets.length} secrets, each another, and none that reads like words.`, found)
        : failed(`To be drawn anew: ${[...new Set([...found.same, ...found.weak])].join(', ')}.`, found),
    );
  },
};

/** Words have neither capitals nor digits between their letters; of random ones, one in 10,000 is such. */
function isWeak(secret: string): boolean {
  return new Set(secret).size < leastLetters || !/[A-Z]/.test(secret) || !/\d/.test(secret);
}
