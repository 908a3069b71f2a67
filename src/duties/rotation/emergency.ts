/**
 * What helps where keys themselves have leaked, which wrapping them anew does not: new ones, and everything that lay under
 * the old ones sealed anew. Conversation after conversation, stretch after stretch, file after file; the old key goes with
 * the commit that stores what the new one has sealed.
 */
import { conversationOf } from '../../chat/conversation.ts';
import { conversationsAfter } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import type { ConversationId, FileId } from '../../protocol/ids.ts';
import type { Emergency } from '../../protocol/keys.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { beginRun, newestRun, type Portion } from '../runs.ts';
import { UnmovedStore } from './store.ts';

/** Each may be as large as 4,096 messages, or one file. */
const atOnce = 10;
/** In the table of what could not be wrapped anew, what could not be sealed anew stands under no key's number. */
const noKey = 0;
const runs = 'emergency';

/**
 * Begins it, for one conversation or, without one, for all, unless it goes on already.
 * @throws {Refusal} already_done: another one goes on, in which this is not
 */
export async function sealAnew(env: Env, only: ConversationId | null, now: number): Promise<void> {
  const run = await newestRun(env, runs);
  if (run?.overAt === null) {
    const going = onlyIn(run.id);
    if (going === null || going === only) return;
    throw new Refusal('already_done', 'One conversation is being sealed anew. Ask again once that is over.');
  }
  await new UnmovedStore(env.DB).clear(noKey);
  await beginRun(env, 'emergency', [runs, now, ...(only === null ? [] : [only])].join('-'), now);
}

/** The newest one; null: there was none. */
export async function emergencyOf(env: Env): Promise<Emergency | null> {
  const run = await newestRun(env, runs);
  if (run === undefined) return null;
  const { begunAt, done, overAt } = run;
  const left = await new UnmovedStore(env.DB).count(noKey);
  return { begunAt, done, isOver: overAt !== null, left, isOfOne: onlyIn(run.id) !== null };
}

/** In which conversation, and behind which of its stretches or files, the next begins. */
type Place = { id: ConversationId; stage: 'keys' | 'files'; after: string };

/** What can't be sealed anew is said, and keeps no other from being. Done twice, a stretch has another key once more. */
export const emergencyPortion: Portion = async (env, run, text) => {
  const only = onlyIn(run);
  let place = text === null ? await firstBehind(env, '', only) : placeIn(text);
  let done = 0;
  while (place !== null && done < atOnce) {
    const { id } = place;
    try {
      place = (await step(env, place)) ?? (only === null ? await firstBehind(env, id, null) : null);
    } catch (error) {
      logFault('rotation', error);
      await new UnmovedStore(env.DB).add(noKey, runs, [id]);
      place = only === null ? await firstBehind(env, id, null) : null;
    }
    done += 1;
  }
  return { place: place && [place.id, place.stage, place.after].join(' '), done };
};

async function firstBehind(env: Env, after: string, only: ConversationId | null): Promise<Place | null> {
  const [id = null] = only === null ? await conversationsAfter(env, after, 1) : [only];
  return id && { id, stage: 'keys', after: '' };
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

function onlyIn(run: string): ConversationId | null {
  return (run.split('-').slice(2).join('-') || null) as ConversationId | null;
}

function placeIn(text: string): Place {
  const [id, stage, after = ''] = text.split(' ');
  return { id, stage, after } as Place;
}
