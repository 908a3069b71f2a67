import { createHash } from 'node:crypto';
import { listSites } from '../../../chat/sites.ts';
import { configOf } from '../../../config.ts';
import { ledgerOf } from '../../../ledger.ts';
import { organisationOf, pgpOf } from '../../../people/organisation.ts';
import { profilesSince } from '../../../people/profiles.ts';
import { listRoles } from '../../../people/roles.ts';
import type { LedgerAction } from '../../../protocol/ledger.ts';
import { watchOf } from '../../alarms.ts';
import { witnessOf } from '../../audit.ts';
import { type Check, counted, failed, type Look, notRun, passed } from '../check.ts';
import { Facts } from '../facts.ts';
import { CheckStore } from '../store.ts';

const id = 'configuration-drift';
/** Who changes something and who looks may stand at either side of the same moment. */
const slack = 60_000;

/** A whole backup that was put back changes each of them at once, but for what whoever deploys has set. */
const restored = 'backup.restore' satisfies LedgerAction;

/** Each kind of setting, and the entries of the ledger by which it changes; none: by whoever deploys. */
const kinds: Readonly<
  Record<string, { by: readonly LedgerAction[]; read: (look: Look) => Promise<unknown> }>
> = {
  deployment: {
    by: [],
    read: ({ env }) => {
      const { origin, mailFrom, jurisdiction, scanner, metricsToken, checksToken, pace } = configOf(env);
      const has = [metricsToken !== null, checksToken !== null];
      return Promise.resolve([origin, mailFrom, jurisdiction, scanner?.url ?? null, pace, has]);
    },
  },
  organisation: {
    by: ['organisation.change', 'privacy.change'],
    read: ({ env }) => organisationOf(env, 'now'),
  },
  openpgp: { by: ['organisation.change'], read: async ({ env }) => (await pgpOf(env))?.fingerprint ?? null },
  profiles: { by: ['privacy.change'], read: ({ env }) => profilesSince(env) },
  roles: { by: ['roles.change'], read: ({ env }) => listRoles(env) },
  people: {
    by: ['setup', 'people.invite', 'people.change', 'invitation.redeem', 'incident.contain'],
    read: async ({ env }) =>
      (await new Facts(env.DB).people()).map((person) => [person.id, person.role, person.state]),
  },
  sites: { by: ['sites.create', 'sites.change', 'privacy.change'], read: ({ env }) => listSites(env) },
  identityKeys: { by: ['sites.change'], read: ({ env }) => new Facts(env.DB).siteKeys() },
  webhooks: {
    by: ['organisation.change'],
    read: async ({ env }) => (await watchOf(env).webhooks()).map((webhook) => [webhook.id, webhook.host]),
  },
  witness: { by: ['organisation.change'], read: ({ env }) => witnessOf(env) },
};

export const configurationDrift: Check = {
  id,
  group: 'watching',
  title: 'Nothing was changed behind Sotto’s back',
  measures:
    'A digest of each kind of setting against the last look; and for what has changed, whether the ledger says that somebody did.',
  why: 'Whoever has the database changes a role there, and no door ever asks them.',
  answers: {
    asvs: ['13.4.2', '16.2.1', '8.3.1'],
    csf: ['PR.PS-01', 'DE.CM-09', 'ID.AM-08'],
    gdpr: ['Art. 5(2)', 'Art. 32(1)(d)'],
    hipaa: ['164.312(b)', '164.308(a)(8)'],
    cis: ['4.1', '8.5'],
  },
  fix: {
    how: 'Ask who deployed, or who can write to the database. What is right now is what the next look begins with.',
    place: 'ledger',
  },
  async run(look) {
    const { env, at } = look;
    const digests = await digestsOf(look);
    const last = await new CheckStore(env.DB).lastOf(id, at);
    if (last === undefined) return notRun('There is nothing yet to hold this against.', digests);
    const changed = Object.keys(kinds).filter(
      (kind) => (last.found[kind] ?? digests[kind]) !== digests[kind],
    );
    // Before this, the ledger may not have told the database yet.
    await ledgerOf(env).checkpoint();
    const facts = new Facts(env.DB);
    const entries = await Promise.all(
      changed.map((kind) => facts.countDone(explaining(kind), last.at - slack, at + slack)),
    );
    const unrecorded = changed.filter((_, n) => entries[n] === 0);
    const found = { ...digests, changed, unrecorded };
    if (changed.length === 0) return passed('Nothing has changed since the last look.', found);
    const words = `Changed since the last look: ${changed.join(', ')}.`;
    return unrecorded.length === 0
      ? passed(`${words} The ledger says by whom.`, found)
      : failed(
          `${words} The ledger does not say who changed ${counted(unrecorded.length, 'of these', 'of these')}: ${unrecorded.join(', ')}.`,
          found,
        );
  },
};

function explaining(kind: string): LedgerAction[] {
  const { by = [] } = kinds[kind] ?? {};
  return by.length === 0 ? [] : [...by, restored];
}

async function digestsOf(look: Look): Promise<Record<string, string>> {
  const entries = Object.entries(kinds).map(async ([kind, { read }]) => {
    const text = JSON.stringify((await read(look)) ?? null);
    return [kind, createHash('sha256').update(text).digest('hex').slice(0, 32)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
