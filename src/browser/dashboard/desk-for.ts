/** Keeps a desk for whoever is signed in, and keeps it through a new sign-in of the same person. */
import { type ReadonlySignal, effect, signal, untracked } from '@preact/signals';
import { Desk } from './desk.ts';
import { forgetStanding } from './presence.ts';
import { route } from './route.ts';
import type { SeenAs, Session } from './session.ts';

export function deskFor(session: Session): ReadonlySignal<Desk | null> {
  const desk = signal<Desk | null>(null);
  let shownAs: SeenAs | null = null;
  effect(() => {
    const stage = session.stage.value;
    const seenAs = session.seenAs.value;
    if (stage.at === 'signed-out') forgetStanding();
    // What a desk reads while it is set up or taken up again is none of this effect's business.
    untracked(() => {
      const before = desk.value;
      if (stage.at !== 'signed-in') {
        before?.leave();
        return;
      }
      // As another role everything is another's, and nothing of before is kept.
      const person = { ...stage.person, ...seenAs };
      const isSame = before?.person.value.id === person.id && shownAs === seenAs;
      if (isSame) before.resume(person);
      else {
        before?.end();
        shownAs = seenAs;
        desk.value = new Desk(person, session);
      }
    });
  });
  effect(() => {
    const { value } = route;
    const rooms = session.stage.value.at === 'signed-in' ? desk.value?.rooms : undefined;
    untracked(() => {
      if (value.at === 'conversation') rooms?.select(value.id, value.silent);
      else rooms?.select(null);
    });
  });
  return desk;
}
