/**
 * What a host page includes. Until the first click ever it asks for nothing and stores nothing. Of the host page
 * it reads its own script tag and the address without query and fragment.
 */
import { onColour, styleSheet } from './looks.ts';

const flag = 'sotto';
/** Up to this width the frame fills the whole of a screen (looks.css). */
const phoneWidth = 480;
const script = document.currentScript;
// Any element of the page, one in a customer's comment too, can take this name of the document's for itself.
const site = script instanceof HTMLScriptElement && script.dataset['site'];
if (site) {
  const { origin } = new URL(script.src);
  const { lang = '', color = '' } = script.dataset;
  const begin = () => start(origin, site, lang, color);
  // The launcher comes after everything that the page has, also for who goes by the keyboard.
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin);
  else begin();
}

function start(sotto: string, site: string, lang: string, color: string): void {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'closed' });
  root.adoptedStyleSheets = [styleSheet()];
  const launcher = document.createElement('button');
  launcher.type = 'button';
  const icon = onColour(color);
  if (icon !== null) {
    launcher.style.background = color;
    launcher.style.color = icon;
  }
  const badge = document.createElement('span');
  launcher.append(badge);
  root.append(launcher);
  // Made while the page's natives are what they were when it began; it asks for nothing before it has its place.
  const frame = document.createElement('iframe');
  frame.title = 'Chat';
  frame.allow = 'autoplay; clipboard-write';
  let loaded = false;
  let isOpen = false;
  let label = '';

  launcher.addEventListener('click', () => toggle(!isOpen));
  root.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Escape' && isOpen) toggle(false);
  });
  frame.addEventListener('load', () => {
    loaded = true;
    tellOpen();
  });
  addEventListener('message', heard);
  // Not in the body: some pages go on to the next by replacing theirs, and a frame that is moved begins anew.
  const stay = () => host.isConnected || document.documentElement.append(host);
  stay();
  new MutationObserver(stay).observe(document.documentElement, { childList: true });
  show(0);
  if (remembered()) load();

  function toggle(open: boolean): void {
    isOpen = open;
    if (open) {
      remember(true);
      load();
      label = '';
    }
    show(0);
    fit();
    tellOpen();
    if (open) frame.focus();
    else launcher.focus();
  }

  function load(): void {
    if (frame.isConnected) return;
    frame.src = `${sotto}/widget/${encodeURIComponent(site)}${lang && `#lang=${encodeURIComponent(lang)}`}`;
    root.append(frame);
    for (const change of ['resize', 'scroll']) visualViewport?.addEventListener(change, fit);
  }

  /** On a phone the frame fills what the keyboard leaves. What is laid out inside it is told of no keyboard. */
  function fit(): void {
    if (visualViewport === null) return;
    // Who zooms in with two fingers wants to see larger what is there, not another layout.
    const follows = isOpen && innerWidth <= phoneWidth && visualViewport.scale < 1.01;
    frame.style.top = follows ? `${visualViewport.offsetTop}px` : '';
    frame.style.height = follows ? `${visualViewport.height}px` : '';
  }

  function show(unread: number): void {
    launcher.setAttribute('aria-label', label || 'Chat');
    launcher.setAttribute('aria-expanded', String(isOpen));
    badge.textContent = unread > 0 ? String(Math.min(unread, 99)) : '';
    host.toggleAttribute('data-open', isOpen);
  }

  function tellOpen(): void {
    tell({ sotto: 'page', page: location.origin + location.pathname });
    tell({ sotto: 'open', open: isOpen });
  }

  function tell(message: object): void {
    if (loaded) frame.contentWindow?.postMessage(message, sotto);
  }

  function heard({ isTrusted, source, origin, data }: MessageEvent<FromWidget | null>): void {
    // An event that the page itself has made can say of itself what it likes, but not that it is trusted.
    if (!isTrusted || source !== frame.contentWindow || origin !== sotto) return;
    if (data?.sotto === 'close' && isOpen) toggle(false);
    if (data?.sotto === 'remember') remember(true);
    if (data?.sotto === 'forget') remember(false);
    if (data?.sotto === 'unread') {
      label = String(data.label);
      show(Number(data.n));
    }
  }
}

/** Once it is known to come from Sotto's own origin, it is what Sotto's widget says (widget/host.ts). */
interface FromWidget {
  sotto?: unknown;
  n?: unknown;
  label?: unknown;
}

/** Storage can be forbidden; then the chat does not reconnect on the next page, and that is all. */
function remembered(): boolean {
  try {
    return localStorage.getItem(flag) !== null;
  } catch {
    return false;
  }
}

function remember(on: boolean): void {
  try {
    if (on) localStorage.setItem(flag, '1');
    else localStorage.removeItem(flag);
  } catch {
    return;
  }
}
