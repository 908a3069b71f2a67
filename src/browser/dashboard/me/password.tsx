/** Another password, with the one before. */
import { useSignal } from '@preact/signals';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { lengthProblem } from '../sign-in/password-length.ts';
import { StrengthMeter } from '../sign-in/strength-meter.tsx';
import { words as mainWords } from '../words.ts';
import { useDoing } from './doing.ts';
import { Part, type PartProps } from './part.tsx';
import { words } from './words.ts';

export function Password({ api, again }: PartProps) {
  const doing = useDoing();
  const current = useSignal('');
  const next = useSignal('');
  const changed = useSignal(false);
  const change = async () => {
    changed.value = false;
    const done = await doing.attempt(async () => {
      const problem = lengthProblem(next.value);
      if (problem !== null) throw new RangeError(problem);
      await api.post('/api/v1/me/password', { current: current.value, password: next.value });
    });
    if (!done) return;
    current.value = '';
    next.value = '';
    changed.value = true;
    again();
  };
  return (
    <Part title={words.password} doing={doing}>
      <p class="soft">{words.changeHow}</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        <Field
          label={words.current}
          value={current}
          input={{ type: 'password', name: 'current', autocomplete: 'current-password', required: true }}
        />
        <Field
          label={words.next}
          hint={mainWords.passwordHint}
          value={next}
          input={{ type: 'password', name: 'password', autocomplete: 'new-password', required: true }}
        />
        <StrengthMeter password={next} />
        <div class="form-end">
          <Button submit busy={doing.busy.value}>
            {words.change}
          </Button>
          <span role="status" class="soft">
            {changed.value && words.changed}
          </span>
        </div>
      </form>
    </Part>
  );
}
