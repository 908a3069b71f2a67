/** The record of processing, from what is set right now. */
import { listSites } from '../../chat/sites.ts';
import { configOf, type Env } from '../../config.ts';
import { organisationOf } from '../../people/organisation.ts';
import type { Processing } from '../../protocol/processing.ts';
import { watchOf } from '../alarms.ts';
import { witnessOf } from '../audit.ts';
import { controllerOf } from './notes.ts';
import { recordOf } from './record.ts';

export async function processingOf(env: Env, at: number): Promise<Processing> {
  const { origin, scanner, jurisdiction } = configOf(env);
  const [controller, sites, webhooks, witness, { ledgerDetailsDays }] = await Promise.all([
    controllerOf(env),
    listSites(env),
    watchOf(env).webhooks(),
    witnessOf(env),
    organisationOf(env, 'now'),
  ]);
  return recordOf({
    ...{ at, origin, jurisdiction, controller, sites, ledgerDetailsDays },
    scannerHost: scanner === null ? null : new URL(scanner.url).host,
    webhookHosts: webhooks.map(({ host }) => host),
    witnessHost: witness?.split('@').at(-1) ?? null,
  });
}
