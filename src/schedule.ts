/** Every timed duty on one page. When they are done stands in wrangler.toml. */
import { type Env, vaultOf } from './config.ts';
import { seeToTokenKeys } from './people/token-keys.ts';

export async function doDuties(env: Env, now: number): Promise<void> {
  await seeToTokenKeys(await vaultOf(env), now);
}
