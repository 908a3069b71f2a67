/** A question before something that can not be undone, answered by yes or no. */
import { type ReadonlySignal, signal } from '@preact/signals';

export interface Question {
  title: string;
  text: string;
  yes: string;
  danger?: boolean;
}

interface Asked extends Question {
  answer: (yes: boolean) => void;
}

const current = signal<Asked | null>(null);
export const question: ReadonlySignal<Asked | null> = current;

/** One question at a time: a second one answers the first with no. */
export function ask(asked: Question): Promise<boolean> {
  current.peek()?.answer(false);
  return new Promise((resolve) => {
    current.value = {
      ...asked,
      answer: (yes) => {
        current.value = null;
        resolve(yes);
      },
    };
  });
}
