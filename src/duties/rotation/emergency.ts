/**
 * What helps where keys themselves have leaked, which wrapping them anew does not: new ones, and everything that lay under
 * the old ones sealed anew. Conversation after conversation, stretch after stretch, file after file, then what is personal
 * in the ledger, and last the rows of the database, so that the backup which is made at the end follows at once: until it
 * is whole, nothing but this deployment has them. The old key goes with the commit that stores what the new one has sealed.
 */
import { conversationOf } from '../../chat/conversation.ts';
import { conversationsAfter } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { detailsAfter, ledgerOf } from '../../ledger.ts';
import { logFault } from '../../log.ts';
import type { ConversationId, FileId } from '../../protocol/ids.ts';
import type { Emergency, EmergencyStage } from '../../protocol/keys.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { keyTable, RETIRING_MS } from '../../vault.ts';
import { backUpAnew } from '../backups.ts';
import { beginRun, newestRun, type Portion } from '../runs.ts';
import { idsAfter, rowsNames, type RowsName, sealRowAnew } from './rows.ts';
import { UnmovedStore } from './store.ts';

/** Each may be as large as 4,096 messages, or one file. */
const atOnce = 10;
/** Each may be thousands of entries. */
const monthsAtOnce = 20;
/** A portion waits no longer than this. */
const mostWaited = 5_000;
/** In the table of what could not be wrapped anew, what could not be sealed anew stands under no key's number. */
const noKey = 0;
const runs = 'emergency';

/**
 * Whether it can be begun, for one conversation or, without one, for everything. False: it goes on already.
 * @throws {Refusal} already_done: another one goes on, in which this is not
 */
export async function canBegin(env: Env, only: ConversationId | null): Promise<boolean> {
  const run = await newestRun(env, runs);
  if (run?.overAt !== null) return true;
  const going = onlyIn(run.id);
  if (going === null || going === only) return false;
  throw new Refusal('already_done', 'One conversation is being sealed anew. Ask again once that is over.');
}

export async function begin(env: Env, only: ConversationId | null, now: number): Promise<void> {
  await new UnmovedStore(env.DB).clear(noKey);
  await beginRun(env, 'emergency', [runs, now, ...(only === null ? [] : [only])].join('-'), now);
}

/**
 * What came back from a backup that was begun before such an emergency lies under the keys of then, which may have leaked:
 * each of these is sealed anew. Begun again it is the same.
 * @param begunAt of the backup; undefined: nobody knows
 * @param run by which they came back
 */
export async function sealReturned(
  env: Env,
  ids: readonly ConversationId[],
  begunAt: number | undefined,
  run: string,
): Promise<void> {
  const last = await newestRun(env, runs);
  if (last === undefined || last.begunAt < (begunAt ?? 0)) return;
  const name = run.replaceAll('-', '_');
  for (const id of ids) await beginRun(env, 'emergency', [runs, name, id].join('-'), Date.now());
}

/** The newest one; null: there was none. */
export async function emergencyOf(env: Env): Promise<Emergency | null> {
  const run = await newestRun(env, runs);
  if (run === undefined) return null;
  const { begunAt, done, overAt, place } = run;
  const left = await new UnmovedStore(env.DB).count(noKey);
  const stage = overAt === null ? stageAt(place) : null;
  return { begunAt, done, isOver: overAt !== null, left, stage, isOfOne: onlyIn(run.id) !== null };
}

/** What can't be sealed anew is said, and keeps no other from being. Done twice, a thing has another key once more. */
export const emergencyPortion: Portion = async (env, run, text) => {
  const only = onlyIn(run);
  if (text === null) return { place: only === null ? 'wait' : conversationPlace(only), done: 0 };
  const [stage = '', ...after] = text.split(' ');
  if (stage === 'wait') return wait(env);
  if (stage === 'conversation') return conversations(env, placeIn(after), only);
  if (stage === 'ledger') return months(env, after);
  if (stage === 'backup') {
    if (await backUpAnew(env, Date.now())) return { place: null, done: 0 };
    await scheduler.wait(mostWaited);
    return { place: text, done: 0 };
  }
  return rows(env, stage as RowsName, after[0] ?? '');
};

type Done = Awaited<ReturnType<Portion>>;

