/** Security checks: what each measures on the deployment as it runs, what it found, and what was accepted for a while. */
import * as v from 'valibot';
import { reasonSchema } from './fields.ts';
import type { PersonId } from './ids.ts';
import { lifetimes } from './limits.ts';

/** `not-run`: it could not be looked at, which is no pass. */
export const checkOutcomes = ['passed', 'failed', 'not-run'] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];
/** How it stands with what was accepted: what did not pass, and was accepted until a day, is neither. */
export type CheckStanding = CheckOutcome | 'accepted';

/** Counts, names and ids, and nothing that is personal. */
export type CheckFound = Readonly<Record<string, number | boolean | string | readonly string[]>>;

/** The standards that a check answers, by the names of their paragraphs there. */
export const standards = {
  asvs: 'OWASP ASVS 5.0',
  csf: 'NIST CSF 2.0',
  gdpr: 'GDPR',
  hipaa: 'HIPAA',
  cis: 'CIS Controls 8.1',
} as const;
export type Standard = keyof typeof standards;
export type Answers = Readonly<Partial<Record<Standard, readonly string[]>>>;

export const checkGroups = {
  people: 'People and their rights',
  sites: 'Sites and customers',
  data: 'Data',
  keys: 'Keys and secrets',
  ledger: 'The ledger',
  backups: 'Backups',
  watching: 'Watching',
  web: 'The web',
  outside: 'What Sotto leans on',
  readiness: 'Readiness',
  law: 'Law',
} as const;
export type CheckGroup = keyof typeof checkGroups;

/** The settings in which something can be mended; null: outside of the dashboard, as the words say. */
export type FixPlace =
  | 'people'
  | 'roles'
  | 'teams'
  | 'sites'
  | 'privacy'
  | 'organisation'
  | 'keys'
  | 'backups'
  | 'training'
  | 'profiles'
  | 'processing'
  | 'alarms'
  | 'incidents'
  | 'containment'
  | 'ledger'
  | null;

export type CheckAbout = {
  /** Stays what it is: history and exceptions go by it. */
  readonly id: string;
  readonly group: CheckGroup;
  readonly title: string;
  readonly measures: string;
  readonly why: string;
  readonly answers: Answers;
  readonly fix: { readonly how: string; readonly place: FixPlace };
};

/** Why, by whom and until when it was accepted that something does not pass. Unix milliseconds. */
export type CheckException = { reason: string; by: PersonId; at: number; until: number };

/** `at`: when it was looked at last; null: never. `exception`: the one that holds now. */
export type CheckView = CheckAbout & {
  standing: CheckStanding;
  outcome: CheckOutcome;
  found: CheckFound;
  words: string;
  at: number | null;
  /** How it stood in the run before. */
  before: CheckStanding | null;
  exception: CheckException | null;
};
export type CheckCounts = Record<CheckStanding, number>;
/** `done` of so many checks; `askedBy`: null for the night, `token` for whoever deploys. */
export type CheckRun = {
  id: string;
  askedBy: string | null;
  begunAt: number;
  overAt: number | null;
  done: number;
  counts: CheckCounts;
};

/** By group, in one order. `history`: runs that are over, the newest first. `running`: the one that goes on. */
export type ChecksAnswer = { checks: CheckView[]; running: CheckRun | null; history: CheckRun[] };
export type ChecksBegun = { run: string };

/** `until`: Unix milliseconds, a year ahead at most. */
export const exceptionRequest = v.strictObject({
  reason: reasonSchema,
  until: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)),
});
export const longestException = lifetimes.checkException;

export const reportQuery = v.strictObject({ format: v.picklist(['json', 'html']) });

export const noCounts: CheckCounts = { passed: 0, accepted: 0, failed: 0, 'not-run': 0 };

/** What an exception makes of an outcome. */
export function standingOf(outcome: CheckOutcome, isAccepted: boolean): CheckStanding {
  return outcome !== 'passed' && isAccepted ? 'accepted' : outcome;
}

/** What whoever deploys is told: how the last run that is over stands, and the one that goes on. */
export type StandingAnswer = {
  run: CheckRun | null;
  running: CheckRun | null;
  checks: { id: string; title: string; standing: CheckStanding; words: string }[];
};
