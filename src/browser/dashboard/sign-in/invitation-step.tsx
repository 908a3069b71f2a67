/** Somebody invited chooses a password. */
import { useSignal } from '@preact/signals';
import { limits } from '../../../protocol/limits.ts';
import { Field } from '../../ui/field.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { Step } from './step.tsx';
import { StrengthMeter } from './strength-meter.tsx';

const chosen = { name: 'password', autocomplete: 'new-password', required: true } as const;

export function InvitationStep({
  session,
  token,
  done,
}: {
  session: Session;
  token: string;
  done: () => void;
}) {
  const password = useSignal('');
  const visible = useSignal(false);
  const submit = async () => {
    // The length counts as the server counts it: in code points of the composed form.
    const length = Array.from(password.value.normalize('NFC')).length;
    if (length < limits.passwordMin) throw new RangeError(words.passwordShort);
    if (length > limits.passwordMax) throw new RangeError(words.passwordLong);
    await session.redeem(token, password.value);
    done();
  };
  return (
    <Step title={words.invitationTitle} action={words.choose} submit={submit}>
      <p>{words.invitationHow}</p>
      <Field
        label={words.password}
        hint={words.passwordHint}
        value={password}
        takesFocus
        input={{ ...(visible.value ? { type: 'text' } : { type: 'password' }), ...chosen }}
      />
      <StrengthMeter password={password} />
      <label class="tick">
        <input
          type="checkbox"
          checked={visible.value}
          onChange={(event) => {
            visible.value = event.currentTarget.checked;
          }}
        />
        {words.show}
      </label>
    </Step>
  );
}
