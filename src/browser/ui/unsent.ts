/** Leaving the page must not lose silently what was written and has not arrived. */
export function warnWhile(unsent: () => boolean): void {
  window.addEventListener('beforeunload', (event) => {
    if (unsent()) event.preventDefault();
  });
}
