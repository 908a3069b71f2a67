/** Notices of the desktop. They carry no message text: whoever stands behind the screen reads them, too. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';

export type Permission = 'default' | 'granted' | 'denied' | 'impossible';

const current: Signal<Permission> = signal(asked());
export const permission: ReadonlySignal<Permission> = current;

export async function askPermission(): Promise<void> {
  if (current.peek() === 'impossible') return;
  await Notification.requestPermission();
  current.value = asked();
}

/** A second notice for the same conversation takes the place of the first. */
export function notify(text: string, conversation: string, pressed: () => void): void {
  if (current.peek() !== 'granted') return;
  try {
    const notice = new Notification(text, { tag: conversation, silent: true });
    notice.addEventListener('click', () => {
      window.focus();
      pressed();
      notice.close();
    });
  } catch {
    // Phones let only a service worker do this; there the sound and the title have to do.
    current.value = 'impossible';
  }
}

function asked(): Permission {
  return 'Notification' in window ? Notification.permission : 'impossible';
}
