/** A conversation with everybody in it: the customer's tabs, and two agents of whom one has it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { BeginAnswer } from '../../protocol/bodies.ts';
import type { Caller } from '../engine/caller.ts';
import type { ActRecord, ClientRecord, RemovalRecord, Rollback, Said } from './evidence.ts';
import { insist } from './insist.ts';
import type { Around, Participant } from './participant.ts';
import { wordsOf } from './words.ts';

/** At once, and between two times that somebody says something. */
const BURST = { least: 1, most: 4 };
const PAUSE_MS = { least: 20, most: 200 };
/** Nobody writes on for ever while nothing arrives. */
const MOST_WAITING = 25;
const NOTE = 0.15;
const SIGN = 0.1;
/** How often staff look where it stands. */
const TEND_MS = { least: 200, most: 600 };

/** A conversation that began, whoever takes part in it. */
export class Talk {
  readonly id: string;
  readonly visitor: Caller;
  readonly rollbacks: Rollback[] = [];
  readonly removals: RemovalRecord[] = [];
  readonly acts: ActRecord[] = [];
  /** What was said without a queue: first messages, and notes of hand-overs. */
  readonly asides: ClientRecord[] = [];
  readonly people: Participant[] = [];

  constructor(id: string, visitor: Caller) {
    this.id = id;
    this.visitor = visitor;
  }

  records(): ClientRecord[] {
    return [...this.asides, ...this.people.map((person) => person.record())];
  }
}

/**
 * Does something, and notes it if it was answered.
 *
 * @param action as the ledger calls it
 * @param work is told how to ask, once or again and again; undefined: nobody said yes
 */
export async function acting<Answer>(
  talk: Talk,
  server: Around['server'],
  { id: actor }: Caller,
  action: string,
  work: (ask: (post: () => Promise<Answer>) => Promise<Answer>) => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  const tried = Date.now();
  let [asked, life] = [tried, server.life];
  const answer = await work((post) => {
    [asked, life] = [Date.now(), server.life];
    return post();
  });
  if (answer !== undefined) talk.acts.push({ action, actor, tried, asked, answered: Date.now(), life });
  return answer;
}

/** Begins a conversation, if need be by asking again and again. */
export async function begin({ server, random }: Around, visitor: Caller, name: string): Promise<Talk> {
  const said: Said = { id: random.uuid(), kind: 'text', text: wordsOf(name, 'text', 0, random) };
  let life = server.life;
  const answer = await insist(() => {
    life = server.life;
    return visitor.post<BeginAnswer>('/conversations', { id: said.id, text: said.text });
  });
  if (answer === undefined) throw new Error(`${name} could not begin`);
  const talk = new Talk(answer.conversation.id, visitor);
  talk.asides.push({
    ...{ name, conversation: talk.id, audience: 'visitor', author: visitor.id, ordered: true },
    said: [said],
    acknowledged: [{ id: said.id, seq: answer.message.seq, n: 0, life }],
    ...{ refused: [], doubtful: [], unsent: [], saw: [], complaints: [] },
  });
  return talk;
}

/** Talks for as long as there is something to be said. */
export async function talkOn(
  person: Participant,
  { random, tally }: Around,
  party: { readonly isSilent: boolean; readonly restsAt: number },
): Promise<void> {
  const isSilent = () => party.isSilent;
  for (let number = 1; !isSilent();) {
    await wait(random.from(PAUSE_MS.least, PAUSE_MS.most));
    // Whoever paused while silence fell says nothing any more: what is said while all is read would seem lost.
    if (isSilent()) return;
    if (random.chance(SIGN)) sign(person, random.chance(0.5));
    const kind = kindFor(person, random.chance(NOTE));
    const rests = tally.acknowledged >= party.restsAt || person.queue.length >= MOST_WAITING;
    if (kind === undefined || rests) continue;
    for (let count = random.from(BURST.least, BURST.most); count > 0; count--) {
      person.say({ id: random.uuid(), kind, text: wordsOf(person.part.name, kind, number++, random) });
    }
  }
}

/** What this person may say, as far as they know. */
function kindFor({ part, view, caller }: Participant, wouldNote: boolean): Said['kind'] | undefined {
  if (part.audience === 'visitor') return view?.state === 'closed' ? undefined : 'text';
  if (wouldNote) return 'note';
  return view?.state === 'claimed' && view.assignee === caller.id ? 'text' : undefined;
}

function sign(person: Participant, wrote: boolean): void {
  if (wrote) person.sign({ type: 'typing', on: true, kind: 'text' });
  else if (person.last > 0) person.sign({ type: 'read', seq: person.last });
}

/** Whoever is responsible takes what waits and opens again what was closed. */
export async function tend(
  talk: Talk,
  agent: Participant,
  { random, server }: Around,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    await wait(random.from(TEND_MS.least, TEND_MS.most));
    const wish = { waiting: 'claim', closed: 'reopen', claimed: undefined }[agent.view?.state ?? 'claimed'];
    // Once is enough: whoever got no answer looks again.
    if (wish === undefined) continue;
    await acting(talk, server, agent.caller, `conversation.${wish}`, (ask) =>
      ask(() => agent.caller.post(`/conversations/${talk.id}/${wish}`, {})).catch(() => undefined),
    );
  }
}
