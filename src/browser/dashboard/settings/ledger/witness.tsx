/** The witness: somebody outside who is sent the signed head every day, so that nobody here has the only copy. */
import { useSignal } from '@preact/signals';
import type { WitnessAnswer } from '../../../../protocol/ledger-query.ts';
import { Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import type { Session } from '../../session.ts';
import { words as settingsWords } from '../words.ts';
import { words } from './words.ts';

const path = '/api/v1/ledger/witness';

interface Props {
  api: Session['api'];
  /** Whoever is watched does not choose who watches. */
  isOwner: boolean;
}

export function Witness({ api, isOwner }: Props) {
  const loading = useLoading('witness', () => api.get<WitnessAnswer>(path));
  return (
    <>
      <h3>{words.witness}</h3>
      <p>{words.witnessHow}</p>
      <Loaded of={loading}>
        {({ address }) => <Address api={api} isOwner={isOwner} known={address ?? ''} />}
      </Loaded>
    </>
  );
}

function Address({ api, isOwner, known }: Props & { known: string }) {
  const saved = useSignal(known);
  const draft = useKept('the witness', known);
  const submit = async () => {
    const { address } = await api.put<WitnessAnswer>(path, { address: draft.value.trim() || null });
    saved.value = draft.value = address ?? '';
  };
  return (
    <Form
      action={settingsWords.save}
      submit={submit}
      changed={() => draft.value !== saved.value}
      done={settingsWords.saved}
      readOnly={!isOwner}
    >
      <Line
        label={words.witnessAddress}
        hint={isOwner ? words.witnessHint : words.witnessOwners}
        value={draft.value}
        change={(address) => (draft.value = address)}
        input={{ type: 'email', autocomplete: 'off' }}
      />
    </Form>
  );
}
