/** A moment in words, as short as it can be said. */
const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

const week = 6 * 86_400_000;

/** The hour today, the day of the week within one, and else the date. */
export function shortMoment(at: number): string {
  if (new Date(at).toDateString() === new Date().toDateString()) return hour.format(at);
  return (Math.abs(at - Date.now()) < week ? weekday : day).format(at);
}

export function hourOf(at: number): string {
  return hour.format(at);
}
