import { kinds, type Finding } from './checker/finding.ts';
import type { Tally } from './tally.ts';

/** Findings of one kind are often many of one fault; these are enough to look into. */
const SHOWN = 10;

/** What befell a run, and what the checker says of it. */
export function table(tally: Tally, seconds: number, findings: readonly Finding[]): string {
  const rows: [string, number][] = [
    ['acknowledged messages', tally.acknowledged],
    ['kills', tally.kills],
    ['rollbacks', tally.rollbacks],
    ['rebuilds', tally.rebuilds],
    ['drops', tally.drops],
    ['half-open sockets', tally.halfOpens],
    ['slow readers', tally.slowReaders],
    ['lines let go of in silence', tally.silences],
    ['frames sent twice', tally.duplicates],
    ['frames swapped', tally.swaps],
    ['frames held up', tally.delays],
    ['fault windows', tally.faultWindows],
    ['faults struck, at least', tally.faults],
    ['evictions', tally.evictions],
    ['closes and hand-overs', tally.acts],
    ['acts that the ledger has to have', tally.answered],
    ['removals', tally.removals],
    ['begun meanwhile', tally.begins],
    ['signed in again', tally.signedOut],
    ['seconds', seconds],
    ...kinds.map((kind): [string, number] => [
      `found: ${kind}`,
      findings.filter((finding) => finding.kind === kind).length,
    ]),
  ];
  const samples = kinds.flatMap((kind) =>
    findings.filter((finding) => finding.kind === kind).slice(0, SHOWN),
  );
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, count]) => `${name.padEnd(width)}  ${count}`),
    ...samples.map(({ kind, what }) => `${kind}: ${what}`),
  ].join('\n');
}
