/** Once a day a share of the ledger is held against what was signed; where it is not that, an alarm is raised. */
import type { Env } from '../../config.ts';
import { checkLedger } from '../../ledger.ts';
import { enter } from '../../people/recording.ts';
import { watchOf } from '../alarms.ts';

const day = 86_400_000;

export async function seeToLedger(env: Env, now: number): Promise<void> {
  const { size, from, to, broken } = await checkLedger(env, Math.floor(now / day));
  if (broken !== null)
    await watchOf(env).raise({
      rule: 'ledger.broken',
      about: null,
      facts: { entry: broken, what: `Entry ${broken} is not what was signed` },
    });
  await enter(env, {
    actor: null,
    action: 'ledger.check',
    facts: { size, first: from, last: to - 1, isWhole: broken === null },
  });
}
