/** What is open on this screen beside the conversation itself, and where the keyboard may lead. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Kind } from '../connection.ts';
import type { ReasonWanted } from './dialog/reason.tsx';
import type { Viewed } from './files/viewer.tsx';
import { inWords } from './form/in-words.ts';
import type { Filter } from './list/order.ts';

/** What lies over everything else, one at a time. */
export type Sheet =
  | 'palette'
  | 'help'
  | 'hand-over'
  | 'snooze'
  | 'customer'
  | 'rebuild'
  | { readonly reason: ReasonWanted }
  | { readonly file: Viewed };

/** What the list of conversations can be told. */
export interface ListKeys {
  move: (by: number) => void;
  focus: () => void;
  /** The conversation whose line has the focus. */
  at: () => string | undefined;
}

/** What the box where one writes can be told. */
export interface WritingKeys {
  focus: () => void;
  /** Writes a slash, which asks for a canned reply. */
  canned: () => void;
}

export class Screen {
  readonly filter: Signal<Filter> = signal<Filter>('waiting');
  readonly sheet: Signal<Sheet | null> = signal<Sheet | null>(null);
  /** Wide enough for the customer beside the conversation. */
  readonly wide: ReadonlySignal<boolean> = matches('(width >= 75rem)');
  /** So low that what can be done has to fold: a phone with its keyboard, or a page at 400 %. */
  readonly low: ReadonlySignal<boolean> = matches('(height < 30rem)');
  /** What is being done to the conversation right now. */
  readonly busy: Signal<string | null> = signal<string | null>(null);
  /** Why the last thing could not be done; told anew as names come in. */
  readonly problem: Signal<(() => string) | null> = signal<(() => string) | null>(null);
  list: ListKeys | null = null;
  writing: WritingKeys | null = null;
  #waiting: (() => void)[] = [];
  #kinds = new Map<string, Signal<Kind>>();
  #wish: { conversation: string; kind: Kind; at: Element | null } | null = null;

  /** Whether an answer or a note is being written in this conversation. */
  kindIn(conversation: string): Signal<Kind> {
    const known = this.#kinds.get(conversation) ?? signal<Kind>('text');
    this.#kinds.set(conversation, known);
    return known;
  }

  /** Somebody has just done what leads to writing this here, so that the box may have the focus once it is there. */
  wishToWrite(conversation: string, kind: Kind = this.kindIn(conversation).peek()): void {
    this.#wish = { conversation, kind, at: document.activeElement };
  }

  /** Whether that still holds. Whoever has gone elsewhere meanwhile, to a field above all, is left there. */
  wishesToWrite(conversation: string, kind: Kind): boolean {
    const wish = this.#wish;
    if (wish?.conversation !== conversation || wish.kind !== kind) return false;
    const at = document.activeElement;
    return at === wish.at || at === null || at === document.body || at.matches('.pane h2');
  }

  dropWish(): void {
    this.#wish = null;
  }

  open(sheet: Sheet): void {
    this.sheet.value = sheet;
  }

  /** As `open`, and settles once it has gone, whatever was done in it. */
  async show(sheet: Sheet): Promise<void> {
    this.open(sheet);
    await new Promise<void>((gone) => {
      const stop = this.sheet.subscribe((now) => {
        if (now === sheet) return;
        gone();
        // It may be told before there is anything to stop.
        queueMicrotask(() => stop());
      });
    });
  }

  /** Another conversation, or none: what was open for the one before is no longer. */
  leave(): void {
    const open = this.sheet.peek();
    if (open !== 'palette' && open !== 'help') this.sheet.value = null;
  }

  close(): void {
    this.sheet.value = null;
  }

  /**
   * One thing at a time: what is asked for meanwhile waits for its turn, and the same thing again is the same wish.
   * What goes wrong is shown where the conversation is. True: it is done.
   */
  async attempt(
    what: string,
    task: () => Promise<void>,
    why?: (error: unknown) => (() => string) | null,
  ): Promise<boolean> {
    while (this.busy.peek() !== null) {
      if (this.busy.peek() === what) return false;
      await new Promise<void>((free) => this.#waiting.push(free));
    }
    this.busy.value = what;
    this.problem.value = null;
    try {
      await task();
      return true;
    } catch (error) {
      this.problem.value = why?.(error) ?? (() => inWords(error));
      return false;
    } finally {
      this.busy.value = null;
      this.#waiting.shift()?.();
    }
  }
}

function matches(query: string): ReadonlySignal<boolean> {
  const media = matchMedia(query);
  const is = signal(media.matches);
  media.addEventListener('change', () => {
    is.value = media.matches;
  });
  return is;
}
