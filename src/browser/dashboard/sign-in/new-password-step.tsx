/** Somebody invited, or who has forgotten theirs, chooses a password. */
import { useSignal } from '@preact/signals';
import { Field } from '../../ui/field.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { LeaveLink } from './leave-link.tsx';
import { lengthProblem } from './password-length.ts';
import { Step } from './step.tsx';
import { StrengthMeter } from './strength-meter.tsx';

const chosen = { name: 'password', autocomplete: 'new-password', required: true } as const;

interface Props {
  session: Session;
  kind: 'invitation' | 'reset';
  token: string;
  done: () => void;
}

export function NewPasswordStep({ session, kind, token, done }: Props) {
  const password = useSignal('');
  const visible = useSignal(false);
  const submit = async () => {
    const problem = lengthProblem(password.value);
    if (problem !== null) throw new RangeError(problem);
    await session.redeem(kind, token, password.value);
    done();
  };
  return (
    <Step
      title={words.newPassword[kind].title}
      action={words.choose}
      submit={submit}
      below={<LeaveLink session={session} />}
    >
      <p>{words.newPassword[kind].how}</p>
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
