/** What a look from outside at a deployment is made of. */
import type { Target } from './target.ts';

/** A check that could not be done proves nothing, and is never counted as passed. */
export type Outcome = { is: 'passed' | 'failed' | 'not run'; found: string };

export interface Check {
  /** Stable: reports of different days are compared by it. */
  readonly id: string;
  /** What holds where it passes, as a sentence. */
  readonly what: string;
  readonly why: string;
  /** What asks for it: requirements of OWASP ASVS 5.0, RFCs, paragraphs. */
  readonly standards: readonly string[];
  readonly fix: string;
  /** Why it can't be done against a Sotto on one's own machine. */
  readonly notLocal?: string;
  readonly look: (target: Target) => Promise<Outcome>;
}

/** @param flaws what is wrong, a few words each; none is a pass */
export function judged(flaws: readonly string[], found: string): Outcome {
  return flaws.length === 0 ? { is: 'passed', found } : { is: 'failed', found: flaws.join('; ') };
}

export const passed = (found: string): Outcome => ({ is: 'passed', found });
export const failed = (found: string): Outcome => ({ is: 'failed', found });
export const notRun = (found: string): Outcome => ({ is: 'not run', found });
