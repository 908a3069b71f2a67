/** The dashboard's start. */
import { render } from 'preact';
import '../ui/tokens.css';
import '../ui/base.css';
import { warnWhile } from '../ui/unsent.ts';
import { Dashboard } from './dashboard.tsx';
import { deskFor } from './desk-for.ts';
import { keepWhileLocked } from './form/kept.ts';
import { isUnsaved, mayLeave } from './form/unsaved.ts';
import { route, watchRoute } from './route.ts';
import { Session } from './session.ts';

const session = new Session();
const desk = deskFor(session);
keepWhileLocked(() => session.locked.peek() !== null);
watchRoute(isUnsaved, mayLeave);
warnWhile(() => session.queue?.unkept() === true || isUnsaved() || desk.peek()?.rooms.sendsFiles() === true);
const root = document.getElementById('app');
if (root !== null) render(<Dashboard session={session} desk={desk} />, root);
// Whoever follows a link of theirs is not to be let in as somebody who sat here before.
if (route.value.at === 'link') session.startOver();
else void session.restore();
