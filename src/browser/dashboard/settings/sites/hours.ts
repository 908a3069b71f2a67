/** Opening hours as people write them: for each day of the week, from one time of day to another. */
import type { Hours } from '../../../../protocol/bodies.ts';

const endOfDay = 1_440;

export interface Span {
  from: string;
  to: string;
}
export type Week = readonly (readonly Span[])[];

/** Nine to five from Monday to Friday: somewhere to begin. */
export const usualWeek: Week = [1, 2, 3, 4, 5, 6, 7].map((day) =>
  day > 5 ? [] : [{ from: '09:00', to: '17:00' }],
);

export function weekOf(hours: Hours): Week {
  return hours.week.map((day) => day.map(({ from, to }) => ({ from: timeOf(from), to: timeOf(to) })));
}

export function hoursFrom(timeZone: string, week: Week): Hours {
  return {
    timeZone,
    week: week.map((day) =>
      day
        .map(({ from, to }) => ({ from: minutesOf(from), to: minutesOf(to) || endOfDay }))
        .sort((a, b) => a.from - b.from),
    ),
  };
}

/** What is wrong with a day; null if nothing is. An end at midnight is the end of the day. */
export function problemOf(day: readonly Span[]): 'incomplete' | 'backwards' | 'overlapping' | null {
  if (day.some(({ from, to }) => from === '' || to === '')) return 'incomplete';
  const spans = day
    .map(({ from, to }) => ({ from: minutesOf(from), to: minutesOf(to) || endOfDay }))
    .sort((a, b) => a.from - b.from);
  if (spans.some(({ from, to }) => from >= to)) return 'backwards';
  return spans.some(({ from }, index) => from < (spans[index - 1]?.to ?? 0)) ? 'overlapping' : null;
}

function timeOf(minutes: number): string {
  const part = (value: number) => String(value).padStart(2, '0');
  const inDay = minutes % endOfDay;
  return `${part(Math.floor(inDay / 60))}:${part(inDay % 60)}`;
}

function minutesOf(time: string): number {
  const [hours = '', minutes = ''] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}
