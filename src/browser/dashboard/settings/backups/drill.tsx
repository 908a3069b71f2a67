/** The weekly drill: whether the newest backup could be put back. */
import type { BackupsAnswer } from '../../../../protocol/backups.ts';
import { clock } from '../../list/clock.ts';
import { agoOf } from '../ledger/when.ts';
import type { Session } from '../../session.ts';
import { Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { limits } from '../../../../protocol/limits.ts';
import { words } from './words.ts';

interface Props extends Pick<BackupsAnswer, 'drill' | 'isDrillMissing' | 'tried' | 'isTryDue'> {
  api: Session['api'];
  /** Whether whoever looks may note that they have tried one by hand. */
  mayNote: boolean;
  /** They have. */
  noted: () => void;
}

export function Drill({ drill, isDrillMissing, tried, isTryDue, ...others }: Props) {
  return (
    <section class="backup-drill" aria-labelledby="backup-drill">
      <h3 id="backup-drill">{words.drill}</h3>
      <p class="soft">{words.drillHow}</p>
      {isDrillMissing && <p class="warned">{words.drillMissing}</p>}
      {isTryDue && <p class="warned">{words.tryDue}</p>}
      {drill === null ? (
        <p>{words.noDrill}</p>
      ) : (
        <>
          <p class="backup-head">
            <span class="row-name">{words.drillOf(drill.number)}</span>
            <span class={`backup-state ${drill.state === 'failed' ? 'broken' : 'whole'}`}>
              {words.drillStates[drill.state]}
            </span>
            <span class="soft">{agoOf(drill.begunAt, clock.value)}</span>
          </p>
          {drill.wrong !== null && <p class="backup-wrong">{words.wrong(drill.wrong)}</p>}
          <p class="soft">{drill.state === 'sealed' ? words.drillSealed : words.compared(drill)}</p>
          {drill.state === 'sealed' && (
            <>
              <p>{tried === null ? words.neverTried : words.tried(tried)}</p>
              {others.mayNote && <Tried {...others} />}
            </>
          )}
        </>
      )}
    </section>
  );
}

const nothing = { on: '', note: '' };

function Tried({ api, noted }: Pick<Props, 'api' | 'noted'>) {
  const draft = useKept('a backup that was put back by hand', nothing);
  const { on, note } = draft.value;
  const change = (more: Partial<typeof nothing>) => {
    draft.value = { ...draft.value, ...more };
  };
  const submit = async () => {
    await api.post('/api/v1/backups/tried', { on, note: note.trim() });
    change(nothing);
    noted();
  };
  return (
    <Form
      action={words.noteTry}
      submit={submit}
      changed={() => on !== '' || note !== ''}
      done={words.tryNoted}
    >
      <Line
        label={words.triedOn}
        value={on}
        change={(value) => change({ on: value })}
        input={{ type: 'date', required: true }}
      />
      <Line
        label={words.triedHow}
        hint={words.triedHint}
        value={note}
        change={(value) => change({ note: value })}
        input={{ required: true, maxLength: limits.reason, autocomplete: 'off' }}
      />
    </Form>
  );
}
