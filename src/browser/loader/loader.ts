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
  const { lang = '', color = '', vouch } = script.dataset;
  const begin = () => start(origin, site, lang, color, vouch);
  // The launcher comes after everything that the page has, also for who goes by the keyboard.
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin);
  else begin();
}

function start(sotto: string, site: string, lang: string, color: string, vouch?: string): void {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'closed' });
  root.adoptedStyleSheets = [styleSheet()];
  const launcher = document.createElement('button');
  const icon = onColour(color);
  if (icon !== null) launcher.style.cssText = `background:${color};color:${icon}`;
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
  // A page that signs somebody in or out and stays says so; who is here now the widget asks, if it may.
  addEventListener('sotto-vouch', () => tell({ sotto: 'vouch' }));
  // Not in the body: some pages go on to the next by replacing theirs, and a frame that is moved begins anew.
  const stay = () => host.isConnected || document.documentElement.append(host);
  stay();
  new MutationObserver(stay).observe(document.documentElement, { childList: true });
  show(0);
  if (kept((storage) => storage.getItem(flag))) load();

  function toggle(open: boolean): void {
    isOpen = open;
    if (open) {
      remember();
      load();
      label = '';
    }
    show(0);
    fit();
    tellOpen();
    if (open) frame.focus();
    else launcher.focus();
  }

  function remember(): void {
    kept((storage) => storage.setItem(flag, '1'));
  }

  function load(): void {
    if (frame.isConnected) return;
    frame.src = `${sotto}/widget/${site}#lang=${lang}${vouch ? '&vouch' : ''}`;
    root.append(frame);
    for (const change of ['resize', 'scroll']) visualViewport?.addEventListener(change, fit);
  }

  /** On a phone the frame fills what the keyboard leaves. What is laid out inside it is told of no keyboard. */
  function fit(): void {
    // Who zooms in with two fingers wants to see larger what is there, not another layout.
    const seen = visualViewport;
    const follows = isOpen && innerWidth <= phoneWidth && seen !== null && seen.scale < 1.01;
    frame.style.top = follows ? `${seen.offsetTop}px` : '';
    frame.style.height = follows ? `${seen.height}px` : '';
  }

  function show(unread: number): void {
    launcher.ariaLabel = label || 'Chat';
    launcher.ariaExpanded = String(isOpen);
    badge.textContent = String(Math.min(unread, 99) || '');
    host.toggleAttribute('data-open', isOpen);
  }

  function tellOpen(): void {
    tell({ sotto: 'page', page: location.origin + location.pathname });
    tell({ sotto: 'open', open: isOpen });
  }

  /** The site's own server says in a token who its customer is; whoever is refused one, or gets none, is nobody. */
  function sayWho(): void {
    // The widget asks only where its address says that there is one.
    void fetch(vouch as string).then(async (answer) => {
      if (answer.status < 500) tell({ sotto: 'vouch', token: answer.ok ? await answer.text() : '' });
    });
  }

  function tell(message: object): void {
    if (loaded) frame.contentWindow?.postMessage(message, sotto);
  }

  function heard({ isTrusted, source, origin, data }: MessageEvent<FromWidget>): void {
    // An event that the page itself has made can say of itself what it likes, but not that it is trusted.
    if (!isTrusted || source !== frame.contentWindow || origin !== sotto) return;
    if (data.sotto === 'vouch') sayWho();
    if (data.sotto === 'close' && isOpen) toggle(false);
    if (data.sotto === 'remember') remember();
    if (data.sotto === 'forget') kept((storage) => storage.removeItem(flag));
    if (data.sotto === 'unread') {
      label = data.label;
      show(data.n);
    }
  }
}

/** Once it is known to come from Sotto's own origin, it is what Sotto's widget says (widget/host.ts). */
type FromWidget =
  { sotto: 'close' | 'remember' | 'forget' | 'vouch' } | { sotto: 'unread'; n: number; label: string };

/** Storage can be forbidden; then the chat does not reconnect on the next page, and that is all. */
function kept<Value>(use: (storage: Storage) => Value): Value | undefined {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}
