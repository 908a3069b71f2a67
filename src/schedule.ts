/** Every timed duty on one page. When they are done stands in wrangler.toml. */
import { type Env, vaultOf } from './config.ts';
import { publishHead, seeToLedger } from './duties/audit.ts';
import { sweep } from './duties/retention.ts';
import { logFault } from './log.ts';
import { enter } from './people/recording.ts';
import { seeToTokenKeys } from './people/token-keys.ts';

/** One that fails keeps no other from being done. */
export async function doDuties(env: Env, now: number): Promise<void> {
  const duties = {
    tokenKeys: async () => {
      if (await seeToTokenKeys(await vaultOf(env), now))
        await enter(env, { actor: null, action: 'keys.renew' });
    },
    ledger: () => publishHead(env),
    ledgerCheck: () => seeToLedger(env, now),
    retention: () => sweep(env, now),
  };
  for (const [name, duty] of Object.entries(duties))
    await duty().catch((error: unknown) => {
      logFault(`schedule.${name}`, error);
    });
}
