/** Every conversation that is to be there, and all that are to be gone. */
import { randomBytes } from 'node:crypto';
import { Customer, type Shop, type Talk } from '../../engine/customers.ts';
import { DAY, type Driving } from './driving.ts';
import { inLanes, until } from './lanes.ts';
import type { Officer } from './officer.ts';
import { idsIn } from './raw.ts';

/** So old are the conversations that go. */
const OLD = 4 * DAY;
/** More than one portion of an erasure. */
const TALKS = 55;
const OLD_TALKS = 24;
/** What no byte that is stored may spell. */
export const MARK = 'Mark! of somebody';

export class Talks {
  readonly there = new Map<string, Talk>();
  readonly gone: string[] = [];
  readonly #driving: Driving;

  constructor(driving: Driving) {
    this.#driving = driving;
  }

  /** For each shop conversations in which nothing was said for days. */
  async longAgo(shops: readonly Shop[]): Promise<Talk[][]> {
    await this.#driving.restart(-OLD);
    const old = await Promise.all(
      shops.map((shop) =>
        inLanes(OLD_TALKS, async (n) => {
          const customer = await Customer.come(this.#driving.server.url, shop, null);
          return this.#talk(customer, [`long ago ${n}`, `and more ${n}`, `and more again ${n}`]);
        }),
      ),
    );
    await this.toldTo(old.flat());
    await this.#driving.restart(0);
    return old;
  }

  /** Many, in the first of which a file is sent. */
  async lives(customer: Customer, name: string, officer: Officer): Promise<Talk[]> {
    const talks = await inLanes(TALKS, (n) =>
      this.#talk(customer, [`${MARK} ${name} ${n}`, ...(n % 10 === 0 ? [`a ${n}`, `b ${n}`, `c ${n}`] : [])]),
    );
    const [first] = talks;
    if (first === undefined) return talks;
    const bytes = Buffer.from(`${MARK} in a file ${randomBytes(100_000).toString('hex')}`);
    await customer.sends(first, 'notes.txt', bytes);
    await officer.releases(first);
    return talks;
  }

  async #talk(customer: Customer, texts: readonly string[]): Promise<Talk> {
    const [first = '', ...others] = texts;
    const talk = await customer.begins(first);
    if (others.length > 0) await customer.says(talk, others);
    this.there.set(talk.id, talk);
    return talk;
  }

  /** Until the directory has them. */
  async toldTo(talks: readonly Talk[]): Promise<void> {
    await until(
      () => 'the directory has them',
      () => {
        const known = idsIn(this.#driving.state, 'SELECT id FROM conversations');
        return talks.every(({ id }) => known.has(id));
      },
    );
  }

  /** From here on these are to be gone. */
  go(talks: readonly Talk[]): void {
    for (const { id } of talks) {
      this.there.delete(id);
      this.gone.push(id);
    }
  }
}
