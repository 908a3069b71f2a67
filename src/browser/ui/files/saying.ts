/** Files in words: how large they are, what they are called, and why something did not work. */
import type { FileRules } from '../../../protocol/bodies.ts';
import type { FileView } from '../../../protocol/frames.ts';
import { ApiError } from '../../api.ts';
import { locale } from '../words.ts';
import { words } from './words.ts';

const KB = 1024;

export function sizeOf(bytes: number): string {
  const unit = bytes < KB ** 2 ? 'kilobyte' : bytes < KB ** 3 ? 'megabyte' : 'gigabyte';
  const size = bytes / KB ** { kilobyte: 1, megabyte: 2, gigabyte: 3 }[unit];
  const maximumFractionDigits = unit === 'kilobyte' ? 0 : 1;
  // Nothing but what is empty has no size.
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits }).format(
    Math.max(size, Math.min(1, bytes)),
  );
}

export function percentOf(part: number, whole: number): string {
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(part / whole);
}

export function dayOf(at: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at);
}

export function kindsIn({ groups }: FileRules): string {
  const kinds = groups.map((group) => words.kinds[group]);
  return new Intl.ListFormat(locale).format(kinds);
}

export function nameOf({ about }: FileView): string {
  return about?.name ?? words.file;
}

/** How it stands with it, each in a sentence. */
export function standing({ state, end, until }: FileView): string[] {
  if (state === 'gone') {
    return [end === 'removed' ? words.removed : words.expired(dayOf(until))];
  }
  const said = words.state[state];
  return [...(said === null ? [] : [said]), words.kept(dayOf(until))];
}

export function why(code: string, detail: string): string {
  return code === 'unreadable' ? words.unreadable : (words.why[code] ?? detail);
}

export function whyNot(error: unknown): string {
  return error instanceof ApiError && error.status !== 0 ? why(error.code, error.detail) : words.failed;
}
