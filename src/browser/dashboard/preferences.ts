/** What somebody likes on this machine. It says nothing of anybody, so it may lie in the browser's storage. */
import { type Signal, effect, signal } from '@preact/signals';

const prefix = 'sotto-';

/** On or off, and remembered; where storage is denied, for as long as the page lives. */
function remembered(name: string, otherwise: boolean): Signal<boolean> {
  const preference = signal(recall(name) ?? otherwise);
  let first = true;
  effect(() => {
    const { value } = preference;
    if (!first) remember(name, value);
    first = false;
  });
  return preference;
}

export const preferences = {
  sound: remembered('sound', true),
  /** Keys without a modifier: they can be pressed by mistake, or by a voice (WCAG 2.2, 2.1.4). */
  singleKeys: remembered('single-keys', true),
  /** Desktop notices were offered once; who said no is not asked again. */
  noticesOffered: remembered('notices-offered', false),
};

function recall(name: string): boolean | null {
  try {
    const kept = localStorage.getItem(prefix + name);
    return kept === null ? null : kept === 'yes';
  } catch {
    return null;
  }
}

function remember(name: string, value: boolean): void {
  try {
    localStorage.setItem(prefix + name, value ? 'yes' : 'no');
  } catch {
    return;
  }
}
