/** The key was right: until when to wait. */
import type { Session } from '../session.ts';
import { Step } from '../sign-in/step.tsx';
import { words } from './words.ts';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

export function WaitStep({ session, until }: { session: Session; until: number }) {
  const leave = () => {
    session.startOver();
    return Promise.resolve();
  };
  return (
    <Step title={words.waitTitle} startsAtHeading action={words.toDoor} submit={leave}>
      <p>{words.waitUntil(when.format(until))}</p>
      <p>{words.waitTold}</p>
    </Step>
  );
}
