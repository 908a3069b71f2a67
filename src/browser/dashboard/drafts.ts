/**
 * What somebody has begun to write and not sent, kept sealed in this browser until it is sent, its conversation is gone or
 * they sign out: with what its site masks masked, as it would be once it was sent, and with everything masked that any
 * site masks until it is known what this one does.
 */
import { type ReadonlySignal, type Signal, effect, signal } from '@preact/signals';
import { type MaskedKind, maskedKinds } from '../../protocol/marks.ts';
import type { Cancel, Chest, Surroundings } from '../connection.ts';

const pause = 300;
const drafted = ['text', 'note'] as const;
type Drafted = (typeof drafted)[number];

/**
 * What other tabs are told: this text is not to be sent any more, because it was, or because it was given up. `kept`: how it
 * was kept, which a tab that was opened later has.
 */
interface Done {
  name: string;
  text: string;
  kept: string;
}

/** What is masked of it; null: it is not known yet. */
type Kinds = ReadonlySignal<readonly MaskedKind[] | null>;

/** Fetched with what somebody writes. */
const fetchMasking = () => import('../../protocol/masking.ts');

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
  of(conversation: string, kind: Drafted, kinds: Kinds): Signal<string> {
    const name = nameOf(conversation, kind);
    const known = this.#drafts.get(name);
    if (known !== undefined) return known;
    const draft = signal('');
    this.#drafts.set(name, draft);
    void this.#bring(name, draft, kinds);
    return draft;
  }

  /** This conversation is not there any more: nothing that was to be said in it stays, here or in other tabs. */
  forget(conversation: string): void {
    for (const name of drafted.map((kind) => nameOf(conversation, kind))) {
      const draft = this.#drafts.get(name);
      if (draft !== undefined) draft.value = '';
      this.#next(() => this.#chest.delete(name));
    }
  }

  async #bring(name: string, draft: Signal<string>, kinds: Kinds): Promise<void> {
    const kept = await this.#recalled(name);
    // Whoever writes already goes on with that.
    if (draft.value === '') draft.value = kept;
    let before = kept;
    /** Kept by this page before it was known what its site masks. */
    let isPassing = false;
    let cancel: Cancel = () => {};
    let shown = kept;
    const stored = { text: kept };
    effect(() => {
      const [text, masks] = [draft.value, kinds.value];
      if (text === '' && shown !== '') this.#say({ name, text: shown, kept: stored.text });
      shown = text;
      cancel();
      if (text === before && !(isPassing && masks !== null)) return;
      cancel = this.#surroundings.after(text === '' ? 0 : pause, () => {
        before = text;
        isPassing = masks === null && text !== '';
        this.#next(async () => {
          stored.text = await maskedIn(text, masks ?? maskedKinds);
          await this.#remember(name, stored.text);
        });
      });
    });
  }

  /** Whoever has gone on writing in another tab keeps what they have. */
  #heard({ name, text, kept }: Done): void {
    const draft = this.#drafts.get(name);
    if (draft !== undefined && [text, kept].includes(draft.peek())) draft.value = '';
  }

  async #recalled(name: string): Promise<string> {
    try {
      const row = (await this.#chest.rows()).find(({ id }) => id === name);
      return (row === undefined ? null : await this.#chest.open(row)) ?? '';
    } catch {
      return '';
    }
  }

  /** It belongs to no tab. */
  async #remember(name: string, text: string): Promise<void> {
    if (text === '') await this.#chest.delete(name);
    else await this.#chest.put({ id: name, conversation: '', tab: '' }, text);
  }

  /** One after the other, so that what was sent does not come back as a draft. */
  #next(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).catch(() => {});
  }
}

function nameOf(conversation: string, kind: Drafted): string {
  return `draft-${kind}-${conversation}`;
}

/** Where it can't be said what is masked, nothing is kept. */
async function maskedIn(text: string, kinds: readonly MaskedKind[]): Promise<string> {
  try {
    return text === '' ? '' : (await fetchMasking()).masked(text, kinds).text;
  } catch {
    return '';
  }
}
