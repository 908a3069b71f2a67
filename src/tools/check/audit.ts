import * as v from 'valibot';
import type { Outcome } from '../command.ts';
import type { Verdict } from './run.ts';

const reportSchema = v.object({
  vulnerabilities: v.record(v.string(), v.object({ severity: v.string(), range: v.string() })),
});
const refusalSchema = v.object({ message: v.optional(v.string()), error: v.object({ summary: v.string() }) });

/** `npm audit` fails both when something is found and when nobody could be asked; its report tells which. */
export function auditVerdict({ ok, output }: Outcome): Verdict {
  if (ok) return { is: 'passed' };
  const answer = jsonIn(output);
  const report = v.safeParse(reportSchema, answer);
  if (report.success) {
    const found = Object.entries(report.output.vulnerabilities);
    return {
      is: 'failed',
      why: found.map(([name, { severity, range }]) => `${severity}: ${name} ${range}`).join('\n'),
    };
  }
  const refusal = v.safeParse(refusalSchema, answer);
  const reason = refusal.success ? (refusal.output.message ?? refusal.output.error.summary) : '';
  return {
    is: 'not run',
    why: `the registry gave no advice (${withoutAddress(reason) || 'no reason given'})`,
  };
}

/** npm says `405 Method Not Allowed - POST https://…` or `request to https://… failed, reason: …`. */
function withoutAddress(reason: string): string {
  return reason.replace(/^.*\breason: /, '').replace(/ - .*$/, '');
}

/** npm's warnings stand around the report. */
function jsonIn(output: string): unknown {
  try {
    return JSON.parse(output.slice(output.indexOf('\n{') + 1, output.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}
