/** Puts an open panel below its button, or above where there is no room, and within the page. */
const gap = 4;
const edge = 8;

export function placeAt(panel: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = at.bottom + gap;
  const top = below + height <= innerHeight - edge ? below : Math.max(edge, at.top - gap - height);
  const left = Math.min(Math.max(edge, at.right - width), innerWidth - width - edge);
  panel.style.setProperty('top', `${top}px`);
  panel.style.setProperty('left', `${left}px`);
}
