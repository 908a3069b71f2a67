/** Says the news to those who listen to the screen: that somebody new waits, and how many do. */
import { useEffect, useState } from 'preact/hooks';
import type { Desk } from '../desk.ts';
import { words } from '../words.ts';
import { inWords, isLookedAt } from './tell.ts';

/** Said once, it goes: nobody shall meet it on the page. */
const stays = 5_000;

export function SaidNews({ desk }: { desk: Desk }) {
  const [said, setSaid] = useState({ times: 0, text: '' });
  useEffect(
    () =>
      desk.onNews((news) => {
        if (isLookedAt(news, desk)) return false;
        const waiting = news.is === 'waiting' ? desk.counts.peek()?.waiting : undefined;
        const text = [inWords(news, desk), ...(waiting === undefined ? [] : [words.notices.number(waiting)])];
        setSaid(({ times }) => ({ times: times + 1, text: text.join('. ') }));
        return true;
      }),
    [desk],
  );
  useEffect(() => {
    if (said.text === '') return undefined;
    const timer = setTimeout(() => setSaid(({ times }) => ({ times, text: '' })), stays);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div class="unseen" aria-live="polite">
      {/* A new element each time: the same words twice are two customers. */}
      {said.text !== '' && <p key={said.times}>{said.text}</p>}
    </div>
  );
}
