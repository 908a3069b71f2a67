/** That a customer's data are restricted (GDPR, article 18): since when and by whom; it is put and lifted for a reason. */
import type { RestrictionAnswer } from '../../../protocol/privacy.ts';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { nameOfStaff } from '../conversation/about.ts';
import type { Here } from '../conversation/doing.ts';
import { words as conversationWords } from '../conversation/words.ts';
import { Line } from '../form/field.tsx';
import { Form } from '../form/form.tsx';
import { useKept } from '../form/kept.ts';
import { Loaded, useLoading } from '../form/loaded.tsx';
import { words } from './words.ts';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function Restriction({ here }: { here: Here }) {
  const { id } = here.room.client;
  const loading = useLoading(`the restriction of ${id}`, () => here.desk.acts.restriction(id));
  return (
    <section class="hold">
      <h3>{words.restriction}</h3>
      <Loaded of={loading}>
        {({ restriction }) => <Known here={here} restriction={restriction} again={loading.again} />}
      </Loaded>
    </section>
  );
}

interface Props extends RestrictionAnswer {
  here: Here;
  again: () => void;
}

function Known({ here: { desk, room }, restriction, again }: Props) {
  const { id } = room.client;
  const open = useKept(`whether the data of ${id} are restricted`, false);
  const reason = useKept(`why the data of ${id} are restricted`, '');
  const on = restriction === null;
  const said = on ? words.restrict : words.lift;
  const close = () => {
    reason.value = '';
    open.value = false;
  };
  return (
    <>
      {restriction !== null && (
        <p>
          {words.restricted(
            nameOfStaff(restriction.by, desk) ?? conversationWords.somebody,
            when.format(restriction.since),
          )}
        </p>
      )}
      {(open.value || !on) && <p class="soft">{said.means}</p>}
      {open.value ? (
        <Form
          action={said.action}
          submit={async () => {
            await desk.acts.restrict(id, on, reason.value.trim());
            close();
            again();
          }}
          changed={() => reason.value !== ''}
          cancel={close}
        >
          <Line
            label={words.restrictWhy}
            hint={words.holdWhyHint}
            value={reason.value}
            change={(value) => {
              reason.value = value;
            }}
            input={{ required: true, maxLength: limits.reason, autocomplete: 'off', dir: 'auto' }}
          />
        </Form>
      ) : (
        <Button
          small
          onPress={() => {
            open.value = true;
          }}
        >
          {said.begin}
        </Button>
      )}
    </>
  );
}
