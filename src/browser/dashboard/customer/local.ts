/** A customer's language and the time where they are, in the reader's words; null for what is not known. */

export function languageOf(tag: string | null): string | null {
  if (tag === null) return null;
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** With the day of the week: where they are it may be another. */
export function localTime(timeZone: string | null, now: number): string | null {
  if (timeZone === null) return null;
  try {
    const format = new Intl.DateTimeFormat(undefined, {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
    return `${format.format(now)} (${timeZone.replaceAll('_', ' ')})`;
  } catch {
    return timeZone;
  }
}
