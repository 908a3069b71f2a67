/** What a person does in this page, and in this browser's other tabs: keys, pointers, touches, and nothing else. */
import type { Cancel, Surroundings } from '../connection.ts';

/** How often the other tabs hear that somebody is at work in this one. */
const sayPause = 1_000;

/** `here`: in this tab. */
type Acted = (here: boolean) => void;

export class Activity {
  #listeners = new Set<Acted>();
  #saidAt = -Infinity;
  #say: (data: unknown) => void;
  #surroundings: Surroundings;

  constructor(surroundings: Surroundings, watchInput: (acted: () => void) => void = inputHere) {
    this.#surroundings = surroundings;
    this.#say = surroundings.channel('sotto-activity', () => this.#tell(false));
    watchInput(() => this.#acted());
  }

  follow(acted: Acted): Cancel {
    this.#listeners.add(acted);
    return () => void this.#listeners.delete(acted);
  }

  #acted(): void {
    this.#tell(true);
    const now = this.#surroundings.now();
    if (now - this.#saidAt < sayPause) return;
    this.#saidAt = now;
    this.#say(null);
  }

  #tell(here: boolean): void {
    for (const acted of this.#listeners) acted(here);
  }
}

function inputHere(acted: () => void): void {
  const heard = (event: Event) => {
    // What scripts make is nobody's doing, nor is a page that moves under a pointer at rest.
    const rests = event.type === 'pointermove' && !moves(event as PointerEvent);
    if (event.isTrusted && !rests) acted();
  };
  for (const type of ['pointerdown', 'pointermove', 'click', 'keydown', 'wheel', 'touchstart'])
    window.addEventListener(type, heard, { capture: true, passive: true });
}

function moves({ movementX, movementY }: PointerEvent): boolean {
  return movementX !== 0 || movementY !== 0;
}
