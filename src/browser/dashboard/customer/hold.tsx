/** A legal hold on the conversation: who put it and when, and for whoever may, its beginning and its end. */
import { useSignal } from '@preact/signals';
import type { Backstage } from '../../../protocol/frames.ts';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { nameOfStaff } from '../conversation/about.ts';
import type { Here } from '../conversation/doing.ts';
import { words as conversationWords } from '../conversation/words.ts';
import { ask } from '../dialog/ask.ts';
import { Line } from '../form/field.tsx';
import { Form } from '../form/form.tsx';
import { inWords } from '../form/in-words.ts';
import { useKept } from '../form/kept.ts';
import { words } from './words.ts';

interface Props {
  here: Here;
  hold: Backstage['hold'];
  mayChange: boolean;
}

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function Hold({ here, hold, mayChange }: Props) {
  if (hold === null && !mayChange) return null;
  return (
    <section class="hold">
      <h3>{words.hold}</h3>
      {hold === null ? <Begin here={here} /> : <Held here={here} hold={hold} mayChange={mayChange} />}
    </section>
  );
}

function Begin({ here }: Pick<Props, 'here'>) {
  const { id } = here.room.client;
  const open = useKept(`whether ${id} is held`, false);
  const reason = useKept(`why ${id} is held`, '');
  if (!open.value)
    return (
      <Button
        small
        onPress={() => {
          open.value = true;
        }}
      >
        {words.holdBegin}
      </Button>
    );
  return (
    <>
      <p class="soft">{words.holdMeans}</p>
      <Form
        action={words.holdDo}
        submit={async () => {
          await here.desk.acts.hold(id, reason.value.trim());
          reason.value = '';
          open.value = false;
        }}
        changed={() => reason.value !== ''}
        cancel={() => {
          reason.value = '';
          open.value = false;
        }}
      >
        <Line
          label={words.holdWhy}
          hint={words.holdWhyHint}
          value={reason.value}
          change={(value) => {
            reason.value = value;
          }}
          input={{ required: true, maxLength: limits.reason, autocomplete: 'off', dir: 'auto' }}
        />
      </Form>
    </>
  );
}

function Held({
  here: { desk, room },
  hold: { by, at },
  mayChange,
}: Props & { hold: NonNullable<Props['hold']> }) {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const end = async () => {
    if (busy.value || !(await ask({ ...words.holdEndAsk, danger: true }))) return;
    busy.value = true;
    problem.value = null;
    try {
      await desk.acts.hold(room.client.id, null);
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <>
      <p>{words.held(nameOfStaff(by, desk) ?? conversationWords.somebody, when.format(at))}</p>
      <p class="soft">{words.holdMeans}</p>
      <Problem text={problem.value} />
      {mayChange && (
        <Button small busy={busy.value} onPress={() => void end()}>
          {words.holdEnd}
        </Button>
      )}
    </>
  );
}
