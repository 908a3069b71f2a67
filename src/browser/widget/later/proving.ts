/** Asks in the middle of something that they prove by a mailed code that it is they. */
import { effect } from '@preact/signals-core';
import { type Asked, asked, type Deed, outcome } from '../question.ts';

/** Whether they have. */
export function proves(how: Exclude<Asked, Deed>): Promise<boolean> {
  outcome.value = null;
  asked.value = how;
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (asked.value !== null) return;
      resolve(outcome.peek()?.failed === false);
      queueMicrotask(() => stop());
    });
  });
}
