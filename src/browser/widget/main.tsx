/** The widget's start: a page of Sotto's own origin inside a frame on a customer's site. */
import { render } from 'preact';
import { inBrowser } from '../connection.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { warnWhile } from '../ui/unsent.ts';
import { Chat } from './chat.ts';
import { listenToHost, page } from './host.ts';
import { countUnread } from './unread.ts';
import './widget.css';
import { Widget } from './widget.tsx';

const site = decodeURIComponent(location.pathname.split('/').at(-1) ?? '');
const chat = new Chat(site, () => page.value, inBrowser);
listenToHost();
countUnread(chat);
warnWhile(() => chat.outgoing.value.length > 0);
const root = document.getElementById('app');
if (root !== null) render(<Widget chat={chat} />, root);
void chat.start();
