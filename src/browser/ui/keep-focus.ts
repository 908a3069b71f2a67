/**
 * Whoever works by keys is never thrown out: where what had the focus goes, what stood around it has it, else
 * whatever the face says.
 */
export function keepFocus(otherwise: () => void): () => void {
  /** What had the focus last, and all that it stood in. */
  let path: HTMLElement[] = [];
  const came = ({ target }: FocusEvent) => {
    path = [];
    for (let at = target; at instanceof HTMLElement; at = at.parentElement) path.push(at);
  };
  const changed = new MutationObserver(() => {
    if (path[0] === undefined || path[0].isConnected) return;
    const around = path.find((element) => element.isConnected && element.hasAttribute('tabindex'));
    path = [];
    // The browser gives what it can't give to anybody to the page.
    if (document.activeElement !== document.body) return;
    if (around === undefined) otherwise();
    else around.focus({ preventScroll: true });
  });
  window.addEventListener('focusin', came);
  changed.observe(document.body, { childList: true, subtree: true });
  return () => {
    window.removeEventListener('focusin', came);
    changed.disconnect();
  };
}
