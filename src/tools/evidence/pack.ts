/** What an auditor is handed: every control with what shows it, as data. */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { asvsLeftOut, type Control, type Standing, standards, standingOf } from '../../protocol/controls.ts';
import { readReport } from '../../protocol/checks-report.ts';
import type { NoteKey } from '../../protocol/ledger-proof.ts';
import { Halt } from '../halt.ts';
import { rulesHere, testsByRule } from '../rules.ts';

export const NOT_MAPPED = 'not mapped yet';

export interface Shown extends Control {
  readonly standing: Standing;
  /** Of its rules and its own. */
  readonly tests: readonly string[];
  /** How each check went that is about it, from outside and in the deployment itself, where reports were given. */
  readonly outcomes: readonly { readonly id: string; readonly outcome: string }[];
}

export interface Pack {
  readonly format: 'sotto.evidence.v1';
  readonly version: string;
  readonly commit: string | null;
  /** ISO 8601, UTC. */
  readonly made: string;
  readonly standards: readonly {
    readonly id: string;
    readonly name: string;
    readonly controls: readonly Shown[] | typeof NOT_MAPPED;
  }[];
  readonly leftOut: typeof asvsLeftOut;
  readonly rules: readonly {
    readonly id: string;
    readonly says: string;
    readonly tests: readonly string[];
  }[];
  /** What was looked at from outside, and when. */
  readonly outside: { readonly origin: string; readonly at: string } | null;
  /** Of which deployment the security checks are, and when it was looked at. */
  readonly checks: { readonly origin: string; readonly at: string } | null;
  /** What was added as it came, by name. */
  readonly reports: readonly string[];
}

const reportSchema = v.object({
  format: v.literal('sotto.outside.v1'),
  origin: v.string(),
  at: v.string(),
  checks: v.array(v.object({ id: v.string(), outcome: v.picklist(['passed', 'failed', 'not run']) })),
});
export type OutsideReport = v.InferOutput<typeof reportSchema>;

/** As far as a pack reads the signed report of a deployment's own checks. */
const checksSchema = v.object({
  report: v.object({
    format: v.literal('sotto-checks/1'),
    from: v.string(),
    looked: v.string(),
    checks: v.array(
      v.object({ id: v.string(), standing: v.string(), answers: v.record(v.string(), v.array(v.string())) }),
    ),
  }),
});
export type ChecksReport = v.InferOutput<typeof checksSchema>['report'];

/** @throws {Halt} it is no report of a deployment's own checks that one of these keys has signed */
export async function readChecks(text: string, keys: readonly NoteKey[]): Promise<ChecksReport> {
  const signed = await readReport(text, keys);
  if (signed?.format !== 'json')
    throw new Halt('--checks is no report of security checks, as JSON, that a --key has signed.');
  return v.parse(checksSchema, JSON.parse(text)).report;
}

/** @throws {Halt} it is no report of check:deployed */
export function readOutside(text: string): OutsideReport {
  try {
    return v.parse(reportSchema, JSON.parse(text));
  } catch {
    throw new Halt('--outside is no report of npm run check:deployed -- … --json.');
  }
}

export function packOf(
  about: Pick<Pack, 'version' | 'commit' | 'made' | 'reports'>,
  { outside, checks }: { outside?: OutsideReport | undefined; checks?: ChecksReport | undefined },
): Pack {
  const tests = testsByRule();
  const outcomeOf = new Map(outside?.checks.map(({ id, outcome }) => [id, outcome]));
  const shown = (standard: string, control: Control): Shown => ({
    ...control,
    standing: standingOf(control),
    tests: [
      ...new Set([...control.tests, ...control.rules.flatMap((rule) => tests.get(rule) ?? [])]),
    ].toSorted(),
    outcomes: [
      // A check of which the report has nothing was not done.
      ...(outside === undefined ? [] : control.outside).map((id) => ({
        id,
        outcome: outcomeOf.get(id) ?? 'not run',
      })),
      ...(checks?.checks ?? [])
        .filter(({ answers }) => answers[standard]?.some((answered) => isAbout(answered, control.id)))
        .map(({ id, standing }) => ({ id, outcome: standing })),
    ],
  });
  return {
    format: 'sotto.evidence.v1',
    ...about,
    standards: Object.entries(standards).map(([id, { name, controls }]) => ({
      ...{ id, name },
      controls: controls === null ? NOT_MAPPED : controls.map((control) => shown(id, control)),
    })),
    leftOut: asvsLeftOut,
    rules: rulesHere().map((rule) => ({ ...rule, tests: tests.get(rule.id) ?? [] })),
    outside: outside === undefined ? null : { origin: outside.origin, at: outside.at },
    checks: checks === undefined ? null : { origin: checks.from, at: checks.looked },
  };
}

/** A check names the paragraph, or a part of it; ASVS without its V. */
function isAbout(answered: string, control: string): boolean {
  return [control, control.replace(/^V/, '')].some((id) => answered === id || answered.startsWith(`${id}(`));
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** How many controls stand how. */
export function counted(controls: readonly Shown[]): Record<Standing, number> {
  const counts = { tested: 0, checked: 0, written: 0, open: 0 };
  for (const { standing } of controls) counts[standing] += 1;
  return counts;
}
