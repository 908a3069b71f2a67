/** In the composer's place when a conversation is over: what it was like, and beginning another. */
import { useEffect } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import type { Chat } from '../chat.ts';
import { regainFocus } from '../focus.ts';
import { live } from '../live.ts';
import { words as widgetWords } from '../words.ts';
import './dress.ts';
import { Rating } from './rating.tsx';

export const Ending = live(({ chat }: { chat: Chat }) => {
  useEffect(regainFocus, []);
  const conversation = chat.client.value?.conversation.value ?? null;
  const closed = conversation?.state === 'closed';
  return (
    // The focus comes here, and not to a button: whoever is just pressing Enter must not begin anew by it.
    <section class="step" aria-label={closed ? widgetWords.ended : undefined} tabIndex={-1} data-first>
      {closed && <Rating chat={chat} rated={conversation.rating !== null} />}
      <Button kind={closed ? 'plain' : 'first'} onPress={() => chat.startNew()}>
        {widgetWords.startNew}
      </Button>
    </section>
  );
});
