/** Whoever has followed the link in their mail keeps somebody else out. */
import type { Session } from '../session.ts';
import { LeaveLink } from '../sign-in/leave-link.tsx';
import { Step } from '../sign-in/step.tsx';
import { words } from './words.ts';

interface Props {
  session: Session;
  token: string;
  done: (said: string) => void;
}

export function StopStep({ session, token, done }: Props) {
  const submit = async () => {
    await session.stopOwnerKey(token);
    done(words.stopped);
  };
  return (
    <Step
      title={words.stopTitle}
      startsAtHeading
      action={words.stop}
      submit={submit}
      below={<LeaveLink session={session} />}
    >
      <p>{words.stopHow}</p>
    </Step>
  );
}
