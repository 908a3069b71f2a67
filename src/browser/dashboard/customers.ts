/**
 * What customers are called. The inbox holds no names, so they are asked for where conversations come into sight,
 * many at once and each once; they stay in this page's memory, and go with it.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { NamesAnswer } from '../../protocol/bodies.ts';
import type { Proof } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import type { Access, Cancel, Surroundings } from '../connection.ts';

/** Their site answers for the name; or a code, for the address alone. */
export type Badge = 'site' | 'code' | null;

export interface KnownCustomer {
  /** Null for whoever gave none. */
  name: string | null;
  badge: Badge;
}

export function badgeOf(proof: Proof | undefined): Badge {
  if (proof?.name === 'site') return 'site';
  return proof?.address === 'code' ? 'code' : null;
}

/** What only flies past while somebody scrolls is not asked for. */
const lookFor = 200;

export class Customers {
  /** By conversation. */
  readonly names: ReadonlySignal<ReadonlyMap<string, KnownCustomer>>;
  #names: Signal<ReadonlyMap<string, KnownCustomer>> = signal(new Map());
  #asked = new Set<string>();
  #api: Pick<Access, 'post'>;
  #surroundings: Pick<Surroundings, 'after'>;
  #cancel: Cancel = () => {};

  constructor(api: Pick<Access, 'post'>, surroundings: Pick<Surroundings, 'after'>) {
    this.names = this.#names;
    this.#api = api;
    this.#surroundings = surroundings;
  }

  /** The conversations that are in sight now, instead of those before. */
  inSight(conversations: readonly string[]): void {
    this.#cancel();
    const unknown = conversations.filter((id) => !this.#asked.has(id));
    if (unknown.length === 0) return;
    this.#cancel = this.#surroundings.after(lookFor, () => {
      for (let first = 0; first < unknown.length; first += limits.namesAtOnce)
        void this.#ask(unknown.slice(first, first + limits.namesAtOnce));
    });
  }

  /** A conversation that is open says its customer's name itself, and that it has changed. */
  met(conversation: string, name: string | null, badge: Badge): void {
    this.#asked.add(conversation);
    const known = this.#names.peek().get(conversation);
    if ((known?.name ?? null) === name && (known?.badge ?? null) === badge) return;
    const names = new Map(this.#names.peek());
    if (name === null && badge === null) names.delete(conversation);
    else names.set(conversation, { name, badge });
    this.#names.value = names;
  }

  /** Names are for comfort: what was not answered is asked for when it is next looked at. */
  async #ask(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#asked.add(id);
    try {
      const answer = await this.#api.post<NamesAnswer>('/api/v1/customer-names', { ids });
      const [verified, proved] = [new Set(answer.verified), new Set(answer.proved)];
      const known = [...new Set([...Object.keys(answer.names), ...proved])].map(
        (id): [string, KnownCustomer] => {
          const badge = verified.has(id) ? 'site' : proved.has(id) ? 'code' : null;
          return [id, { name: answer.names[id] ?? null, badge }];
        },
      );
      this.#names.value = new Map([...known, ...this.#names.peek()]);
    } catch {
      for (const id of ids) this.#asked.delete(id);
    }
  }
}
