/** The way in: the step that the session is at, or an invitation before all of them. */
import { useSignal } from '@preact/signals';
import { Banner } from '../../ui/banner.tsx';
import { goHome, route } from '../route.ts';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { CodeStep } from './code-step.tsx';
import { CodesStep } from './codes-step.tsx';
import { EnrolmentStep } from './enrolment-step.tsx';
import { InvitationStep } from './invitation-step.tsx';
import { PasskeyStep } from './passkey-step.tsx';
import { PasswordStep } from './password-step.tsx';
import { RecoveryStep } from './recovery-step.tsx';

export function SignIn({ session }: { session: Session }) {
  const notice = useSignal<string | null>(null);
  const stage = session.stage.value;
  if (route.value.at === 'invitation') {
    const done = () => {
      notice.value = words.invitationDone;
      session.startOver();
      goHome();
    };
    return <InvitationStep session={session} token={route.value.token} done={done} />;
  }
  switch (stage.at) {
    case 'restoring':
      return <Restoring session={session} />;
    case 'factor':
      return stage.factors.includes('totp') ? (
        <CodeStep session={session} token={stage.token} passkey={stage.factors.includes('passkey')} />
      ) : (
        <PasskeyStep session={session} token={stage.token} />
      );
    case 'recovery':
      return <RecoveryStep session={session} token={stage.token} />;
    case 'codes':
      return <CodesStep session={session} token={stage.token} codes={stage.codes} />;
    case 'enrolment':
      return <EnrolmentStep session={session} token={stage.token} />;
    case 'signed-out':
    case 'signed-in':
      return <PasswordStep session={session} notice={notice.value} />;
  }
}

function Restoring({ session }: { session: Session }) {
  const state = session.restoring.state.value;
  return (
    <main class="sign-in">
      {state.is === 'connecting' ? (
        <p class="soft">{words.restoring}</p>
      ) : (
        <div class="card">
          <h1>{words.unreachable}</h1>
          <Banner state={state} tryNow={() => session.restoring.tryNow()} />
        </div>
      )}
    </main>
  );
}
