/** One thing that a standard asks for, and what there is to show for it. */
import type { LedgerAction } from '../ledger.ts';

export interface Control {
  /** As the standard numbers it. */
  readonly id: string;
  /** Of ASVS, the level from which it is asked for. */
  readonly level?: 1 | 2 | 3;
  /** In our own words, and short: what is asked for stands in the standard. */
  readonly title: string;
  /** Numbers of docs/RULES.md, each of which a test carries. */
  readonly rules: readonly string[];
  /** Test files, where no rule says it. */
  readonly tests: readonly string[];
  readonly documents: readonly string[];
  readonly actions: readonly LedgerAction[];
  /** Ids of checks from outside (`npm run check:deployed`). */
  readonly outside: readonly string[];
  /** What is missing, or whose it is. */
  readonly open: string | undefined;
}

/** Lists with a space between. */
export interface Proof {
  readonly by?: string;
  readonly tests?: string;
  readonly docs?: string;
  readonly acts?: string;
  readonly outside?: string;
  readonly open?: string;
}

export function control(id: string, level: Control['level'], title: string, proof: Proof): Control {
  return {
    ...{ id, title },
    ...(level !== undefined && { level }),
    rules: list(proof.by),
    tests: list(proof.tests),
    documents: list(proof.docs),
    actions: list(proof.acts) as LedgerAction[],
    outside: list(proof.outside),
    open: proof.open,
  };
}

function list(text = ''): string[] {
  return text.split(' ').filter(Boolean);
}
