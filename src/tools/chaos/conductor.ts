/** Does to server and lines what the schedule says, when it says so. */
import { setTimeout as wait } from 'node:timers/promises';
import type { RebuildAnswer } from '../../protocol/bodies.ts';
import { close, handOver, redact, takeBack } from './acts.ts';
import type { Finding } from './checker/finding.ts';
import { insist } from './insist.ts';
import type { Around } from './participant.ts';
import type { Party } from './party.ts';
import type { Copy, Past } from './past.ts';
import type { Random } from './random.ts';
import { type Happening, isRollback } from './schedule.ts';

/** So many messages may overtake what is due, since a server needs its time to come back. */
const SLACK = 100;
const BEFORE_KILL_MS = 60;
/** Before so many kills a conversation begins. Together with those in fault windows they have to fit into one list. */
const BEGUN_BEFORE_KILL = 0.4;
/** Some servers are killed again while everybody is coming back. */
const KILLED_AGAIN = { likelihood: 0.1, leastMs: 20, mostMs: 400 };
const HALF_OPEN_MS = { least: 500, most: 3_000 };
const SLOW_MS = { least: 200, most: 2_500 };
const WINDOW_MS = { least: 300, most: 1_500 };
/** Copies made while the server is down. */
const COPIES = 2;

export class Conductor {
  /** What could not be brought to an end. */
  readonly failures: Finding[] = [];
  readonly #around: Around;
  readonly #party: Party;
  readonly #past: Past;
  readonly #copies = new Map<string, Copy>();
  readonly #underWay = new Set<Promise<void>>();
  #isRebuilding = false;
  #isRebuildDue = false;

  constructor(around: Around, party: Party, past: Past) {
    this.#around = around;
    this.#party = party;
    this.#past = past;
  }

  async conduct(happenings: readonly Happening[]): Promise<void> {
    try {
      await this.#conductAll(happenings);
    } catch (error) {
      this.#failed(error);
    }
    this.#party.restsAt = Infinity;
  }

  async #conductAll(happenings: readonly Happening[]): Promise<void> {
    for (const happening of happenings) {
      this.#party.restsAt = happening.at + SLACK;
      while (this.#around.tally.acknowledged < happening.at) {
        if (this.#party.isSilent) return;
        await wait(5);
      }
      await this.#do(happening);
    }
  }

