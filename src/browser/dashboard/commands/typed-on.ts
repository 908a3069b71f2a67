/**
 * Whoever goes on typing after their field was taken away, as when a customer ends the conversation under an answer,
 * gives no commands by it: they have to go somewhere first.
 */
import { isField } from './keys.ts';

export interface TypedOn {
  /** Whether what is typed now was meant for a field that is gone. */
  is: () => boolean;
  end: () => void;
}

export function watchTypedOn(): TypedOn {
  const ended = new AbortController();
  /** The field that somebody is in, or was until it went. */
  let field: Element | null = null;
  const is = () => field?.isConnected === false;
  const left = () => {
    field = null;
  };
  const on = <Type extends keyof WindowEventMap>(type: Type, heard: (event: WindowEventMap[Type]) => void) =>
    window.addEventListener(type, heard, { capture: true, passive: true, signal: ended.signal });

  on('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    // The fields of a window go with it, by the hand of whoever is in them.
    if (isField(target) && target.closest('dialog') === null) field = target;
    // What has the focus in place of a field that is gone is there to be read, not to be pressed.
    else if (!is() || target.matches('a, button')) left();
  });
  on('keydown', ({ key, target }) => {
    if (key === 'Escape' || key === 'Tab') left();
    // It may be done with, and go.
    if (key === 'Enter' && target instanceof HTMLInputElement) left();
  });
  on('pointerdown', left);
  on('hashchange', left);
  return { is, end: () => ended.abort() };
}
