/**
 * What a host page includes. Until the first click ever it asks for nothing and stores nothing. Of the host page
 * it reads its own script tag and the address without query and fragment.
 */
import { bubble, styleSheet } from './looks.ts';

const flag = 'sotto';
const script = document.currentScript;
const site = script instanceof HTMLScriptElement ? script.dataset['site'] : undefined;
if (script instanceof HTMLScriptElement && site !== undefined) {
  const begin = () => start(new URL(script.src).origin, site);
  // In the head, or quicker than the page, there is no body yet to put the launcher into.
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin);
  else begin();
}

function start(sotto: string, site: string): void {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'closed' });
  root.adoptedStyleSheets = [styleSheet()];
  const launcher = document.createElement('button');
  launcher.type = 'button';
  const badge = document.createElement('span');
  launcher.append(bubble(), badge);
  root.append(launcher);
  let frame: HTMLIFrameElement | undefined;
  let loaded = false;
  let isOpen = false;
  let unread = 0;

  launcher.addEventListener('click', () => toggle(!isOpen));
  window.addEventListener('message', heard);
  document.body.append(host);
  show();
  if (remembered()) load();

  function toggle(open: boolean): void {
    isOpen = open;
    if (open) {
      remember();
      load();
      unread = 0;
    }
    show();
    tellOpen();
    if (open) frame?.focus();
    else launcher.focus();
  }

  function load(): void {
    if (frame !== undefined) return;
    frame = document.createElement('iframe');
    frame.title = 'Chat';
    frame.allow = 'clipboard-write';
    frame.src = `${sotto}/widget/${encodeURIComponent(site)}`;
    frame.addEventListener('load', () => {
      loaded = true;
      tellOpen();
    });
    root.append(frame);
  }

  function show(): void {
    launcher.setAttribute('aria-label', unread > 0 ? `Chat, ${unread} unread` : 'Chat');
    launcher.setAttribute('aria-expanded', String(isOpen));
    badge.textContent = unread > 0 ? String(Math.min(unread, 99)) : '';
    host.toggleAttribute('data-open', isOpen);
  }

  function tellOpen(): void {
    tell({ sotto: 'page', page: location.origin + location.pathname });
    tell({ sotto: 'open', open: isOpen });
  }

  function tell(message: object): void {
    if (loaded) frame?.contentWindow?.postMessage(message, sotto);
  }

  function heard({ source, origin, data }: MessageEvent<{ sotto?: unknown; n?: unknown } | null>): void {
    if (frame === undefined || source !== frame.contentWindow || origin !== sotto) return;
    if (data?.sotto === 'close' && isOpen) toggle(false);
    if (data?.sotto === 'unread' && typeof data.n === 'number') {
      unread = data.n;
      show();
    }
  }
}

/** Storage can be forbidden; then the chat does not reconnect on the next page, and that is all. */
function remembered(): boolean {
  try {
    return localStorage.getItem(flag) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    localStorage.setItem(flag, '1');
  } catch {
    return;
  }
}
