/** What is held back in an incident, said to everybody who works here, so that nobody wonders why something does not go. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { HeldAnswer, HeldMode } from '../../protocol/containment.ts';
import type { Session } from './session.ts';
import { words } from './words.ts';

const askAgainAfter = 30_000;
const held = signal<readonly HeldMode[]>([]);

/** Asks what holds now. Whoever can't be answered is told of that elsewhere. */
export async function askHeld(api: Session['api']): Promise<void> {
  try {
    held.value = (await api.get<HeldAnswer>('/api/v1/held')).held;
  } catch {
    // It is asked again soon.
  }
}

export function HeldBanner({ api }: { api: Session['api'] }) {
  useEffect(() => {
    const look = () => {
      // A page that nobody looks at asks for nothing.
      if (document.visibilityState === 'visible') void askHeld(api);
    };
    look();
    const timer = setInterval(look, askAgainAfter);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [api]);
  return (
    <div class="banner" role="status">
      {held.value.length > 0 && <span>{held.value.map((mode) => words.held[mode]).join(' ')}</span>}
    </div>
  );
}
