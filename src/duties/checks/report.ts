/** The report of the last run that is over, dated and signed as the ledger's heads are. */
import { configOf, type Env, vaultOf } from '../../config.ts';
import { ledgerName } from '../../ledger.ts';
import { namesOf } from '../../people/staff.ts';
import { type CheckView, noCounts, standards } from '../../protocol/checks.ts';
import {
  hashOf,
  type Report,
  type ReportNote,
  reportNoteText,
  signedJson,
  signedPage,
} from '../../protocol/checks-report.ts';
import { signNote } from '../../protocol/ledger-proof.ts';
import { pageOf } from './page.ts';
import { standing } from './standing.ts';

/** Undefined: there was no run yet. */
export async function reportOf(
  env: Env,
  format: ReportNote['format'],
  now: number,
): Promise<{ name: string; text: string } | undefined> {
  const report = await made(env, now);
  if (report === undefined) return undefined;
  const text = format === 'json' ? JSON.stringify(report) : pageOf(report);
  const { from, run, looked, counts } = report;
  const note = await signed(
    env,
    reportNoteText({
      ...{ from, run, looked, made: report.made, format, sha256: await hashOf(text) },
      passed: String(counts.passed),
      accepted: String(counts.accepted),
      failed: String(counts.failed),
      'not-run': String(counts['not-run']),
    }),
    now,
  );
  const name = `security-checks-${report.made.slice(0, 10)}.${format}`;
  return { name, text: format === 'json' ? signedJson(text, note) : signedPage(text, note) };
}

async function made(env: Env, now: number): Promise<Report | undefined> {
  const { checks, history } = await standing(env, now);
  const [last] = history;
  if (last?.overAt === undefined || last.overAt === null) return undefined;
  const people = checks.flatMap(({ exception }) => (exception === null ? [] : [exception.by]));
  const names = await namesOf(env, [...new Set(people)]);
  const counts = { ...noCounts };
  for (const { standing: stands } of checks) counts[stands] += 1;
  return {
    format: 'sotto-checks/1',
    from: new URL(configOf(env).origin).host,
    run: last.id,
    looked: timeOf(last.overAt),
    made: timeOf(now),
    counts,
    standards: { ...standards },
    checks: checks.map((check) => entryOf(check, names)),
  };
}

function entryOf(
  {
    id,
    group,
    title,
    measures,
    why,
    answers,
    outcome,
    standing: stands,
    at,
    words,
    found,
    exception,
  }: CheckView,
  names: ReadonlyMap<string, string | null>,
): Report['checks'][number] {
  return {
    ...{ id, group, title, measures, why, outcome, standing: stands, words },
    answers: Object.fromEntries(Object.entries(answers).map(([standard, all]) => [standard, [...all]])),
    looked: at === null ? null : timeOf(at),
    found: Object.fromEntries(
      Object.entries(found).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
    ),
    exception:
      exception === null
        ? null
        : {
            reason: exception.reason,
            by: exception.by,
            name: names.get(exception.by) ?? null,
            at: timeOf(exception.at),
            until: timeOf(exception.until),
          },
  };
}

async function signed(env: Env, text: string, now: number): Promise<string> {
  const { publicKey, privateKey } = await (await vaultOf(env)).ledgerKey(now);
  return signNote(text, { name: ledgerName(env), publicKey }, (bytes) =>
    crypto.subtle.sign('Ed25519', privateKey, bytes),
  );
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
