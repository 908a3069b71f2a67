/** Ten ways in for the day the phone is gone, shown once: to be kept before anything else. */
import { useSignal } from '@preact/signals';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { StartOver } from './code-step.tsx';
import { CodesList } from './codes-list.tsx';
import { RecoveryField } from './recovery-field.tsx';
import { Step } from './step.tsx';

interface Props {
  session: Session;
  token: string;
  codes: readonly string[];
}

export function CodesStep({ session, token, codes }: Props) {
  const code = useSignal('');
  return (
    <Step
      title={words.codesTitle}
      startsAtHeading
      action={words.codesDone}
      submit={() => session.finishEnrolment(token, code.value)}
      below={<StartOver session={session} />}
    >
      <p>{words.codesHow}</p>
      <CodesList codes={codes} />
      <RecoveryField label={words.codesBack} value={code} takesFocus={false} />
    </Step>
  );
}
