/** Until when a conversation can be put off, on the clock and in the time zone of whoever puts it off. */
import { lifetimes } from '../../../protocol/limits.ts';

const morning = 9;
const monday = 1;

export interface SnoozeChoice {
  name: 'hour' | 'tomorrow' | 'monday';
  until: number;
}

/** In an hour, tomorrow morning, and the morning of the Monday that comes next. */
export function snoozeChoices(now: Date): SnoozeChoice[] {
  return [
    { name: 'hour', until: now.getTime() + 3_600_000 },
    { name: 'tomorrow', until: morningIn(now, 1) },
    { name: 'monday', until: morningIn(now, (7 + monday - now.getDay()) % 7 || 7) },
  ];
}

/** By the calendar: a day that begins or ends summer time has not 24 hours. */
function morningIn(now: Date, days: number): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, morning).getTime();
}

/** A moment as `datetime-local` writes it, and back; null for what is no moment. */
export function toField(at: number): string {
  const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 16);
}

export function fromField(value: string): number | null {
  const at = new Date(value).getTime();
  return Number.isNaN(at) ? null : at;
}

/** From the next minute to as far ahead as the server allows. */
export function snoozeRange(now: number): { earliest: number; latest: number } {
  return { earliest: now + 60_000, latest: now + lifetimes.snooze - 60_000 };
}
