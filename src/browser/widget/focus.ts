/** Where the keyboard is. What one step takes away must not take the focus with it. */
export function focusOnStep(): void {
  document.querySelector<HTMLElement>('[data-first], .composer textarea')?.focus();
}

/** After a change: only if the focus was on something that has gone. */
export function regainFocus(): void {
  if (document.activeElement === document.body || document.activeElement === null) focusOnStep();
}
