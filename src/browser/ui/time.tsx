/** Moments and days, in the reader's language and time zone. */
import { locale, words } from './words.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function written(at: number, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format.format(at);
}

const hour = { hour: '2-digit', minute: '2-digit' } as const;
const day = { day: 'numeric', month: 'short' } as const;

/** The hour today, with the day before that. */
export function Time({ at }: { at: number }) {
  return <Stamp at={at} options={sameDay(at, Date.now()) ? hour : { ...day, ...hour }} />;
}

/** The hour alone, below a line that says which day it is. */
export function Hour({ at }: { at: number }) {
  return <Stamp at={at} options={hour} />;
}

function Stamp({ at, options }: { at: number; options: Intl.DateTimeFormatOptions }) {
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={written(at, { dateStyle: 'full', timeStyle: 'medium' })}
    >
      {written(at, options)}
    </time>
  );
}

export function hourOf(at: number): string {
  return written(at, hour);
}

/** A moment to come: the hour today, with the day of the week otherwise. */
export function momentOf(at: number): string {
  return written(at, sameDay(at, Date.now()) ? hour : { weekday: 'long', ...hour });
}

export function dayOf(at: number): string {
  const now = new Date();
  if (sameDay(at, now.getTime())) return words.today;
  if (sameDay(at, now.setDate(now.getDate() - 1))) return words.yesterday;
  return written(at, { dateStyle: 'full' });
}

export function sameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
