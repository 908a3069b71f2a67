/** The second step: proof that it is them. */
import { useSignal } from '@preact/signals';
import { Button } from '../../ui/button.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { CodeField } from './code-field.tsx';
import { canUsePasskeys, PasskeyButton } from './passkey-button.tsx';
import { Step } from './step.tsx';

interface Props {
  session: Session;
  token: string;
  /** Whether this person has one that would do as well. */
  passkey: boolean;
}

export function CodeStep({ session, token, passkey }: Props) {
  const code = useSignal('');
  const submit = async () => {
    try {
      await session.enter(token, code.value);
    } catch (error) {
      // A used or wrong code is of no further use.
      code.value = '';
      throw error;
    }
  };
  return (
    <Step
      title={words.codeTitle}
      action={words.confirm}
      submit={submit}
      below={
        <>
          {passkey && canUsePasskeys && (
            <PasskeyButton use={() => session.enterByPasskey()}>{words.passkeyInstead}</PasskeyButton>
          )}
          <Button kind="quiet" onPress={() => session.recover(token)}>
            {words.noPhone}
          </Button>
          <StartOver session={session} />
        </>
      }
    >
      <CodeField value={code} takesFocus />
    </Step>
  );
}

export function StartOver({ session }: { session: Session }) {
  return (
    <Button kind="quiet" onPress={() => session.startOver()}>
      {words.startOver}
    </Button>
  );
}
