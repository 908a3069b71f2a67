/** What alarms and duties ask of the ledger: what came since they looked last, and how much of it there was lately. */
import type { Env } from '../config.ts';
import type { LedgerAction } from '../protocol/ledger.ts';
import { type Entry, readLeaf } from '../protocol/ledger-proof.ts';
import { LedgerTable, type Span } from './store.ts';

/** Entries from this place on, the oldest first, and the place after the last of them. */
export async function entriesFrom(
  env: Env,
  seq: number,
  limit: number,
): Promise<{ entries: Entry[]; next: number }> {
  const rows = await new LedgerTable(env.DB).from(seq, limit);
  return {
    entries: rows.flatMap(({ leaf }) => readLeaf(leaf) ?? []),
    next: (rows.at(-1)?.seq ?? seq - 1) + 1,
  };
}

/** How many things somebody has done this to in that time. */
export function countThings(env: Env, actor: string, action: LedgerAction, within: Span): Promise<number> {
  return new LedgerTable(env.DB).countThings(actor, action, within);
}

/** The most things that somebody has done this to within one hour of that time. */
export function mostThingsInAnHour(
  env: Env,
  actor: string,
  action: LedgerAction,
  within: Span,
): Promise<number> {
  return new LedgerTable(env.DB).mostThingsInAnHour(actor, action, within);
}

/** How often somebody has done something at these doors in that time. */
export function countDoneAt(
  env: Env,
  actor: string,
  doors: readonly string[],
  within: Span,
): Promise<number> {
  return new LedgerTable(env.DB).countDoneAt(actor, doors, within);
}

/** How often somebody was refused what they had no right to, or what is not there. */
export function countRefused(env: Env, actor: string, within: Span): Promise<number> {
  // To be asked for a second factor is everyday.
  return new LedgerTable(env.DB).countRefused(actor, within, 'step_up_needed');
}

const proofs: readonly LedgerAction[] = [
  'signIn.password',
  'signIn.factor',
  'signIn.recovery',
  'signIn.ownerKey',
];

/** How often a proof failed in that time: somebody's, or anybody's. */
export function countFailedProofs(env: Env, within: Span, subject?: string): Promise<number> {
  return new LedgerTable(env.DB).countFailed(proofs, within, subject);
}

export function isFailedProof({ action, outcome }: Entry): boolean {
  return outcome === 'refused' && proofs.some((proof) => proof === action);
}

/** To how many things of this person or visitor this was done in this request, as far as the database still has it. */
export function countDoneFor(
  env: Env,
  subject: string,
  action: LedgerAction,
  request: string,
): Promise<number> {
  return new LedgerTable(env.DB).countDoneFor(subject, action, request);
}
