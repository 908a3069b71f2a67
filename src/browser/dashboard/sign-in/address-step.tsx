/** Another address to sign in with, once somebody has followed the link that was mailed to it. */
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { LeaveLink } from './leave-link.tsx';
import { Step } from './step.tsx';

interface Props {
  session: Session;
  token: string;
  done: () => void;
}

export function AddressStep({ session, token, done }: Props) {
  const submit = async () => {
    await session.takeAddress(token);
    done();
  };
  return (
    <Step
      title={words.addressTitle}
      startsAtHeading
      action={words.addressTake}
      submit={submit}
      below={<LeaveLink session={session} />}
    >
      <p>{words.addressHow}</p>
    </Step>
  );
}
