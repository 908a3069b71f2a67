/**
 * Says what is new to those who listen, each message once: not the history, and of what they wrote themselves only
 * that it could not be sent.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Author, Message } from '../../protocol/frames.ts';
import type { Outgoing } from '../connection.ts';
import { newsAfter, type Place } from './news.ts';
import { words } from './words.ts';

/** More than these at once are only counted, and of a long one only the beginning is read. */
const mostSaid = 3;
const mostCharacters = 300;
/** Said once, it goes: whoever reads on below the thread would meet the same message again. */
const stays = 5_000;

/** A text as it is read aloud; `markup` as its writer's kind may use it. */
export type Aloud = (text: string, markup: boolean) => string | Promise<string>;

interface Props {
  messages: readonly Message[];
  outgoing: readonly Outgoing[];
  /** False while the history is still on its way. */
  settled: boolean;
  isMine: (author: Author) => boolean;
  nameOf: (author: Author) => string;
  aloud: Aloud;
}

export function Announcer({ messages, outgoing, settled, isMine, nameOf, aloud }: Props) {
  const heard = useRef<Place | null>(null);
  const [said, setSaid] = useState({ times: 0, text: '' });
  const say = (text: string) => setSaid(({ times }) => ({ times: times + 1, text }));
  useEffect(() => {
    const news = heard.current === null ? [] : newsAfter(heard.current, messages);
    heard.current = settled ? (messages.at(-1) ?? { seq: 0 }) : null;
    const others = news.filter(({ from, removed }) => !isMine(from) && removed === undefined);
    if (!settled || others.length === 0) return;
    const line = async ({ from, text }: Message) =>
      words.said(nameOf(from), (await aloud(text, from.kind === 'staff')).slice(0, mostCharacters));
    if (others.length > mostSaid) say(words.newMessages(others.length));
    else void Promise.all(others.map(line)).then((lines) => say(lines.join('\n')));
    // The functions are new at each rendering and always say the same.
  }, [messages, settled]);
  // What has failed before this was opened is there to be read.
  const failed = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    const known = failed.current;
    const now = outgoing.filter((post) => post.state === 'failed');
    failed.current = new Set(now.map(({ id }) => id));
    const news = now.filter(({ id }) => known?.has(id) === false);
    const [first] = news;
    if (first !== undefined) say(`${words.notSent} ${words.why[first.code] ?? first.detail}`);
  }, [outgoing]);
  useEffect(() => {
    if (said.text === '') return undefined;
    const timer = setTimeout(() => setSaid(({ times }) => ({ times, text: '' })), stays);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div class="unseen" aria-live="polite">
      {/* A new element each time: the same words twice are two messages. */}
      {said.text !== '' && <p key={said.times}>{said.text}</p>}
    </div>
  );
}
