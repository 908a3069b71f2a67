/**
 * The drill: the newest backup is put back into a scratch space by the very code that puts one back for good, compared, and
 * thrown away again. Of many conversations some are put back, other ones each time.
 */
import { createHash } from 'node:crypto';
import { scratchOf } from '../../chat/conversation.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { Wrong } from '../../protocol/backup-proof.ts';
import { enter } from '../../people/recording.ts';
import { idOf } from '../../ledger.ts';
import { watchOf } from '../alarms.ts';
import { keptKeys } from '../backups.ts';
import type { Portion } from '../runs.ts';
import { compareConversations, compareTables } from './comparing.ts';
import { BackupReader } from './reading.ts';
import { ordersForKeys } from './rows.ts';
import { scratchSpace, schemaOf, scratchSpaceOf } from './scratch.ts';
import {
  conversations,
  directory,
  headOf,
  register,
  serviceKeys,
  takeLedger,
  takeTables,
  verify,
} from './stages.ts';
import { begin, type Place, placeFrom, type Restoring, type Step, textOf } from './steps.ts';
import { RestoreStore } from './store.ts';

/** So many conversations are put back, about. */
const sampled = 200;
/** Longer than any drill takes. */
const longest = 2 * 86_400_000;
const droppedAtOnce = 100;
const nothing = {};

type Stage = (restoring: Restoring, place: Place, next: Place) => Promise<Step>;
const stages: Readonly<Record<string, Stage>> = {
  verify: verifyHere,
  prepare,
  serviceKeys,
  keys,
  register,
  directory,
  ledger: takeLedger,
  conversations: async (restoring, place, next) =>
    conversations(restoring, place, next, await sampleOf(restoring)),
  tables: takeTables,
  compare: compareTables,
  open: async (restoring, place, next) =>
    compareConversations(restoring, place, next, await sampleOf(restoring)),
  end,
  sealed,
  wipe,
};
const names = Object.keys(stages);

export const drillPortion: Portion = async (env, run, from) => {
  const store = new RestoreStore(env.DB);
  const restore = await store.ofRun(run);
  if (restore?.isScratch !== true) return { place: null, done: 0 };
  const place = from === null ? begin(names[0] ?? '') : placeFrom(from);
  if (restore.state !== 'working' && place.stage !== 'wipe') return { place: textOf(begin('wipe')), done: 0 };
  const next = begin(names[names.indexOf(place.stage) + 1] ?? '');
  const target = scratchSpace(env, run, restore.begunAt + longest);
  const restoring = { env, reader: new BackupReader(env), restore, target };
  try {
    const step = (await stages[place.stage]?.(restoring, place, next)) ?? { next: null, counts: nothing };
    await store.count(run, textOf(place), step.counts);
    return {
      place: step.next && textOf(step.next),
      done: Object.values(step.counts).reduce((a, b) => a + b, 0),
    };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    await tell(restoring, `${error.where} ${error.message}`);
    return { place: textOf(begin('wipe')), done: 0 };
  }
};

/** What is sealed to an OpenPGP key opens nowhere but where its private half is: all that is proved is what was signed. */
async function verifyHere(restoring: Restoring, place: Place, next: Place): Promise<Step> {
  const { reader, restore } = restoring;
  const isSealed = (await reader.chain(restore.newest)).at(-1)?.openpgp !== undefined;
  return isSealed
    ? verify(restoring, place, begin('sealed'), 'it lies')
    : verify(restoring, place, next, 'it opens');
}

async function prepare({ env, reader, restore }: Restoring, _: Place, next: Place): Promise<Step> {
  const { run, newest, begunAt } = restore;
  await scratchSpaceOf(env).begin(run, await schemaOf(env), begunAt + longest);
  await new RestoreStore(env.DB).setHead(run, await headOf(reader, newest));
  return { next, counts: nothing };
}

/** What was renewed since the backup was made: what lies in the store of keys may lie under it. */
async function keys({ env, target }: Restoring, _: Place, next: Place): Promise<Step> {
  await target.execute(ordersForKeys(await keptKeys(env)));
  return { next, counts: nothing };
}

/** Which conversations are put back: as many as are enough, by chance, and the same ones in each portion. */
async function sampleOf({ restore, target }: Restoring): Promise<(id: string) => boolean> {
  const [row] = await target.query<{ n: number }>({
    sql: 'SELECT COUNT(*) AS n FROM conversations WHERE ?1 = ?1',
    json: '[]',
  });
  const share = Math.min(1, sampled / Math.max(1, row?.n ?? 0));
  return (id) =>
    createHash('sha256').update(`${restore.run} ${id}`).digest().readUInt32BE(0) < share * 2 ** 32;
}

async function end(restoring: Restoring): Promise<Step> {
  await tell(restoring, null);
  return { next: begin('wipe'), counts: nothing };
}

/** It is said once, and not each week, that a backup like this one is to be tried by hand. */
async function sealed(restoring: Restoring, _: Place, next: Place): Promise<Step> {
  const { env, restore } = restoring;
  if (!(await new RestoreStore(env.DB).wasSealed(restore.run)))
    await watchOf(env).raise({
      rule: 'backup.drill',
      about: null,
      facts: {
        what: `Backup ${restore.number} is sealed to an OpenPGP key, so that it can't be tried here, and has to be by hand`,
      },
    });
  await tell(restoring, null, 'sealed');
  return { next, counts: nothing };
}

/** It stands in the ledger what was compared, and an alarm is raised where it did not come to the same. */
async function tell(
  { env, restore }: Restoring,
  wrong: string | null,
  good: 'done' | 'sealed' = 'done',
): Promise<void> {
  const { run, number, begunAt } = restore;
  const store = new RestoreStore(env.DB);
  const counts = await store.counts(run);
  const facts = {
    // Of one that could not be opened nobody knows.
    ...{
      number,
      isWhole: good === 'sealed' ? null : wrong === null,
      seconds: Math.round((Date.now() - begunAt) / 1000),
    },
    parts: counts['parts'] ?? 0,
    rows: counts['rows compared'] ?? 0,
    conversations: (counts['conversations compared'] ?? 0) + (counts['conversations changed since'] ?? 0),
    opened: (counts['messages opened'] ?? 0) + (counts['keys opened'] ?? 0),
  };
  await enter(env, { actor: null, action: 'backup.drill', facts }, idOf('backup.drill', run));
  if (wrong !== null)
    await watchOf(env).raise({
      rule: 'backup.drill',
      about: null,
      facts: { what: `Backup ${number}: ${wrong}` },
    });
  await store.finish(run, wrong, Date.now(), good);
}

/** Nothing stays of it. What is not reached here throws itself away. */
async function wipe(restoring: Restoring, place: Place): Promise<Step> {
  const { env, restore, target } = restoring;
  const space = scratchSpaceOf(env);
  if (!(await space.isThere(restore.run))) return { next: null, counts: nothing };
  const isWanted = await sampleOf(restoring);
  const sql = `SELECT id FROM conversations WHERE id > json_extract(?1, '$[0]') ORDER BY id LIMIT 1000`;
  const page = await target.query<{ id: ConversationId }>({ sql, json: JSON.stringify([place.after]) });
  const wanted = page.map(({ id }) => id).filter(isWanted);
  const ids = wanted.slice(0, droppedAtOnce);
  await Promise.all(ids.map((id) => scratchOf(env, id).dropPutBack(restore.run)));
  const last = wanted.length > ids.length ? ids.at(-1) : page.at(-1)?.id;
  if (last !== undefined) return { next: { ...place, after: last }, counts: nothing };
  await space.end(restore.run);
  return { next: null, counts: nothing };
}
