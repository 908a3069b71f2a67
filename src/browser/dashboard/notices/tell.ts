/** Tells somebody who looks elsewhere that a customer waits: by sound, by a notice of the desktop, in the tab. */
import { effect } from '@preact/signals';
import type { Desk } from '../desk.ts';
import type { News } from '../news.ts';
import { preferences } from '../preferences.ts';
import { addressOf, goTo } from '../route.ts';
import { words } from '../words.ts';
import { showWaiting } from './badge.ts';
import { notify } from './desktop.ts';
import { Sound } from './sound.ts';

export function tellNews(desk: Desk): () => void {
  const sound = new Sound();
  const stops = [
    () => sound.end(),
    effect(() => showWaiting(desk.counts.value?.waiting ?? 0)),
    desk.onNews((news) => {
      if (isLookedAt(news, desk)) return false;
      if (preferences.sound.peek()) sound.play();
      if (!document.hasFocus())
        notify(inWords(news, desk), news.conversation, () => goTo(addressOf(news.conversation)));
      return true;
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** What one reads already needs no sound. */
export function isLookedAt({ is, conversation }: News, desk: Desk): boolean {
  return is === 'written' && document.hasFocus() && desk.rooms.current.peek()?.client.id === conversation;
}

export function inWords({ is, conversation }: News, desk: Desk): string {
  const entry = desk.entries.peek()?.find(({ id }) => id === conversation);
  const site = desk.sites.peek().get(entry?.site ?? '')?.name ?? words.notices.someSite;
  return words.notices[is](site);
}
