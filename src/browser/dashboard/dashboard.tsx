/** The whole dashboard: the way in, or the desk of whoever is signed in. */
import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Banner } from '../ui/banner.tsx';
import { keepFocus } from '../ui/keep-focus.ts';
import { bindKeys } from './commands/bind.ts';
import { handlersOf } from './commands/handlers.ts';
import './dashboard.css';
import type { Desk } from './desk.ts';
import { ClosedBanner } from './closed.tsx';
import { ask } from './dialog/ask.ts';
import { Question } from './dialog/question.tsx';
import { inWords } from './form/in-words.ts';
import { HeldBanner } from './held.tsx';
import { IdleWarning } from './idle-warning.tsx';
import { Inbox } from './inbox.tsx';
import { lazy } from './lazy.tsx';
import { NoticeOffer } from './notices/offer.tsx';
import { SaidNews } from './notices/said.tsx';
import { tellNews } from './notices/tell.ts';
import { route } from './route.ts';
import { Screen } from './screen.ts';
import type { Session } from './session.ts';
import { SeenAsBanner } from './seen-as.tsx';
import { Sheets } from './sheets.tsx';
import { StepUp } from './step-up/step-up.tsx';
import { SignIn } from './sign-in/sign-in.tsx';
import { startAnew } from './start-anew.ts';
import { TopBar } from './top-bar.tsx';
import { words } from './words.ts';

const MySignIn = lazy(async () => (await import('./me/me.tsx')).MySignIn);
const MyTraining = lazy(async () => (await import('./training/training.tsx')).MyTraining);
const Settings = lazy(async () => (await import('./settings/settings.tsx')).Settings);

export function Dashboard({ session, desk }: { session: Session; desk: ReadonlySignal<Desk | null> }) {
  // As the desk, it waits for whoever comes back to a locked page.
  const screen = useMemo(() => new Screen(), [desk.value]);
  const ready = session.stage.value.at === 'signed-in' && route.value.at !== 'link';
  if (!ready || desk.value === null) return <SignIn session={session} />;
  const { id } = desk.value.person.value;
  return (
    <Main
      key={`${id} ${session.seenAs.value?.role ?? ''}`}
      session={session}
      desk={desk.value}
      screen={screen}
    />
  );
}

function Main({ session, desk, screen }: { session: Session; desk: Desk; screen: Screen }) {
  const problem = useSignal<string | null>(null);
  const signOut = async () => {
    if ((await desk.unsent()) > 0 && !(await ask({ ...words.signOutUnsent, danger: true }))) return;
    problem.value = null;
    try {
      await session.signOut();
      // What one person had open is not kept for whoever sits down next.
      startAnew();
    } catch (error) {
      problem.value = inWords(error);
    }
  };
  const handlers = useMemo(() => handlersOf({ desk, screen, signOut: () => void signOut() }), [desk, screen]);
  useEffect(() => bindKeys(handlers, screen), [handlers, screen]);
  useEffect(() => tellNews(desk), [desk]);
  useEffect(
    () =>
      keepFocus(() => {
        const heading = document.querySelector<HTMLElement>('.pane h2, .me h2, .settings-heading h2');
        if (heading === null) screen.list?.focus();
        else heading.focus({ preventScroll: true });
      }),
    [screen],
  );

  const { value: place } = route;
  // What was on the screen before a lesson stood before it is not there any more.
  const isClosed = desk.person.value.closed?.includes('conversations') === true;
  const room = isClosed ? null : desk.rooms.current.value;
  return (
    <div class="dashboard">
      <TopBar desk={desk} screen={screen} signOut={() => void signOut()} problem={problem.value} />
      <div class="above">
        <Banner state={connectionOf(desk)} tryNow={() => desk.tryNow()} />
        <NoticeOffer />
        <SeenAsBanner session={session} />
        {place.at !== 'training' && <ClosedBanner desk={desk} />}
        <HeldBanner api={session.api} />
      </div>
      {place.at === 'settings' ? (
        <Settings desk={desk} session={session} screen={place.screen} id={place.id} query={place.query} />
      ) : place.at === 'me' ? (
        <MySignIn api={session.api} />
      ) : place.at === 'training' ? (
        <MyTraining api={session.api} lesson={place.lesson} />
      ) : (
        <Inbox desk={desk} screen={screen} room={room} />
      )}
      <Sheets desk={desk} session={session} screen={screen} room={room} handlers={handlers} />
      <Question />
      <StepUp api={session.api} />
      <SaidNews desk={desk} />
      <IdleWarning idling={session.idling} />
    </div>
  );
}

/** One banner for all lines: the open conversation's comes first, unless it has ended for a reason of its own. */
function connectionOf(desk: Desk) {
  const conversation = desk.rooms.current.value?.client.connection.value;
  const speaks = conversation !== undefined && conversation.is !== 'stopped' && conversation.is !== 'online';
  return speaks ? conversation : desk.connection.value;
}
