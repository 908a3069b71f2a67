/**
 * What the widget says to customers. English is here; every other language is a file in words/, fetched by who
 * speaks it. What only those parts say that are fetched later is in later/.
 */
import { counting } from '../ui/plural.ts';
import { speak as speakShared, type Words as SharedWords } from '../ui/words.ts';
import { choose, directionOf } from './language.ts';
import type { LaterWords } from './later/english.ts';
import type { ProofWords } from './later/proof/english.ts';

const count = counting('en');

const english = {
  title: 'Chat with us',
  close: 'Close chat',
  menu: 'Menu',
  staff: 'Support',
  welcome: 'Hello! Write to us, and somebody will answer here.',
  placeholder: 'Write a message',
  attach: 'Attach files',
  ended: 'This conversation has ended.',
  startNew: 'Start a new conversation',
  unavailable: 'This chat is not available at the moment.',
  online: 'We are here.',
  away: 'Nobody is here right now. Write, and we will answer here.',
  closed: 'We are closed right now. Write, and we will answer here.',
  closedUntil: (when: string) => `We are closed until ${when}. Write, and we will answer here.`,
  waiting: 'We have your message. Somebody will be with you soon.',
  claimed: (name: string) => `You are talking with ${name}.`,
  claimedAway: (name: string) => `${name} has your message and will answer here.`,
  unread: (n: number) => count(n, { one: 'Chat, # unread message', other: 'Chat, # unread messages' }),
  privacy: 'Messages are encrypted in transit and at rest.',
};
export type WidgetWords = typeof english;

/** A whole language: what is missing in one is a type error. */
export interface Language {
  readonly shared: SharedWords;
  readonly widget: WidgetWords;
  readonly later: LaterWords;
  readonly proof: ProofWords;
}

export let words: WidgetWords = english;
/** Null: English. */
export let spoken: Language | null = null;
/** What somebody would like to read, best first; a site may have texts in languages that the widget has not. */
export let wanted: readonly string[] = [];

const folder = './words/';
const others = import.meta.glob<Language>('./words/*.ts', { import: 'default' });

/** To be called before anything is shown. Whatever goes wrong on the way, there is English. */
export async function speak(wishes: readonly string[]): Promise<void> {
  wanted = wishes;
  const available = Object.keys(others).map((file) => file.slice(folder.length, -'.ts'.length));
  const choice = choose(wishes, ['en', ...available]) ?? { found: 'en', wanted: 'en' };
  const file = others[`${folder}${choice.found}.ts`];
  spoken = (await file?.().catch(() => null)) ?? null;
  if (spoken !== null) words = spoken.widget;
  const language = spoken === null ? 'en' : choice.found;
  speakShared(spoken?.shared ?? null, language === choice.found ? choice.wanted : language);
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}
