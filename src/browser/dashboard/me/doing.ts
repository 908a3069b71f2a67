/** One thing at a time in one part of the page, and what went wrong with it. */
import { type ReadonlySignal, useSignal } from '@preact/signals';
import { ApiError } from '../../api.ts';
import { inWords } from '../form/in-words.ts';

export interface Doing {
  busy: ReadonlySignal<boolean>;
  problem: ReadonlySignal<string | null>;
  /** True: it is done. */
  attempt: (task: () => Promise<unknown>) => Promise<boolean>;
}

export function useDoing(): Doing {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const attempt = async (task: () => Promise<unknown>) => {
    if (busy.peek()) return false;
    busy.value = true;
    problem.value = null;
    try {
      await task();
      return true;
    } catch (error) {
      // Whoever closes the question for a proof has changed their mind.
      const declined = error instanceof ApiError && error.code === 'step_up_needed';
      if (!declined) problem.value = error instanceof RangeError ? error.message : inWords(error);
      return false;
    } finally {
      busy.value = false;
    }
  };
  return { busy, problem, attempt };
}
