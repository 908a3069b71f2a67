/** In the composer's place when a conversation is over. */
import { Button } from '../ui/button.tsx';
import type { Chat } from './chat.ts';
import { words } from './words.ts';

export function Ending({ chat, closed }: { chat: Chat; closed: boolean }) {
  return (
    <div class="ending">
      {closed && <p>{words.closed}</p>}
      <Button kind="first" onPress={() => chat.startNew()}>
        {words.startNew}
      </Button>
    </div>
  );
}
