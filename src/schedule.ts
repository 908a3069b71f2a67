/** Every timed duty on one page, by when wrangler.toml has them done. */
import { type Env, vaultOf } from './config.ts';
import { publishHead, seeToArchive, seeToLedger, seeToWitness } from './duties/audit.ts';
import { backUp, seeToBackups } from './duties/backups.ts';
import { remindOfDrills } from './duties/drills.ts';
import { seeToClocks } from './duties/incidents.ts';
import { checkNightly } from './duties/checks.ts';
import { seeToKeys, seeToRoots } from './duties/rotation.ts';
import { sweepCopies } from './duties/copies.ts';
import { seeToErasures, seeToRestrictions } from './duties/privacy.ts';
import { drill, isBeingPutBack, seeToDrills, seeToReturns } from './duties/restore.ts';
import { expireAll } from './duties/retention.ts';
import { seeToRuns } from './duties/runs.ts';
import { seeToTraining } from './duties/training.ts';
import { logFault } from './log.ts';
import { enter } from './people/recording.ts';
import { seeToTokenKeys } from './people/token-keys.ts';
import { requireResidency } from './residency.ts';

type Duties = Record<string, (env: Env, now: number) => Promise<unknown>>;

export const schedule: Record<string, Duties> = {
  '17 3 * * *': {
    tokenKeys: async (env, now) => {
      if (await seeToTokenKeys(await vaultOf(env), now))
        await enter(env, { actor: null, action: 'keys.renew' });
    },
    ledger: publishHead,
    archive: seeToArchive,
    ledgerCheck: seeToLedger,
    // Behind what it reads of the ledger, and before whatever may use up what one invocation may ask for.
    checks: checkNightly,
    restrictions: seeToRestrictions,
    retention: expireAll,
    backups: seeToBackups,
    drills: seeToDrills,
    returns: seeToReturns,
    backup: backUp,
    keys: seeToKeys,
    copies: sweepCopies,
    erasures: seeToErasures,
    training: seeToTraining,
    played: remindOfDrills,
  },
  '41 4 * * SUN': { drill },
  '*/15 * * * *': {
    runs: seeToRuns,
    roots: seeToRoots,
    incidentClocks: seeToClocks,
    witness: seeToWitness,
  },
};

/**
 * One that fails keeps no other from being done; where nothing is where it is looked for, none is. While a backup is put
 * back, nothing is but what drives that.
 */
export async function doDuties(env: Env, cron: string, now: number): Promise<void> {
  try {
    await requireResidency(env);
  } catch (error) {
    logFault('schedule.residency', error);
    return;
  }
  const isBusy = await isBeingPutBack(env);
  for (const [name, duty] of Object.entries(schedule[cron] ?? {}))
    if (!isBusy || duty === seeToRuns)
      await duty(env, now).catch((error: unknown) => {
        logFault(`schedule.${name}`, error);
      });
}
