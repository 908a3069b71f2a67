/** Days and moments in the language that the widget speaks. */
import { locale } from '../../../ui/words.ts';

export function dayOf(at: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(at);
}

export function momentOf(at: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(at);
}
