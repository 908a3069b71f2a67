/** The widget's start: a page of Sotto's own origin inside a frame on a customer's site. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { inBrowser } from '../connection.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { warnWhile } from '../ui/unsent.ts';
import { Chat } from './chat.ts';
import { listenToHost, page, tellRemember } from './host.ts';
import { wishes } from './language.ts';
import { wear } from './site-colour.ts';
import { ring } from './sound.ts';
import { countUnread } from './unread.ts';
import './widget.css';
import { Widget } from './widget.tsx';
import { speak } from './words.ts';

const site = decodeURIComponent(location.pathname.split('/').at(-1) ?? '');
const chat = new Chat(site, () => page.value, inBrowser);
listenToHost();
warnWhile(() => chat.unkept());
void begin();

async function begin(): Promise<void> {
  await speak(wishes(location.hash, navigator.languages));
  const reading = countUnread(chat);
  ring(chat, reading);
  effect(() => {
    const colour = chat.site.value?.settings.colour;
    if (typeof colour === 'string') wear(colour);
  });
  effect(() => {
    if (chat.client.value !== null) tellRemember();
  });
  const root = document.getElementById('app');
  if (root !== null) render(<Widget chat={chat} reading={reading} />, root);
  await chat.start();
}
