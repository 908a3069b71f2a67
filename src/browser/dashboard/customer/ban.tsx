/** Keeps a customer, or where they write from, out for a while. */
import { useSignal } from '@preact/signals';
import type { BanAnswer, BanKind } from '../../../protocol/bans.ts';
import type { Customer } from '../../../protocol/frames.ts';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import type { Here } from '../conversation/doing.ts';
import { type Duration, DurationChoice, durations } from '../form/duration.tsx';
import { Choice, Line } from '../form/field.tsx';
import { Form } from '../form/form.tsx';
import { useKept } from '../form/kept.ts';
import { may } from '../rights.ts';
import { words } from './words.ts';

interface Draft {
  kind: BanKind;
  reason: string;
  lasts: Duration;
}

const empty: Draft = { kind: 'visitor', reason: '', lasts: 'day' };

export function BanCustomer({ here, customer }: { here: Here; customer: Customer }) {
  const open = useKept(`whether ${here.room.client.id} is banned`, false);
  const done = useSignal(false);
  if (done.value)
    return (
      <section>
        <p role="status">{words.banned}</p>
      </section>
    );
  return (
    <section>
      {open.value ? (
        <Banning
          here={here}
          customer={customer}
          close={(banned) => {
            open.value = false;
            done.value = banned;
          }}
        />
      ) : (
        <Button
          small
          onPress={() => {
            open.value = true;
          }}
        >
          {words.ban}
        </Button>
      )}
    </section>
  );
}

interface Props {
  here: Here;
  customer: Customer;
  close: (banned: boolean) => void;
}

function Banning({ here, customer, close }: Props) {
  const draft = useKept(`a ban of ${here.room.client.id}`, empty);
  const change = (changed: Partial<Draft>) => {
    draft.value = { ...draft.value, ...changed };
  };
  const submit = async () => {
    const { kind, reason, lasts } = draft.value;
    const body = { kind, reason: reason.trim(), lasts: durations[lasts] };
    await here.desk.acts.ban<BanAnswer>(here.room.client.id, body);
    close(true);
  };
  const everywhere = may(here.desk.person.value, 'visitor.ban');
  const kinds: BanKind[] = !everywhere
    ? ['visitor']
    : customer.proof?.address
      ? ['visitor', 'address', 'network']
      : ['visitor', 'network'];
  return (
    <>
      <h3>{words.banTitle}</h3>
      <Form
        action={words.banDo}
        submit={submit}
        changed={() => draft.value.reason !== ''}
        cancel={() => close(false)}
      >
        <Choice
          label={words.banWhat}
          value={draft.value.kind}
          change={(kind) => change({ kind: kind as BanKind })}
          options={kinds.map((kind) => [kind, words.banKinds[kind]] as const)}
          hint={draft.value.kind === 'network' ? words.banNetwork : undefined}
        />
        <Line
          label={words.banReason}
          value={draft.value.reason}
          change={(reason) => change({ reason })}
          input={{ required: true, maxLength: limits.reason, autocomplete: 'off' }}
        />
        <DurationChoice
          label={words.banLasts}
          value={draft.value.lasts}
          change={(lasts) => change({ lasts })}
        />
      </Form>
    </>
  );
}
