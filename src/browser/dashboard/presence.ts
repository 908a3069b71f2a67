/** Keeps a desk for whoever is signed in, and keeps it through a new sign-in of the same person. */
import { type ReadonlySignal, effect, signal } from '@preact/signals';
import { Desk } from './desk.ts';
import { route } from './route.ts';
import type { Session } from './session.ts';

export function deskFor(session: Session): ReadonlySignal<Desk | null> {
  const desk = signal<Desk | null>(null);
  effect(() => {
    const stage = session.stage.value;
    const before = desk.peek();
    if (stage.at === 'signed-in' && before?.person.peek().id === stage.person.id) {
      before.resume(stage.person);
      return;
    }
    before?.leave();
    if (stage.at === 'signed-in') desk.value = new Desk(stage.person, session);
  });
  effect(() => {
    const { value } = route;
    if (session.stage.value.at === 'signed-in') {
      desk.value?.rooms.select(value.at === 'conversation' ? value.id : null);
    }
  });
  return desk;
}
