/** What holds for everybody who works here, as owners and admins set it. */
import * as v from 'valibot';
import type { ProfileId } from './laws.ts';
import { lifetimes, limits } from './limits.ts';
import { networkFrom } from './networks.ts';
import type { PgpKeyView } from './pgp.ts';
import { type Role, roleSchema } from './roles.ts';

const minute = 60_000;
const network = v.pipe(
  v.string(),
  v.maxLength(limits.networkLength),
  v.trim(),
  v.transform(networkFrom),
  v.string('not an address or a network'),
);
/** After how many minutes in which nobody does anything a session is over. */
const idleMinutes = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(lifetimes.sessionIdleMin / minute),
  v.maxValue(lifetimes.sessionIdleMax / minute),
);
/** For how many days what is personal in the ledger can be read. */
const ledgerDetailsDays = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(limits.ledgerDetailsDaysMin),
  v.maxValue(limits.ledgerDetailsDaysMax),
);
/** Where staff may work from; none: from anywhere. */
const networks = v.pipe(
  v.array(network),
  v.maxLength(limits.networks),
  v.transform((all) => [...new Set(all)]),
);

/** How many whoever has a role opens within an hour before they are asked for their second factor. */
const budgetsUpTo = (most: number) =>
  v.record(roleSchema, v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most)));
const budgets = budgetsUpTo(limits.conversationsPerHourMax);
const fileBudgets = budgetsUpTo(limits.filesPerHourMax);

export type OrganisationSettings = {
  idleMinutes: number;
  networks: string[];
  budgets: Partial<Record<Role, number>>;
  fileBudgets: Partial<Record<Role, number>>;
  ledgerDetailsDays: number;
};
export const plainOrganisation: OrganisationSettings = {
  idleMinutes: lifetimes.sessionIdle / minute,
  networks: [],
  budgets: {},
  fileBudgets: {},
  ledgerDetailsDays: limits.ledgerDetailsDays,
};
export const organisationChangeRequest = v.strictObject({
  idleMinutes: v.exactOptional(idleMinutes),
  networks: v.exactOptional(networks),
  budgets: v.exactOptional(budgets),
  fileBudgets: v.exactOptional(fileBudgets),
  ledgerDetailsDays: v.exactOptional(ledgerDetailsDays),
});
export type OrganisationChange = v.InferOutput<typeof organisationChangeRequest>;
/**
 * `address`: the one from which this was asked, if it is known. `profiles`: those that are on. `pgp`: the OpenPGP key that
 * backups are sealed to once more.
 */
export type OrganisationAnswer = {
  organisation: OrganisationSettings;
  address: string | null;
  profiles: ProfileId[];
  pgp: PgpKeyView | null;
};
