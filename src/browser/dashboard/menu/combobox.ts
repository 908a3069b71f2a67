/** Moves through the options of a list while the focus stays in the field above it. The first is chosen already. */
import Combobox from '@github/combobox-nav';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Wanted {
  box: RefObject<HTMLInputElement | HTMLTextAreaElement | null>;
  list: RefObject<HTMLElement | null>;
  open: boolean;
  /** Another array for other options. */
  options: readonly unknown[];
}

export function useCombobox({ box, list, open, options }: Wanted): void {
  const combobox = useRef<Combobox | null>(null);
  useLayoutEffect(() => {
    const field = box.current;
    if (!open || field === null || list.current === null) return undefined;
    const opened = new Combobox(field, list.current, { firstOptionSelectionMode: 'selected' });
    opened.start();
    if (field instanceof HTMLTextAreaElement) keepTextBox(field);
    combobox.current = opened;
    // At every input it forgets what was chosen, after the options may have been drawn anew.
    const chooseAgain = () => opened.resetSelection();
    field.addEventListener('input', chooseAgain);
    return () => {
      field.removeEventListener('input', chooseAgain);
      combobox.current = null;
      opened.destroy();
    };
  }, [box, list, open]);
  useLayoutEffect(() => combobox.current?.resetSelection(), [options]);
}

/** A field of several lines stays a text box to those who listen; nothing else is allowed of it. */
function keepTextBox(field: HTMLTextAreaElement): void {
  field.removeAttribute('role');
  field.removeAttribute('aria-expanded');
}
