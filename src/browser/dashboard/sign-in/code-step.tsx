/** The second step: proof that it is them. */
import { useSignal } from '@preact/signals';
import { Button } from '../../ui/button.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { CodeField } from './code-field.tsx';
import { Step } from './step.tsx';

export function CodeStep({ session, token }: { session: Session; token: string }) {
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
