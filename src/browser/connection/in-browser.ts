/** The surroundings of a real page. */
import { inIndexedDb } from './queue/indexed-db.ts';
import { webLocks } from './queue/web-locks.ts';
import type { Ears, Line, Notice, Surroundings } from './surroundings.ts';
import { uuid } from './uuid.ts';

export const inBrowser: Surroundings = {
  store: inIndexedDb,
  locks: webLocks,
  now: () => Date.now(),
  random: () => Math.random(),
  newId: uuid,
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
  open,
  visible: () => document.visibilityState === 'visible',
  online: () => navigator.onLine,
  watch,
  channel,
};

function open(address: string, protocols: readonly string[], ears: Ears): Line {
  const url = new URL(address, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url, [...protocols]);
  socket.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (typeof event.data === 'string') ears.said(event.data);
  });
  socket.addEventListener('close', (event) => ears.closed(event.code));
  return {
    send: (text) => {
      // A socket that is closing throws the text away; its owner hears of the close and sends again.
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code) => socket.close(code),
  };
}

function watch(listener: (notice: Notice) => void): () => void {
  const ended = new AbortController();
  const on = (target: EventTarget, type: string, notice: Notice) =>
    target.addEventListener(type, () => listener(notice), { signal: ended.signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') listener('returned');
    },
    { signal: ended.signal },
  );
  on(window, 'focus', 'returned');
  on(window, 'pageshow', 'returned');
  on(document, 'resume', 'returned');
  on(window, 'pagehide', 'leaving');
  on(document, 'freeze', 'leaving');
  on(window, 'online', 'online');
  on(window, 'offline', 'offline');
  return () => ended.abort();
}

/** Where storage is denied there may be no channel either; then tabs find out by asking the server. */
function channel(name: string, heard: (data: unknown) => void): (data: unknown) => void {
  try {
    const tabs = new BroadcastChannel(name);
    tabs.addEventListener('message', ({ data }) => heard(data));
    return (data) => tabs.postMessage(data);
  } catch {
    return () => {};
  }
}
