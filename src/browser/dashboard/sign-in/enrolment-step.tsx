/** Setting up the second step: a secret goes to the phone, a code comes back. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EnrolmentAnswer } from '../../../protocol/sign-in.ts';
import { ApiError } from '../../api.ts';
import { Problem } from '../../ui/problem.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { CodeField } from './code-field.tsx';
import { StartOver } from './code-step.tsx';
import { canUsePasskeys, PasskeyButton } from './passkey-button.tsx';
import { Secret } from './secret.tsx';
import { Step } from './step.tsx';

export function EnrolmentStep({ session, token }: { session: Session; token: string }) {
  const code = useSignal('');
  const answer = useSignal<EnrolmentAnswer | null>(null);
  const problem = useSignal<string | null>(null);

  useEffect(() => {
    session.enrolment(token).then(
      (given) => {
        answer.value = given;
      },
      (error: unknown) => {
        problem.value = error instanceof ApiError ? error.detail : String(error);
      },
    );
  }, [session, token, answer, problem]);

  return (
    <Step
      title={words.enrolTitle}
      startsAtHeading
      action={words.confirm}
      submit={() => session.confirmEnrolment(token, code.value)}
      below={
        <>
          {canUsePasskeys && (
            <PasskeyButton use={() => session.enrolPasskey(token, words.passkeyName)}>
              {words.passkeyInstead}
            </PasskeyButton>
          )}
          <StartOver session={session} />
        </>
      }
    >
      <p>{words.enrolHow}</p>
      <Problem text={problem.value} />
      {answer.value === null ? (
        problem.value === null && <p class="soft">{words.enrolLoading}</p>
      ) : (
        <Secret {...answer.value} />
      )}
      <CodeField value={code} takesFocus={false} />
    </Step>
  );
}
