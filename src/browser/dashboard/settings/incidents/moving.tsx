/** Takes an incident on to the next state, or back to a former one with the reason. */
import { useSignal } from '@preact/signals';
import { type OpenState, openStates } from '../../../../protocol/incidents.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Area, Choice } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { useDoing } from '../../me/doing.ts';
import type { Working } from './part.tsx';
import { words } from './words.ts';

export function Moving(working: Working) {
  const { api, path, incident, changed } = working;
  const doing = useDoing();
  const back = useSignal(false);
  const said = useSignal('');
  const at = openStates.findIndex((each) => each === incident.state);
  const next = openStates[at + 1];
  const former = openStates.slice(0, at);
  const goOn = (to: OpenState) =>
    doing.attempt(async () => {
      await api.post(`${path}/move`, { to, reason: null });
      said.value = words.moved(to);
      changed();
    });
  return (
    <div tabIndex={-1} class="incident-part">
      <div class="incident-do">
        {next !== undefined && (
          <Button kind="first" busy={doing.busy.value} onPress={() => void goOn(next)}>
            {words.goOn(next)}
          </Button>
        )}
        {former.length > 0 && !back.value && (
          <Button
            onPress={() => {
              back.value = true;
            }}
          >
            {words.goBack}
          </Button>
        )}
        <span role="status" class="soft">
          {said.value}
        </span>
      </div>
      <Problem text={doing.problem.value} />
      {back.value && former.length > 0 && (
        <GoingBack
          working={working}
          former={former}
          done={(to) => {
            back.value = false;
            if (to !== null) said.value = words.moved(to);
          }}
        />
      )}
    </div>
  );
}

interface BackProps {
  working: Working;
  former: readonly OpenState[];
  /** Null: it stays where it is. */
  done: (to: OpenState | null) => void;
}

function GoingBack({ working: { api, path, incident, changed }, former, done }: BackProps) {
  const to = useSignal(former.at(-1) ?? 'detect');
  const reason = useKept(`why ${incident.id} goes back`, '');
  const submit = async () => {
    await api.post(`${path}/move`, { to: to.value, reason: reason.value.trim() });
    reason.value = '';
    changed();
    done(to.value);
  };
  return (
    <div class="short">
      <Form
        takesFocus
        action={words.backDo}
        submit={submit}
        changed={() => reason.value.trim() !== ''}
        cancel={() => {
          reason.value = '';
          done(null);
        }}
      >
        <Choice
          label={words.backTo}
          value={to.value}
          change={(state) => {
            to.value = state as OpenState;
          }}
          options={former.map((state) => [state, words.states[state]])}
        />
        <Area
          label={words.backWhy}
          value={reason.value}
          change={(value) => {
            reason.value = value;
          }}
          area={{ required: true, maxLength: limits.incidentText, rows: 2, dir: 'auto' }}
        />
      </Form>
    </div>
  );
}
