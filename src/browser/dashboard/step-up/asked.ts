/** A proof that is asked for in the middle of something, which goes on once it was given. */
import { type ReadonlySignal, signal } from '@preact/signals';

interface Asked {
  /** What it is asked for, in a sentence. */
  why: string;
  /** True: it was given. */
  answer: (given: boolean) => void;
}

const current = signal<Asked | null>(null);
export const asked: ReadonlySignal<Asked | null> = current;

let answering: Promise<boolean> | null = null;

/** Several things at once that need it share one question. */
export function askForProof(why: string): Promise<boolean> {
  answering ??= new Promise<boolean>((resolve) => {
    current.value = {
      why,
      answer: (given) => {
        current.value = null;
        answering = null;
        resolve(given);
      },
    };
  });
  return answering;
}
