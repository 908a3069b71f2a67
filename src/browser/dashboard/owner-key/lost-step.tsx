/** For an owner who has neither a second factor nor a recovery code any more. */
import { useSignal } from '@preact/signals';
import type { Session } from '../session.ts';
import { StartOver } from '../sign-in/code-step.tsx';
import { Step } from '../sign-in/step.tsx';
import { KeyField } from './key-field.tsx';
import { words } from './words.ts';

export function LostStep({ session, token }: { session: Session; token: string }) {
  const key = useSignal('');
  return (
    <Step
      title={words.lostTitle}
      startsAtHeading
      action={words.lostGive}
      submit={() => session.giveOwnerKey(token, key.value)}
      below={<StartOver session={session} />}
    >
      <p>{words.lostHow}</p>
      <p>{words.lostKey}</p>
      <KeyField value={key} takesFocus={false} />
    </Step>
  );
}
