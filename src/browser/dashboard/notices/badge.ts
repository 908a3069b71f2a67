/** Says in the tab how many wait: in its title, and by a dot on its picture. */
import waitingPicture from './sotto-waiting.svg';
import { words } from '../words.ts';

export function showWaiting(number: number): void {
  document.title = number > 0 ? words.titleWaiting(number) : words.product;
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) return;
  link.dataset['plain'] ??= link.href;
  const wanted = number > 0 ? waitingPicture : link.dataset['plain'];
  if (link.getAttribute('href') !== wanted) link.href = wanted;
}
