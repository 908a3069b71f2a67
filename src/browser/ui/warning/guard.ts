/** Stands before a form: what its writer had better think about is not sent at the first try. */
import type { ReadonlySignal } from '@preact/signals-core';
import type { MaskedKind } from '../../../protocol/marks.ts';
import type { Lookout } from './lookout.ts';

export interface Guarded {
  /** Null while there is none. */
  form: () => HTMLFormElement | null;
  text: ReadonlySignal<string>;
  /** What is masked where it goes. */
  kinds: () => readonly MaskedKind[];
  lookout: () => Lookout;
}

/** Answers with what ends it. */
export function guard({ form, text, kinds, lookout }: Guarded): () => void {
  const ended = new AbortController();
  const before = { capture: true, signal: ended.signal };
  const stop = (event: Event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener(
    'submit',
    (event) => {
      if (event.target === form() && !lookout().mayGo(text.peek(), kinds())) stop(event);
    },
    before,
  );
  document.addEventListener(
    'keydown',
    (event) => {
      const { target, key } = event;
      const isHere = target instanceof Element && (form()?.contains(target) || target.closest('.warning'));
      if (!isHere || event.isComposing) return;
      // A key that is held down was not pressed a second time.
      if (key === 'Enter' && event.repeat && !event.shiftKey) stop(event);
      if (key !== 'Escape' || lookout().found.peek()?.text !== text.peek()) return;
      lookout().dismiss();
      boxOf(form())?.focus();
      stop(event);
    },
    before,
  );
  return () => ended.abort();
}

/** Where what goes with this form is written. */
export function boxOf(form: HTMLFormElement | null): HTMLTextAreaElement | null {
  return form?.querySelector('textarea') ?? null;
}
