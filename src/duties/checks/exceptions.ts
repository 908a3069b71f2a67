/** What was accepted for a while, by whom and why. The reason lies sealed. */
import { type Env, vaultOf } from '../../config.ts';
import { type CheckException, longestException } from '../../protocol/checks.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { bind } from '../../vault.ts';
import { CheckStore } from './store.ts';

export const exceptionPlace = (check: string) => bind('sotto/check-exception/1', [check]);

/** Those that hold now, by the check. */
export async function exceptionsOf(env: Env, now: number): Promise<Map<string, CheckException>> {
  const vault = await vaultOf(env);
  const opened = (await new CheckStore(env.DB).exceptions(now)).map(async ({ id, reason, by, at, until }) => {
    const text = new TextDecoder().decode(await vault.openPepper(exceptionPlace(id), reason));
    return [id, { reason: text, by, at, until }] as const;
  });
  return new Map(await Promise.all(opened));
}

/** @throws {Refusal} invalid: it ends too late, or has ended */
export async function accept(
  env: Env,
  id: string,
  { reason, by, at, until }: CheckException & { by: PersonId },
): Promise<void> {
  if (until <= at || until > at + longestException)
    throw new Refusal('invalid', 'until: not within a year from now');
  const sealed = await (await vaultOf(env)).sealPepper(exceptionPlace(id), new TextEncoder().encode(reason));
  await new CheckStore(env.DB).accept({ id, reason: sealed, by, at, until });
}
