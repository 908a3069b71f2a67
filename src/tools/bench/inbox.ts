/** F: a team's inbox at work: a thousand conversations, fifty agents who watch, a hundred changes a second. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Caller } from '../engine/caller.ts';
import type { Line } from '../engine/line.ts';
import type { Arena, Note } from './arena.ts';
import { quantile } from './figures.ts';

const CONVERSATIONS = 1_000;
const CHANGES_A_SECOND = 100;
const CHANGES = 500;
const DEADLINE_MS = 30_000;
/** What is done to each conversation in turn, by whoever claimed it. */
const WISHES = ['claim', 'close', 'reopen'] as const;

interface Line1 {
  readonly room: string;
  readonly agent: Caller;
  done: number;
}

export class BusyInbox {
  readonly #conversations: Line1[] = [];
  #lists: Line[] = [];
  #round = 0;

  async prepare({ company }: Arena): Promise<void> {
    for (let n = 0; n < CONVERSATIONS; n++) {
      const agent = company.agents[n % company.agents.length];
      if (agent === undefined) throw new Error('nobody works here');
      this.#conversations.push({ room: await (await company.visitor()).begin('Hello'), agent, done: 0 });
    }
  }

  async round({ company }: Arena, note: Note): Promise<void> {
    this.#lists = await Promise.all(company.agents.map((agent) => agent.join(`/teams/${company.team}`)));
    const waiting = new Map<string, Waiting>();
    const bytes: number[] = [];
    for (const list of this.#lists) {
      list.hears = (frame) => {
        const said = JSON.parse(frame) as { type: string; entry?: { id: string } };
        if (said.type !== 'entry' || said.entry === undefined) return;
        bytes.push(Buffer.byteLength(frame));
        waiting.get(said.entry.id)?.seen(list);
      };
    }
    const offset = (this.#round++ % 2) * CHANGES;
    const latencies: number[] = [];
    const start = performance.now();
    const changes: Promise<void>[] = [];
    for (const [n, conversation] of this.#conversations.slice(offset, offset + CHANGES).entries()) {
      await wait(Math.max(0, start + (n * 1000) / CHANGES_A_SECOND - performance.now()));
      changes.push(this.#change(conversation, waiting).then((ms) => void latencies.push(ms)));
    }
    await Promise.all(changes);
    note('sotto', 'right p50', 'ms', quantile(latencies, 0.5));
    note('sotto', 'right p99', 'ms', quantile(latencies, 0.99));
    note('sotto', 'frame', 'bytes', Math.max(...bytes));
    await Promise.all(this.#lists.map((list) => list.close()));
  }

  /** @returns after how many milliseconds the last list showed it */
  async #change(conversation: Line1, waiting: Map<string, Waiting>): Promise<number> {
    const id = conversation.room.slice(conversation.room.lastIndexOf('/') + 1);
    const wish = WISHES[conversation.done++ % WISHES.length] ?? 'claim';
    const start = performance.now();
    const seen = new Waiting(this.#lists);
    waiting.set(id, seen);
    await conversation.agent.post(`${conversation.room}/${wish}`, {});
    await Promise.race([seen.everywhere, late()]);
    return performance.now() - start;
  }
}

async function late(): Promise<never> {
  await wait(DEADLINE_MS, undefined, { ref: false });
  throw new Error('a change did not reach every list');
}

/** The lists that have not heard of a change yet. */
class Waiting {
  readonly everywhere: Promise<void>;
  readonly #missing: Set<Line>;
  #settle: () => void = () => undefined;

  constructor(lists: readonly Line[]) {
    this.#missing = new Set(lists);
    this.everywhere = new Promise((settle) => (this.#settle = settle));
  }

  seen(list: Line): void {
    this.#missing.delete(list);
    if (this.#missing.size === 0) this.#settle();
  }
}
