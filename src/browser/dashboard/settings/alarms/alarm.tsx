/** One alarm: what was found, where to look, and the answer to it. */
import { useSignal } from '@preact/signals';
import { type Alarm, alarmRules } from '../../../../protocol/alarms.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import type { Desk } from '../../desk.ts';
import { Area } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { everMay } from '../../rights.ts';
import { ledgerAddress, settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { words } from './words.ts';

interface Props {
  desk: Desk;
  api: Session['api'];
  nameOf: (id: string) => string;
  alarm: Alarm;
  again: () => void;
}

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
/** What raised it came before it. */
const lookBack = 2 * 3_600_000;

export function AlarmLine({ desk, api, nameOf, alarm, again }: Props) {
  const answering = useSignal(false);
  const me = desk.person.value;
  const { rule, about, facts, times, at, lastAt, answer } = alarm;
  const isOwn = about === me.id;
  return (
    <li>
      <p class="row-name">{alarmRules[rule]}</p>
      <p>{words.found[rule](facts)}</p>
      <p class="soft">
        {[
          'drill' in facts && words.drill,
          about !== null && `${words.about}: ${nameOf(about)}`,
          times === 1
            ? when.format(at)
            : `${words.times(times)}, ${words.since(when.format(at), when.format(lastAt))}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {answer !== null && (
        <p class="alarm-answer">
          <span class="soft">{words.by(nameOf(answer.by), when.format(answer.at))}</span>
          <span dir="auto">{answer.reason}</span>
        </p>
      )}
      {isOwn && answer === null && <p class="soft">{words.aboutYou}</p>}
      <div class="form-end">
        {about !== null && everMay(me, 'ledger.read') && (
          <a class="button" href={ledgerAddress(lookAt(alarm, about))}>
            {rule === 'signIn.failures' ? words.lookAtAccount : words.look}
          </a>
        )}
        {everMay(me, 'incident.declare') && (
          <a
            class="button"
            aria-label={words.declareThis(alarmRules[rule])}
            href={`${settingsAddress('incidents', 'new')}?${declaring(alarm).toString()}`}
          >
            {words.declare}
          </a>
        )}
        {answer === null && everMay(me, 'alarms.answer') && !answering.value && (
          <Button label={words.answerThis(alarmRules[rule])} onPress={() => (answering.value = true)}>
            {words.answer}
          </Button>
        )}
      </div>
      {answering.value && (
        <Answering
          api={api}
          alarm={alarm}
          done={again}
          cancel={() => {
            answering.value = false;
          }}
        />
      )}
    </li>
  );
}

interface AnsweringProps {
  api: Session['api'];
  alarm: Alarm;
  done: () => void;
  cancel: () => void;
}

function Answering({ api, alarm, done, cancel }: AnsweringProps) {
  const reason = useKept(`the answer to ${alarm.id}`, '');
  const submit = async () => {
    await api.post(`/api/v1/alarms/${alarm.id}/answer`, { reason: reason.value.trim() });
    reason.value = '';
    done();
  };
  return (
    <Form
      takesFocus
      action={words.send}
      submit={submit}
      changed={() => reason.value.trim() !== ''}
      cancel={cancel}
      done={words.done}
    >
      <Area
        label={words.why}
        hint={words.whyHint}
        value={reason.value}
        change={(text) => {
          reason.value = text;
        }}
        area={{ rows: 3, required: true, maxLength: limits.reason }}
      />
    </Form>
  );
}

function declaring({ id, rule, about, at }: Alarm): URLSearchParams {
  return new URLSearchParams({ alarm: id, rule, at: String(at), ...(about !== null && { about }) });
}

function lookAt({ rule, at, lastAt }: Alarm, about: string): Record<string, string> {
  const whose = rule === 'signIn.failures' ? { about } : { actor: about };
  return { ...whose, from: dayOf(at - lookBack), to: dayOf(lastAt) };
}

/** Here, as `2026-11-27`. */
function dayOf(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
