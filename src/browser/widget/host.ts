/**
 * The page around this frame. All that it can say is on which page it is, whether the chat is open, and whom its site
 * vouches for (later/vouching.ts); it is not trusted with more, whatever it sends.
 */
import { signal } from '@preact/signals-core';
import { words } from './words.ts';

type FromHost = { sotto: 'page'; page: string } | { sotto: 'open'; open: boolean };
type ToHost =
  | { sotto: 'close' }
  /** Whom does your site vouch for? */
  | { sotto: 'vouch' }
  | { sotto: 'unread'; n: number; label: string }
  /** Whether the next page shall load the widget unasked. */
  | { sotto: 'remember' | 'forget' };

const framed = window.parent !== window;
/** Alone in a tab, as in a preview, the widget is always open. */
export const isOpen = signal(!framed);
export const page = signal<string | undefined>(undefined);
export const canClose = framed;
/** The loader says in the address, behind #, whether the page can be asked whom its site vouches for. */
export const vouches = framed && location.hash.endsWith('&vouch');
/** Known from the loader's first message; only allowed origins can frame this page at all. */
export let hostOrigin: string | null = null;

export function listenToHost(): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (!framed || event.source !== window.parent || !isFromHost(event.data)) return;
    hostOrigin ??= event.origin;
    if (event.origin !== hostOrigin) return;
    if (event.data.sotto === 'page') page.value = event.data.page;
    else isOpen.value = event.data.open;
  });
}

export function askToClose(): void {
  tell({ sotto: 'close' });
}

export function tellUnread(n: number): void {
  tell({ sotto: 'unread', n, label: n > 0 ? words.unread(n) : '' });
}

export function tell(message: ToHost): void {
  if (hostOrigin !== null) window.parent.postMessage(message, hostOrigin);
}

function isFromHost(data: unknown): data is FromHost {
  if (typeof data !== 'object' || data === null || !('sotto' in data)) return false;
  if (data.sotto === 'page') return 'page' in data && typeof data.page === 'string';
  return data.sotto === 'open' && 'open' in data && typeof data.open === 'boolean';
}
