/** The widget's start: a page of Sotto's own origin inside a frame on a customer's site. */
import { effect } from '@preact/signals-core';
import { render } from 'preact';
import { inBrowser } from '../connection.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { warnWhile } from '../ui/unsent.ts';
import { Chat } from './chat.ts';
import { listenToHost, page, tell, vouches } from './host.ts';
import { wishes } from './language.ts';
import { fetched } from './parts.ts';
import { wearColour } from './site-colour.ts';
import { ring } from './sound.ts';
import { fetchBeginning, fetchConversation } from './thread-place.tsx';
import { countUnread } from './unread.ts';
import './widget.css';
import { Widget } from './widget.tsx';
import { speak } from './words.ts';

const site = location.pathname.split('/').at(-1) ?? '';
const chat = new Chat(site, () => page.value, inBrowser, {
  client: async () => (await fetchConversation()).ConversationClient,
  beginning: fetchBeginning,
});
listenToHost();
warnWhile(() => chat.unkept());
void begin();

async function begin(): Promise<void> {
  await speak(wishes(location.hash, navigator.languages));
  const reading = countUnread(chat);
  ring(chat, reading);
  effect(() => {
    const palettes = chat.site.value?.palettes;
    if (palettes) wearColour(palettes);
  });
  effect(() => {
    if (chat.client.value !== null) tell({ sotto: 'remember' });
  });
  const root = document.getElementById('app');
  if (root !== null) render(<Widget chat={chat} reading={reading} />, root);
  if (vouches)
    chat.visitor.renewing = async (ask) =>
      (await fetched(import('./later/vouching.ts'))).renewAsVouched(chat, ask);
  await chat.start();
}
