/** What had the focus has gone: whoever works by keys goes on here. */
export function focusIfLost(here: HTMLElement | null): void {
  if (document.activeElement === document.body) here?.focus();
}
