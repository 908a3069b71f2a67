/** Accepting that a check does not pass: why, and until when. */
import { useSignal } from '@preact/signals';
import type { CheckView } from '../../../../protocol/checks.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Area, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import type { Session } from '../../session.ts';
import { words } from './words.ts';

interface Props {
  api: Session['api'];
  check: CheckView;
  done: () => void;
  cancel: () => void;
}

const day = 86_400_000;
const usual = 90;
const longest = 365;

export function Accepting({ api, check, done, cancel }: Props) {
  const reason = useKept(`why ${check.id} is accepted`, '');
  const until = useSignal(dayOf(Date.now() + usual * day));
  const submit = async () => {
    await api.put(`/api/v1/checks/${check.id}/exception`, {
      reason: reason.value.trim(),
      until: new Date(`${until.value}T23:59:59`).getTime(),
    });
    reason.value = '';
    done();
  };
  return (
    <Form
      takesFocus
      action={words.save}
      submit={submit}
      changed={() => reason.value.trim() !== ''}
      cancel={cancel}
      done={words.saved}
    >
      <Area
        label={words.reason}
        hint={words.reasonHint}
        value={reason.value}
        change={(text) => {
          reason.value = text;
        }}
        area={{ rows: 2, required: true, maxLength: limits.reason }}
      />
      <Line
        label={words.until}
        hint={words.untilHint}
        value={until.value}
        change={(text) => {
          until.value = text;
        }}
        input={{
          type: 'date',
          required: true,
          min: dayOf(Date.now()),
          max: dayOf(Date.now() + longest * day),
        }}
      />
    </Form>
  );
}

/** Here, as `2026-11-27`. */
function dayOf(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
