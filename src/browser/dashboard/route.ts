/** Where in the dashboard we are: the address's fragment, which never reaches a server. */
import { type ReadonlySignal, signal } from '@preact/signals';

export type Route = { at: 'home' } | { at: 'conversation'; id: string } | { at: 'invitation'; token: string };

const current = signal<Route>(read());
export const route: ReadonlySignal<Route> = current;

export function watchRoute(): void {
  window.addEventListener('hashchange', () => {
    current.value = read();
  });
}

export function addressOf(conversation: string): string {
  return `#/conversations/${conversation}`;
}

export function goHome(): void {
  history.pushState(null, '', '#/');
  current.value = { at: 'home' };
}

function read(): Route {
  const [, kind, value] = /^#\/(conversations|invitation)\/([A-Za-z0-9_.-]+)$/.exec(location.hash) ?? [];
  if (kind === 'conversations' && value !== undefined) return { at: 'conversation', id: value };
  if (kind !== 'invitation' || value === undefined) return { at: 'home' };
  // The token must not stay where others can read it: not in the address bar, not in the history.
  history.replaceState(null, '', '#/');
  return { at: 'invitation', token: value };
}
