/** When something was entered: how long ago at a glance, and exactly. */
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

const steps = [
  { unit: 'minute', lasts: 60_000, below: 3_600_000 },
  { unit: 'hour', lasts: 3_600_000, below: 86_400_000 },
  { unit: 'day', lasts: 86_400_000, below: 7 * 86_400_000 },
] as const;

/** Within a week how long ago, and else the day. */
export function agoOf(at: number, now: number): string {
  const ago = Math.max(0, now - at);
  if (ago < steps[0].lasts) return relative.format(0, 'second');
  const step = steps.find(({ below }) => ago < below);
  return step === undefined ? day.format(at) : relative.format(-Math.floor(ago / step.lasts), step.unit);
}

export function exactly(at: number): string {
  return exact.format(at);
}

export function dayOf(date: Date): string {
  return day.format(date);
}
