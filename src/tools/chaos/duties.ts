/** `npm run chaos -- --duties`: long duties whose server is killed at any moment, and whether they end as they should. */
import type { Finding } from './checker/finding.ts';
import { type Measure, type Outcome, Run } from './duties/run.ts';

export { Run as DutiesRun, type Measure as DutiesMeasure };

/** Findings of one kind are often many of one fault. */
const SHOWN = 20;

export function dutiesInWords({ findings, seconds, kills, struck }: Outcome): string {
  const duties = Object.entries(struck).toSorted(([one], [other]) => one.localeCompare(other));
  return [
    `kills        ${kills}`,
    ...duties.map(([duty, count]) => `  ${duty.padEnd(10)} ${count} while it went on`),
    `seconds      ${seconds}`,
    `findings     ${findings.length}`,
    ...findings.slice(0, SHOWN).map(({ kind, what }: Finding) => `${kind}: ${what}`),
  ].join('\n');
}
