/** The newest backup is damaged: it can’t be put back. Another copy is, into the scratch space. */
import { watchOf } from '../alarms.ts';
import { drill as tryNewest, drillSince, tryDamaged } from '../restore.ts';
import { isShutOut } from './account.ts';
import { reads, stolenToken } from './intruder.ts';
import { type Playing, type Scenario, Unplayable } from './scenario.ts';

export const backup: Scenario = { conversations: 1, play, recover };

/** A copy of it is damaged, that lies nowhere: the bucket stays as it is. */
async function play(playing: Playing): Promise<'played'> {
  const { env, store, drill } = playing;
  const token = await stolenToken(playing);
  for (const id of token === undefined ? [] : await store.things(drill.id, 'con'))
    await reads(playing, token ?? '', id);
  const tried = await tryDamaged(env);
  if (tried === undefined) throw new Unplayable('noBackup');
  if (tried.wrong === null) throw new Unplayable('unseen');
  const what = `DRILL: backup ${tried.number}: ${tried.wrong}`;
  await watchOf(env).raise({ rule: 'backup.drill', about: drill.person, facts: { what, drill: drill.id } });
  return 'played';
}

async function recover(playing: Playing): Promise<boolean> {
  const { env, drill } = playing;
  const tried = await drillSince(env, drill.report.playedAt ?? drill.begunAt);
  if (tried === undefined) await tryNewest(env, Date.now());
  if (tried === 'failed') throw new Unplayable('notRecovered');
  return (tried === 'done' || tried === 'sealed') && isShutOut(playing);
}
