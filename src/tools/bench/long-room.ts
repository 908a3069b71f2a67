/** D: a long history. E: a queue that comes back. */
import { randomUUID } from 'node:crypto';
import type { Caller } from '../engine/caller.ts';
import { Line } from '../engine/line.ts';
import type { Arena, Note } from './arena.ts';
import { MESSAGE_MARK } from './contestants.ts';

const LONG = 10_000;
const QUEUE = 200;
const PAGE = 100;
/** What a join shows by itself. */
const JOINED = { sotto: 50, party: PAGE };
const TEXT = 'x'.repeat(150);

/** A room of ten thousand messages, joined and paged back through. */
export class LongRoom {
  #customer: Caller | undefined;
  #room = '';
  readonly #party = `/Party/${randomUUID()}`;

  async prepare({ company, references }: Arena): Promise<void> {
    this.#customer = await company.visitor();
    this.#room = await this.#customer.begin(TEXT);
    const line = await this.#customer.join(this.#room);
    for (let head = 1; head < LONG; head += QUEUE) await sayMany(line, head, QUEUE);
    await line.close();
    const plain = await Line.open(references.url, this.#party);
    let heard = 0;
    const all = new Promise<void>((settle) => {
      plain.hears = (frame) => {
        heard += Number(frame.startsWith('{'));
        if (heard >= LONG) settle();
      };
    });
    for (let said = 0; said < LONG; said++) plain.say(`{${MESSAGE_MARK}${said},"text":"${TEXT}"}`);
    await all;
    await plain.close();
  }

  async round({ references }: Arena, note: Note): Promise<void> {
    const customer = this.#customer;
    if (customer === undefined) throw new Error('the room is not prepared');
    const ticket = await customer.ticket(this.#room);
    await read(
      'sotto',
      note,
      () => customer.enter(this.#room, ticket),
      JOINED.sotto,
      (before, limit) => JSON.stringify({ type: 'page', before, limit }),
    );
    await read(
      'partyserver',
      note,
      () => Line.open(references.url, this.#party),
      JOINED.party,
      (before) => `before ${before}`,
    );
  }
}

/** Joins until the last hundred are seen, then pages back to the beginning. */
async function read(
  contestant: string,
  note: Note,
  open: () => Promise<Line>,
  shown: number,
  page: (before: number, limit: number) => string,
): Promise<void> {
  let start = performance.now();
  const line = await open();
  let seen = 0;
  let oldest = Infinity;
  let settle: () => void = () => undefined;
  line.hears = (frame) => {
    for (const { seq } of messagesOf(frame)) {
      seen++;
      oldest = Math.min(oldest, seq);
    }
    settle();
  };
  const until = async (wanted: number) => {
    while (seen < wanted) await new Promise<void>((heard) => (settle = heard));
  };
  await until(shown);
  if (shown < PAGE) line.say(page(oldest, PAGE - shown));
  await until(PAGE);
  note(contestant, 'join', 'ms', performance.now() - start);
  start = performance.now();
  while (oldest > 1) {
    line.say(page(oldest, PAGE));
    await until(seen + 1);
  }
  note(contestant, 'paging', 'messages/s', ((seen - PAGE) * 1000) / (performance.now() - start));
  await line.close();
}

function messagesOf(frame: string): { seq: number }[] {
  const said = JSON.parse(frame) as { seq: number }[] | { type: string; messages?: { seq: number }[] };
  if (Array.isArray(said)) return said;
  return said.type === 'messages' ? (said.messages ?? []) : [];
}

/** A queue of two hundred in one frame, and one message by itself. */
export async function queueRound({ company }: Arena, note: Note): Promise<void> {
  const customer = await company.visitor();
  const room = await customer.begin(TEXT);
  const line = await customer.join(room);
  const took = async (head: number, posts: number) => {
    const start = performance.now();
    await sayMany(line, head, posts);
    return performance.now() - start;
  };
  await took(1, 1);
  const one = await took(2, 1);
  const queue = await took(3, QUEUE);
  note('sotto', 'one', 'ms', one);
  note('sotto', 'queue', 'ms', queue);
  note('sotto', 'queue to one', 'x', queue / one);
  await line.close();
}

/** Says them in one frame, and waits until every one has come back. */
async function sayMany(line: Line, since: number, many: number): Promise<void> {
  const posts = Array.from({ length: many }, () => ({ id: randomUUID(), since, kind: 'text', text: TEXT }));
  const missing = new Set<string>(posts.map(({ id }) => id));
  const all = new Promise<void>((settle, fail) => {
    line.hears = (frame) => {
      if (frame.startsWith('{"type":"refused"')) fail(new Error(frame));
      for (const [, id = ''] of frame.matchAll(/"id":"([0-9a-f-]{36})"/g)) missing.delete(id);
      if (missing.size === 0) settle();
    };
  });
  line.say(JSON.stringify({ type: 'post', posts }));
  await all;
}