  #failed(error: unknown): void {
    this.failures.push({ kind: 'not healed', what: String(error) });
  }

  /** Nothing fails any more, and what had begun comes to its end. */
  async heal(): Promise<void> {
    await Promise.all(this.#underWay);
    await this.#order({ fail: { write: 0, transaction: 0, collapse: 0, remote: 0 }, forMs: 0, seed: 1 });
    // What was kept for the ledger is entered when it wakes up.
    await this.#order({ evict: { kind: 'Ledger', name: 'ledger' } });
  }

  async #do({ deed, chance }: Happening): Promise<void> {
    const { tally } = this.#around;
    const about = { ...this.#around, random: chance };
    const talk = chance.pick(this.#party.talks);
    const person = chance.pick([...this.#party.everybody, ...this.#party.watchers]);
    if (talk === undefined || person === undefined) return;
    switch (deed) {
      case 'kill':
        await this.#kill(about);
        break;
      case 'drop':
        while (!(chance.pick([...this.#party.everybody, ...this.#party.watchers])?.link.drop() ?? true))
          await wait(5);
        tally.drops += 1;
        break;
      case 'half-open':
        tally.halfOpens += 1;
        this.#begin(person.link.halfOpen(chance.from(HALF_OPEN_MS.least, HALF_OPEN_MS.most)));
        break;
      case 'slow reader':
        tally.slowReaders += 1;
        this.#begin(person.link.readSlowly(chance.from(SLOW_MS.least, SLOW_MS.most)));
        break;
      case 'fault window':
        tally.faultWindows += 1;
        await this.#fail(about);
        break;
      case 'eviction':
        tally.evictions += 1;
        await this.#evict(about);
        break;
      case 'close':
        this.#begin(close(talk, about));
        break;
      case 'hand-over':
        this.#begin(handOver(talk, about));
        break;
      case 'removal':
        this.#begin(takeBack(talk, about));
        break;
      case 'redaction':
        this.#begin(redact(talk, about, this.#party.organisation.owner));
    }
  }

  /** Acts go on while other things happen. */
  #begin(act: Promise<void>): void {
    const done = act
      .catch((error: unknown) => this.#failed(error))
      .finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  async #kill({ server, tally, random }: Around): Promise<void> {
    if (random.chance(BEGUN_BEFORE_KILL)) this.#beginConversation(random);
    await wait(random.from(0, BEFORE_KILL_MS));
    await server.kill();
    tally.kills += 1;
    const ended = server.life - 1;
    if (isRollback(tally.kills)) this.#goBack(ended);
    for (let count = COPIES; count > 0; count--) {
      const talk = random.pick(this.#party.talks);
      if (talk !== undefined) this.#copies.set(talk.id, this.#past.copy(talk.id, ended));
    }
    await server.start();
    if (this.#isRebuildDue && !this.#isRebuilding) this.#begin(this.#rebuild());
    if (!random.chance(KILLED_AGAIN.likelihood)) return;
    await wait(random.from(KILLED_AGAIN.leastMs, KILLED_AGAIN.mostMs));
    await server.kill();
    tally.kills += 1;
    await server.start();
  }

  /** To the oldest copy there is: what was acknowledged since is gone, and nothing else. */
  #goBack(ended: number): void {
    const copy = [...this.#copies.values()].find(({ life }) => life < ended);
    const talk = this.#party.talks.find(({ id }) => id === copy?.conversation);
    if (copy === undefined || talk === undefined) return;
    this.#copies.delete(copy.conversation);
    this.#past.restore(copy);
    talk.rollbacks.push({ to: copy.life, from: ended });
    this.#around.tally.rollbacks += 1;
    this.#isRebuildDue = true;
  }

  /** From the beginning again if another conversation went back meanwhile. */
  async #rebuild(): Promise<void> {
    const { owner, team } = this.#party.organisation;
    this.#isRebuilding = true;
    while (this.#isRebuildDue) {
      this.#isRebuildDue = false;
      let after: string | null = null;
      do {
        const answer: RebuildAnswer | undefined = await insist(() =>
          owner.post<RebuildAnswer>(`/teams/${team}/rebuild`, { after }),
        );
        if (answer === undefined) throw new Error('the inbox may not be rebuilt');
        after = answer.next;
      } while (after !== null);
      this.#around.tally.rebuilds += 1;
    }
    this.#isRebuilding = false;
  }

  async #fail({ random }: Around): Promise<void> {
    const rate = (most: number) => (random.chance(0.5) ? random.next() * most : 0);
    await this.#order({
      fail: { write: rate(0.3), transaction: rate(0.3), collapse: rate(0.05), remote: rate(0.5) },
      forMs: random.from(WINDOW_MS.least, WINDOW_MS.most),
      seed: random.from(1, 2 ** 30),
    });
    this.#beginConversation(random);
  }

  /** Of a conversation that only begins the inbox is told once: if that fails, nothing but its alarm tells it again. */
  #beginConversation(random: Random): void {
    this.#begin(this.#party.beginAnother({ ...this.#around, random: random.named('begin') }));
  }

  async #evict({ random }: Around): Promise<void> {
    const { agents, team } = this.#party.organisation;
    const talk = random.pick(this.#party.talks)?.id ?? '';
    const agent = random.pick(agents)?.id ?? '';
    const evict =
      random.pick([
        { kind: 'Conversation' as const, name: talk },
        { kind: 'Conversation' as const, name: talk },
        { kind: 'Inbox' as const, name: team },
        { kind: 'Account' as const, name: agent },
        { kind: 'Ledger' as const, name: 'ledger' },
        { kind: 'Watch' as const, name: 'watch' },
      ]) ?? null;
    if (evict !== null) await this.#order({ evict });
  }

  async #order(order: Parameters<Around['server']['order']>[0]): Promise<void> {
    const { server, tally } = this.#around;
    const answer = await server.order(order);
    if (answer === undefined) return;
    tally.hear(server.life, answer.struck);
  }
}
