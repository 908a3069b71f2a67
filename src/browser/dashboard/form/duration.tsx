/** For how long something lasts. */
import { Choice } from './field.tsx';

const day = 86_400_000;
export const durations = { hour: 3_600_000, day, week: 7 * day, month: 30 * day, year: 365 * day } as const;
export type Duration = keyof typeof durations;
const names: Record<Duration, string> = {
  hour: 'An hour',
  day: 'A day',
  week: 'A week',
  month: '30 days',
  year: 'A year',
};

export function DurationChoice({
  label,
  value,
  change,
}: {
  label: string;
  value: Duration;
  change: (value: Duration) => void;
}) {
  return (
    <Choice
      label={label}
      value={value}
      change={(chosen) => change(chosen as Duration)}
      options={Object.entries(names)}
    />
  );
}
