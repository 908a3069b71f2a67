/** What the others in a conversation do right now: how far they have read, who writes, who is there. */
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals-core';
import type { Author, Message, Present, ServerFrame } from '../../protocol/frames.ts';
import { lifetimes } from '../../protocol/limits.ts';
import type { Kind } from './outgoing.ts';
import type { Surroundings } from './surroundings.ts';

export interface Typist {
  readonly from: Author;
  readonly kind: Kind;
}

type Frame<Type extends ServerFrame['type']> = Extract<ServerFrame, { type: Type }>;

export class Company {
  /** By author, one's own mark included: the highest number that they have read. */
  readonly read: Signal<ReadonlyMap<string, number>> = signal(new Map());
  readonly typing: ReadonlySignal<readonly Typist[]>;
  /** Staff alone are told; null while it is not known. */
  readonly present: Signal<Present | null> = signal(null);
  #typists: Signal<ReadonlyMap<string, Typist>> = signal(new Map());
  #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.typing = computed(() => [...this.#typists.value.values()]);
  }

  welcomed({ read, present }: Frame<'welcome'>): void {
    this.read.value = new Map(read.map(({ from, seq }) => [from.id, seq]));
    this.present.value = present ?? null;
  }

  wentOn({ from, seq }: Frame<'read'>): void {
    const before = this.read.value;
    if (seq > (before.get(from.id) ?? 0)) this.read.value = new Map(before).set(from.id, seq);
  }

  /** Whoever does not say so again in time has stopped. */
  types({ from, kind, on }: Frame<'typing'>): void {
    const typist = { from, kind };
    this.#set(from, on ? typist : undefined);
    this.#surroundings.after(lifetimes.typing, () => {
      if (this.#typists.value.get(from.id) === typist) this.#set(from, undefined);
    });
  }

  /** What was being written is here. */
  said(messages: readonly Message[]): void {
    for (const { from } of messages) this.#set(from, undefined);
  }

  /** Without a line nobody knows. */
  lost(): void {
    this.#typists.value = new Map();
    this.present.value = null;
  }

  #set({ id }: Author, typist: Typist | undefined): void {
    const typists = new Map(this.#typists.value);
    if (typist !== undefined) typists.set(id, typist);
    else if (!typists.delete(id)) return;
    this.#typists.value = typists;
  }
}
