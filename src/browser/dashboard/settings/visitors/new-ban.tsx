/** Bans an address or a network that is known from elsewhere. */
import { limits } from '../../../../protocol/limits.ts';
import { type Duration, DurationChoice, durations } from '../../form/duration.tsx';
import { Choice, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import type { Session } from '../../session.ts';
import { words } from '../words.ts';

interface Draft {
  kind: 'network' | 'address';
  target: string;
  reason: string;
  lasts: Duration;
}

const empty: Draft = { kind: 'network', target: '', reason: '', lasts: 'day' };

export function NewBan({ api, made }: { api: Session['api']; made: () => void }) {
  const draft = useKept('a new ban', empty);
  const change = (changed: Partial<Draft>) => {
    draft.value = { ...draft.value, ...changed };
  };
  const submit = async () => {
    const { kind, target, reason, lasts } = draft.value;
    const body = { kind, target: target.trim(), reason: reason.trim(), lasts: durations[lasts] };
    await api.post('/api/v1/bans', body);
    draft.value = empty;
    made();
  };
  const { kind } = draft.value;
  return (
    <section>
      <h3>{words.visitors.create}</h3>
      <Form
        action={words.visitors.createAction}
        submit={submit}
        changed={() => draft.value !== empty}
        done={words.visitors.created}
      >
        <Choice
          label={words.visitors.kind}
          value={kind}
          change={(chosen) => change({ kind: chosen as Draft['kind'] })}
          options={Object.entries(words.visitors.kinds)}
          hint={words.visitors.kindHints[kind]}
        />
        <Line
          label={words.visitors.targets[kind]}
          value={draft.value.target}
          change={(target) => change({ target })}
          input={{
            required: true,
            maxLength: limits.addressLength,
            autocomplete: 'off',
          }}
        />
        <Line
          label={words.visitors.reason}
          value={draft.value.reason}
          change={(reason) => change({ reason })}
          input={{ required: true, maxLength: limits.reason, autocomplete: 'off' }}
        />
        <DurationChoice
          label={words.visitors.lasts}
          value={draft.value.lasts}
          change={(lasts) => change({ lasts })}
        />
      </Form>
    </section>
  );
}
