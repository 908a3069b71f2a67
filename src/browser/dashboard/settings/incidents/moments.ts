/** Moments as a form takes them, on the clock of whoever fills it in. */
import { isAnyId } from '../../../../protocol/ids.ts';

const two = (part: number) => String(part).padStart(2, '0');

/** As `2026-11-28T09:30`. */
export function localOf(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** As `2026-11-28`. */
export function dayOf(at: number): string {
  return localOf(at).slice(0, 10);
}

/** The end of that day. */
export function endOfDay(day: string): number {
  return new Date(`${day}T23:59`).getTime();
}

export function momentOf(local: string): number {
  return new Date(local).getTime();
}

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export function when(at: number): string {
  return exact.format(at);
}

export function whichDay(at: number): string {
  return date.format(at);
}

/** Every id in a text, each once. */
export function idsIn(text: string): string[] {
  const found = [...text.matchAll(/(?<![\w-])[a-z]{3}_[\w-]{22}(?![\w-])/g)].map(([id]) => id);
  return [...new Set(found.filter(isAnyId))];
}
