/** Says what is new to those who listen, each message once: not the history, and not what they wrote themselves. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Author, Message } from '../../protocol/frames.ts';
import { newsAfter, type Place } from './news.ts';
import { words } from './words.ts';

/** More than these at once are only counted, and of a long one only the beginning is read. */
const mostSaid = 3;
const mostCharacters = 300;

interface Props {
  messages: readonly Message[];
  /** False while the history is still on its way. */
  settled: boolean;
  isMine: (author: Author) => boolean;
  nameOf: (author: Author) => string;
}

export function Announcer({ messages, settled, isMine, nameOf }: Props) {
  const heard = useRef<Place | null>(null);
  const [said, setSaid] = useState({ times: 0, text: '' });
  useEffect(() => {
    const news = heard.current === null ? [] : newsAfter(heard.current, messages);
    heard.current = settled ? (messages.at(-1) ?? { seq: 0 }) : null;
    const others = news.filter(({ from, removed }) => !isMine(from) && removed === undefined);
    if (!settled || others.length === 0) return;
    const text =
      others.length > mostSaid
        ? words.newMessages(others.length)
        : others
            .map((message) => words.said(nameOf(message.from), message.text.slice(0, mostCharacters)))
            .join('\n');
    setSaid(({ times }) => ({ times: times + 1, text }));
    // The functions are new at each rendering and always say the same.
  }, [messages, settled]);
  return (
    <div class="unseen" aria-live="polite">
      {/* A new element each time: the same words twice are two messages. */}
      {said.text !== '' && <p key={said.times}>{said.text}</p>}
    </div>
  );
}
