/** What somebody has begun to write and not sent, kept sealed in this browser until it is sent or they sign out. */
import { type Signal, effect, signal } from '@preact/signals';
import type { Cancel, Chest, Surroundings } from '../connection.ts';

const pause = 300;

/** What other tabs are told: this text is not to be sent any more, because it was, or because it was given up. */
interface Done {
  name: string;
  text: string;
}

export class Drafts {
  #drafts = new Map<string, Signal<string>>();
  #say: (done: Done) => void;
  #chest: Chest;
  #surroundings: Surroundings;
  #work: Promise<void> = Promise.resolve();

  constructor(chest: Chest, surroundings: Surroundings) {
    this.#chest = chest;
    this.#surroundings = surroundings;
    this.#say = surroundings.channel(`sotto-drafts-${chest.person}`, (data) => this.#heard(data as Done));
  }

  /** Of a conversation; what was kept arrives a moment later. */
  of(conversation: string, kind: 'text' | 'note'): Signal<string> {
    const name = `draft-${kind}-${conversation}`;
    const known = this.#drafts.get(name);
    if (known !== undefined) return known;
    const draft = signal('');
    this.#drafts.set(name, draft);
    void this.#bring(name, draft);
    return draft;
  }

  async #bring(name: string, draft: Signal<string>): Promise<void> {
    const kept = await this.#recalled(name);
    // Whoever writes already goes on with that.
    if (draft.value === '') draft.value = kept;
    let before = kept;
    let cancel: Cancel = () => {};
    let shown = kept;
    effect(() => {
      const text = draft.value;
      if (text === '' && shown !== '') this.#say({ name, text: shown });
      shown = text;
      cancel();
      if (text === before) return;
      cancel = this.#surroundings.after(text === '' ? 0 : pause, () => {
        before = text;
        this.#remember(name, text);
      });
    });
  }

  /** Whoever has gone on writing in another tab keeps what they have. */
  #heard({ name, text }: Done): void {
    const draft = this.#drafts.get(name);
    if (draft?.peek() === text) draft.value = '';
  }

  async #recalled(name: string): Promise<string> {
    try {
      const row = (await this.#chest.rows()).find(({ id }) => id === name);
      return (row === undefined ? null : await this.#chest.open(row)) ?? '';
    } catch {
      return '';
    }
  }

  /** One after the other, so that what was sent does not come back as a draft. It belongs to no tab. */
  #remember(name: string, text: string): void {
    const row = { id: name, conversation: '', tab: '' };
    const task = () => (text === '' ? this.#chest.delete(name) : this.#chest.put(row, text));
    this.#work = this.#work.then(task).catch(() => {});
  }
}