/** Nothing is sealed anew before no isolate wraps new keys under a former one any more. */
async function wait(env: Env): Promise<Done> {
  const keys = (await keyTable(env.DB).all()).filter(({ purpose }) => purpose === 'data');
  const active = keys.find(({ state }) => state === 'active');
  const left = keys.length > 1 ? (active?.createdAt ?? 0) + RETIRING_MS - Date.now() : 0;
  if (left > 0) {
    await scheduler.wait(Math.min(left, mostWaited));
    return { place: 'wait', done: 0 };
  }
  return { place: await conversationBehind(env, ''), done: 0 };
}

// Conversations ---------------------------------------------------------------------------------------------------

/** In which conversation, and behind which of its stretches or files, the next begins. */
type Place = { id: ConversationId; stage: 'keys' | 'files'; after: string };

async function conversations(env: Env, from: Place, only: ConversationId | null): Promise<Done> {
  let [place, next]: [Place, string | null] = [from, null];
  let done = 0;
  while (done < atOnce) {
    const { id } = place;
    done += 1;
    try {
      const then = await step(env, place);
      if (then !== null) {
        place = then;
        next = textOf(place);
        continue;
      }
    } catch (error) {
      await leave(env, id, error);
    }
    next = only === null ? await conversationBehind(env, id) : null;
    if (next?.startsWith('conversation ') !== true) break;
    place = placeIn(next.split(' ').slice(1));
  }
  return { place: next, done };
}

/** The conversation behind this one, or what comes behind all of them. */
async function conversationBehind(env: Env, after: string): Promise<string> {
  const [id] = await conversationsAfter(env, after, 1);
  return id === undefined ? 'ledger' : conversationPlace(id);
}

/** Stretches from the newest to the oldest, and then the files. @returns null: there is nothing more of it */
async function step(env: Env, { id, stage, after }: Place): Promise<Place | null> {
  const conversation = conversationOf(env, id);
  if (stage === 'keys') {
    const begins = await conversation.renewKey(after === '' ? null : Number(after));
    return begins === null || begins <= 1
      ? { id, stage: 'files', after: '' }
      : { id, stage, after: String(begins) };
  }
  const file = await conversation.renewFile(after === '' ? null : (after as FileId));
  return file === null ? null : { id, stage, after: file };
}

function conversationPlace(id: ConversationId): string {
  return textOf({ id, stage: 'keys', after: '' });
}

function textOf({ id, stage, after }: Place): string {
  return `conversation ${id} ${stage} ${after}`;
}

function placeIn([id, stage, after = '']: readonly string[]): Place {
  return { id, stage, after } as Place;
}

// The ledger, and rows of the database ----------------------------------------------------------------------------

async function months(env: Env, [owner = '', month = '']: readonly string[]): Promise<Done> {
  const all = await detailsAfter(env, { owner, month }, monthsAtOnce);
  for (const place of all)
    await ledgerOf(env)
      .renewMonth(place)
      .catch((error: unknown) => leave(env, `${place.owner}/${place.month}`, error));
  const last = all.at(-1);
  return {
    place: last === undefined ? `${rowsNames[0]} ` : `ledger ${last.owner} ${last.month}`,
    done: all.length,
  };
}

async function rows(env: Env, name: RowsName, after: string): Promise<Done> {
  const ids = await idsAfter(env, name, after);
  for (const id of ids) await sealRowAnew(env, name, id).catch((error: unknown) => leave(env, id, error));
  const next = rowsNames[rowsNames.indexOf(name) + 1];
  const last = ids.at(-1);
  if (last !== undefined) return { place: `${name} ${last}`, done: ids.length };
  return { place: next === undefined ? 'backup' : `${next} `, done: 0 };
}

async function leave(env: Env, thing: string, error: unknown): Promise<void> {
  logFault('rotation', error);
  await new UnmovedStore(env.DB).add(noKey, runs, [thing]);
}

function stageAt(text: string | null): EmergencyStage {
  const [stage = ''] = (text ?? 'wait').split(' ');
  return stage as EmergencyStage;
}

function onlyIn(run: string): ConversationId | null {
  return (run.split('-').slice(2).join('-') || null) as ConversationId | null;
}
