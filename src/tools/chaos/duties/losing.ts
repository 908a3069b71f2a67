/**
 * The deployment is lost but for its backups, the store of keys and its secrets, and is put back into one that is empty,
 * which is killed at any moment of that. Afterwards it is what it was, byte for byte, and goes on.
 */
import { renameSync, rmSync } from 'node:fs';
import type { RestoreAnswer } from '../../../protocol/restore.ts';
import type { Client } from '../../demo/client.ts';
import { differencesOf } from '../../engine/same.ts';
import { copyBucket, rowsIn } from '../../engine/stored.ts';
import type { Finding } from '../checker/finding.ts';
import { insist } from '../insist.ts';
import { checkKeys } from './checker.ts';
import { roundOf } from './driving.ts';
import { keysIn, lookAtTalks, recordsIn } from './looking.ts';
import { filesOf, inDatabase } from './raw.ts';
import type { Scene } from './round.ts';

/** A restore takes some seconds: kills find it anywhere in them. */
const BETWEEN_KILLS_MS = 1_000;
/** A backup takes no longer, of what is here. */
const BACKED_UP_MS = 20_000;
const path = '/setup/restore';

/** @param keys those of whoever was erased @param setup of whom a fresh deployment lets make its first owner */
export async function lose(
  { driving, talks, officer, kills }: Scene,
  { client, setup, keys }: { client: Client; setup: string; keys: readonly Buffer[] },
): Promise<Finding[]> {
  // What is wrapped anew behind the backup would be other than what comes back.
  await driving.looking('no keys are wrapped anew', (runs) =>
    runs.every((run) => run.duty !== 'rotation' || (roundOf(run) ?? Infinity) > Date.now() + BACKED_UP_MS),
  );
  await officer.proves();
  await officer.post('/backups', {});
  await driving.over(({ duty }) => duty !== 'rotation');
  await driving.server.kill();
  const { state } = driving;
  const before = `${state}-lost`;
  renameSync(state, before);
  for (const bucket of ['sotto-backups', 'sotto-keys']) copyBucket(before, bucket, state);
  driving.server.beginAnew();
  await driving.server.start();

  const wish = { number: null, newest: null };
  const begun = insist(() => client.post<RestoreAnswer>(path, wish, setup));
  const goesOn = async () => {
    await driving.stored('it is being put back', 'SELECT 1 FROM restores');
    return inDatabase(state, "SELECT 1 FROM restores WHERE state = 'working'").length > 0;
  };
  await driving.kill(kills, goesOn, BETWEEN_KILLS_MS);
  await begun;
  await driving.over(({ duty }) => duty === 'restore');
  const answer = await insist(() => client.get<RestoreAnswer>(path, setup));
  const restore = answer?.restore;
  if (restore?.state !== 'done')
    return [
      {
        kind: 'not healed',
        what: `putting it back ended as ${restore?.state ?? 'nothing'}: ${restore?.wrong ?? ''}`,
      },
    ];

  const findings = await driving.whileDown(() => {
    const [row] = inDatabase(before, 'SELECT MAX(ledger) AS ledger FROM backups');
    return [
      ...differencesOf(before, state, Number(row?.['ledger'])).map((what): Finding => ({
        kind: 'changed',
        what: `put back, ${what}`,
      })),
      ...lookAtTalks(state, talks, keys),
      ...checkKeys(recordsIn(state), keysIn(state)),
      ...halfIn(state),
    ];
  });
  rmSync(before, { recursive: true });
  return findings;
}

/** A conversation that is not opened is as if it were not there. */
function halfIn(state: string): Finding[] {
  return filesOf(state, 'Conversation')
    .filter((file) => rowsIn(file, 'SELECT run FROM putting_back').length > 0)
    .map((file): Finding => ({ kind: 'not healed', what: `${file} is put back and was not opened` }));
}
