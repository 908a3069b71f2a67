/** A forgotten password: a link goes to the address, if somebody lives there. */
import { useSignal } from '@preact/signals';
import { Field } from '../../ui/field.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { StartOver } from './code-step.tsx';
import { Step } from './step.tsx';

export function ForgottenStep({ session, done }: { session: Session; done: () => void }) {
  const address = useSignal('');
  const submit = async () => {
    await session.askForReset(address.value);
    done();
  };
  return (
    <Step
      title={words.forgottenTitle}
      action={words.forgottenSend}
      submit={submit}
      below={<StartOver session={session} />}
    >
      <p>{words.forgottenHow}</p>
      <Field
        label={words.address}
        value={address}
        input={{ type: 'email', name: 'username', autocomplete: 'username', required: true }}
        takesFocus
      />
    </Step>
  );
}
