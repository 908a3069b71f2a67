/**
 * What raises an alarm. Some entries of the ledger are one by themselves; after others it is counted how much of the
 * kind there was lately. The figures leave a normal day quiet: an agent has a few dozen conversations in it.
 */
import type { Finding } from '../../protocol/alarms.ts';
import { isId, type PersonId } from '../../protocol/ids.ts';
import type { Entry } from '../../protocol/ledger-proof.ts';

const hour = 3_600_000;
const day = 24 * hour;

export const figures = {
  /** Reading within an hour: at least so many conversations, and more than so many times the own busiest hour of these days. */
  reading: { within: hour, least: 40, times: 2, past: 28 * day },
  /** The same of files: two photos of papers an hour are a busy day. */
  files: { within: hour, least: 12, times: 2, past: 28 * day },
  /** Files of entries, or of what somebody has seen, with whose it is. */
  exports: { within: day, least: 3 },
  /** Of so many customers: whoever asks again for the same one is given the same copy. */
  copies: { within: day, least: 3 },
  /** So many conversations: now and then a customer asks for theirs. */
  transcripts: { within: day, least: 10 },
  refusals: { within: hour, least: 20 },
  /** Failures to prove to be somebody: for one account, and for all together. */
  failures: { within: hour, least: 10 },
  spray: { within: hour, least: 200 },
} as const;

/** The same about the same person is not raised anew so soon after it was answered: it is what the answer is about. */
export const quietAfterAnswer = hour;

/** What somebody reads more of than is usual, and how that stands in the ledger. */
export const readings = {
  reading: { action: 'conversation.read', rule: 'reading.unusual' },
  files: { action: 'file.open', rule: 'reading.files' },
} as const;
export type Reading = keyof typeof readings;

/** What is taken along of customers one by one, and how that stands in the ledger. */
export const takings = { copies: 'customer.copy', transcripts: 'transcript.send' } as const;
export type Taking = keyof typeof takings;

/** What takes many of them along in one file. */
export const takingDoors: readonly string[] = ['POST /ledger/export', 'POST /radius/export'];

/** What is to be counted after an entry. */
export type Question =
  | { ask: Reading | Taking | 'exports' | 'refusals' | 'failures'; about: PersonId }
  | { ask: 'spray'; about: null };

/** What an entry says by itself. */
export function foundIn({ action, outcome, actor, object, facts = {} }: Entry): Finding | undefined {
  if (action === 'file.block')
    return { rule: 'file.malware', about: null, facts: { file: object ?? null, ...facts } };
  if (!isPerson(actor)) return undefined;
  if (outcome === 'refused' && 'budget' in facts)
    return { rule: 'reading.budget', about: actor, facts: { budget: facts['budget'] ?? null } };
  if (outcome === 'done' && facts['abroad'] === true)
    return { rule: 'signIn.country', about: actor, facts: { action } };
  return undefined;
}

/** What is to be counted after it. `isFailedProof`: whether somebody failed to prove who they are. */
export function askedAfter(
  { action, outcome, actor, subject, facts = {} }: Entry,
  isFailedProof: boolean,
): Question[] {
  if (isFailedProof)
    return [
      { ask: 'spray', about: null },
      ...(isPerson(subject) ? [{ ask: 'failures', about: subject } as const] : []),
    ];
  if (!isPerson(actor)) return [];
  if (outcome === 'refused') return [{ ask: 'refusals', about: actor }];
  for (const ask of Object.keys(readings) as Reading[])
    if (action === readings[ask].action) return [{ ask, about: actor }];
  for (const ask of Object.keys(takings) as Taking[])
    if (action === takings[ask]) return [{ ask, about: actor }];
  return takingDoors.includes(String(facts['door'])) ? [{ ask: 'exports', about: actor }] : [];
}

/** @param most the most of them within one hour of somebody's own past */
export function isUnusualReading(of: Reading, count: number, most: number): boolean {
  const { least, times } = figures[of];
  return count >= least && count > times * most;
}

function isPerson(id: string | null | undefined): id is PersonId {
  return isId('person', id);
}
