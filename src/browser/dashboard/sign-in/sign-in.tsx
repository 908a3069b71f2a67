/** The way in: the step that the session is at, or a mailed link before all of them. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Banner } from '../../ui/banner.tsx';
import { lazy } from '../lazy.tsx';
import { goHome, route } from '../route.ts';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { AddressStep } from './address-step.tsx';
import { CodeStep } from './code-step.tsx';
import { CodesStep } from './codes-step.tsx';
import { EnrolmentStep } from './enrolment-step.tsx';
import { ForgottenStep } from './forgotten-step.tsx';
import { NewPasswordStep } from './new-password-step.tsx';
import { PasskeyStep } from './passkey-step.tsx';
import { PasswordStep } from './password-step.tsx';
import { RecoveryStep } from './recovery-step.tsx';

/** Few ever see these. */
const KeepStep = lazy(async () => (await import('../owner-key/steps.ts')).KeepStep, inCard);
const LostStep = lazy(async () => (await import('../owner-key/steps.ts')).LostStep, inCard);
const StopStep = lazy(async () => (await import('../owner-key/steps.ts')).StopStep, inCard);
const WaitStep = lazy(async () => (await import('../owner-key/steps.ts')).WaitStep, inCard);

export function SignIn({ session }: { session: Session }) {
  const notice = useSignal<string | null>(null);
  const stage = session.stage.value;
  const say = (said: string) => {
    notice.value = said;
    session.startOver();
    goHome();
  };
  const saying = (said: string) => () => say(said);
  const { value: place } = route;
  if (place.at === 'link') {
    const { kind, token } = place;
    if (kind === 'owner-key') return <StopStep session={session} token={token} done={say} />;
    return kind === 'address' ? (
      <AddressStep session={session} token={token} done={saying(words.addressDone)} />
    ) : (
      <NewPasswordStep
        session={session}
        kind={kind}
        token={token}
        done={saying(words.newPassword[kind].done)}
      />
    );
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
    case 'lost':
      return <LostStep session={session} token={stage.token} />;
    case 'waiting':
      return <WaitStep session={session} until={stage.until} />;
    case 'owner-key':
      return <KeepStep session={session} />;
    case 'forgotten':
      return <ForgottenStep session={session} done={saying(words.forgottenDone)} />;
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

function inCard(content: ComponentChildren) {
  return (
    <main class="sign-in">
      <div class="card">{content}</div>
    </main>
  );
}
