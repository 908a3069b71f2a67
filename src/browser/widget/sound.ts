/** A sound for what comes while nobody looks. Whether it is wanted is stored only where something is stored anyway. */
import { type ReadonlySignal, effect, signal } from '@preact/signals-core';
import type { Reading } from '../connection.ts';
import type { Chat } from './chat.ts';

const key = 'sotto-muted';

export const muted = signal(false);

export function ring(chat: Chat, reading: ReadonlySignal<Reading | null>): void {
  muted.value = stored();
  let before = 0;
  effect(() => {
    const unread = reading.value?.unread.value ?? 0;
    if (unread > before && !muted.peek()) void import('./later/chime.ts').then((part) => part.chime());
    before = unread;
  });
  effect(() => {
    // Before the first message nothing is stored, and once a browser has forgotten, nothing is left.
    store(chat.client.value !== null && muted.value);
  });
}

function stored(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

function store(on: boolean): void {
  try {
    if (on) localStorage.setItem(key, '1');
    else localStorage.removeItem(key);
  } catch {
    // Storage can be forbidden; then it is remembered as long as this page.
  }
}
