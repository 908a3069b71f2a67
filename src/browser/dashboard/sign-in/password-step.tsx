/** The first step: who says to be here. */
import { useSignal } from '@preact/signals';
import { Field } from '../../ui/field.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { Step } from './step.tsx';

export function PasswordStep({ session, notice }: { session: Session; notice: string | null }) {
  const address = useSignal('');
  const password = useSignal('');
  return (
    <Step
      title={words.product}
      action={words.signIn}
      submit={() => session.signIn(address.value, password.value)}
    >
      {notice !== null && <p role="status">{notice}</p>}
      <Field
        label={words.address}
        value={address}
        input={{ type: 'email', name: 'username', autocomplete: 'username', required: true }}
        takesFocus
      />
      <Field
        label={words.password}
        value={password}
        input={{ type: 'password', name: 'password', autocomplete: 'current-password', required: true }}
      />
    </Step>
  );
}
