/** Something that takes a moment and may fail. */
import { useState } from 'preact/hooks';
import { whyNot } from './mine.ts';

export interface Trying {
  busy: boolean;
  problem: string | null;
  say: (problem: string | null) => void;
  attempt: (work: () => Promise<void>) => Promise<void>;
}

/** One at a time: while one goes on, another does nothing. */
export function useTrying(): Trying {
  const [busy, setBusy] = useState(false);
  const [problem, say] = useState<string | null>(null);
  const attempt = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    say(null);
    try {
      await work();
    } catch (error) {
      say(whyNot(error));
    }
    setBusy(false);
  };
  return { busy, problem, say, attempt };
}
