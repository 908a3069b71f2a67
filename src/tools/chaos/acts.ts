/** What people do with a conversation besides talking, each until somebody answers. */
import type { Caller } from '../engine/caller.ts';
import type { RemovalAnswer } from '../../protocol/bodies.ts';
import type { Message } from '../../protocol/frames.ts';
import { placeOf } from './copy.ts';
import { insist } from './insist.ts';
import type { Around, Participant } from './participant.ts';
import { acting, type Talk } from './talk.ts';
import { wordsOf } from './words.ts';

/** Of so many of the newest messages one is removed. */
const NEWEST = 30;

/** By the customer, or by whoever has it; nobody closes what they see closed. */
export async function close(talk: Talk, { random, server, tally }: Around): Promise<void> {
  const able = talk.people.filter(({ part, caller, view }) => {
    return view?.state !== 'closed' && (part.audience === 'visitor' || view?.assignee === caller.id);
  });
  const person = random.pick(able);
  if (person === undefined) return;
  const { caller } = person;
  const answer = await acting(talk, server, caller, 'conversation.close', (ask) =>
    insist(() => ask(() => caller.post(`/conversations/${talk.id}/close`, {}))),
  );
  if (answer !== undefined) tally.acts += 1;
}

/** To the other agent, with a note. */
export async function handOver(talk: Talk, { random, server, tally }: Around): Promise<void> {
  const staff = talk.people.filter(({ part }) => part.audience === 'staff');
  const holder = staff.find(({ caller, view }) => view?.assignee === caller.id);
  const other = staff.find((person) => person !== holder);
  if (holder === undefined || other === undefined) return;
  const name = `${holder.part.name} handing over`;
  const note = { id: random.uuid(), text: wordsOf(name, 'note', 0, random) };
  const acknowledged: { id: string; seq: null; n: number; life: number }[] = [];
  talk.asides.push({
    ...{ name, conversation: talk.id, audience: 'staff', author: holder.caller.id, ordered: true },
    said: [{ ...note, kind: 'note' }],
    acknowledged,
    // Who is refused at the second try may have been heard at the first.
    ...{ refused: [], doubtful: [], unsent: [], saw: [], complaints: [] },
  });
  let life = server.life;
  const answer = await acting(talk, server, holder.caller, 'conversation.handOver', (ask) =>
    insist(() => {
      life = server.life;
      return ask(() =>
        holder.caller.post(`/conversations/${talk.id}/hand-over`, { to: other.caller.id, note }),
      );
    }),
  );
  if (answer === undefined) return;
  acknowledged.push({ id: note.id, seq: null, n: 0, life });
  tally.acts += 1;
}

/** Somebody takes back what they said. */
export async function takeBack(talk: Talk, around: Around): Promise<void> {
  const person = around.random.pick(talk.people);
  if (person === undefined) return;
  await remove(talk, around, person.caller, 'deleted', mine(person));
}

function mine({ messages, caller }: Participant): readonly Message[] {
  return messages.slice(-NEWEST).filter(({ from }) => from.id === caller.id);
}

/** Whoever may destroys what somebody said. */
export async function redact(talk: Talk, around: Around, owner: Caller): Promise<void> {
  const messages = talk.people.find(({ part }) => part.audience === 'staff')?.messages ?? [];
  await remove(talk, around, owner, 'redacted', messages.slice(-NEWEST));
}

async function remove(
  talk: Talk,
  { random, server, tally }: Around,
  caller: Caller,
  how: 'deleted' | 'redacted',
  messages: readonly Message[],
): Promise<void> {
  const message = random.pick(messages.filter(({ removed }) => removed === undefined));
  if (message === undefined) return;
  const record = { ...placeOf(message), life: null as number | null };
  talk.removals.push(record);
  let life = server.life;
  const place = { seq: message.seq, ...(message.n === undefined ? {} : { n: message.n }) };
  const answer = await insist(() => {
    life = server.life;
    return caller.post<RemovalAnswer>(`/conversations/${talk.id}/removals`, { ...place, how });
  });
  if (answer === undefined) return;
  record.life = life;
  tally.removals += 1;
}
