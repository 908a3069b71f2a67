/** Figures in words. */
import { type Measured, median, spread, type Verdict } from './figures.ts';

/** One line for each contestant and figure: the median, how far the middle half strays, and the ratio to bare. */
export function inWords(measured: readonly Measured[]): string {
  return measured
    .map(({ contestant, figure, unit, rounds }) => {
      const bare = measured.find((other) => other.contestant === 'bare' && other.figure === figure);
      const ratio = bare === undefined ? '' : `${(median(rounds) / median(bare.rounds)).toFixed(2)} x bare`;
      const strays = `± ${(spread(rounds) * 50).toFixed(0)} %`;
      return [
        `  ${figure.padEnd(16)}${contestant.padEnd(12)}`,
        `${rounded(median(rounds)).padStart(10)} ${unit.padEnd(12)}`,
        `${strays.padStart(7)}  ${ratio.padStart(12)}`,
      ].join('');
    })
    .join('\n');
}

export function verdictInWords({ scenario, figure, to, least, most, value, holds }: Verdict): string {
  const bound = least === undefined ? `at most ${most ?? ''}` : `at least ${least}`;
  const unit = to === undefined ? '' : ` x ${to}`;
  const words = `${scenario.padEnd(5)}${figure.padEnd(16)}${rounded(value).padStart(10)}${unit}`;
  return `${words.padEnd(48)}${bound.padEnd(16)}${holds ? 'holds' : 'MISSED'}`;
}

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
