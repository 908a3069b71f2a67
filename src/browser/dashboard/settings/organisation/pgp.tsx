/** The OpenPGP key of the organisation, to which its backups are sealed once more. */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { grouped, type PgpAnswer, type PgpKeyView } from '../../../../protocol/pgp.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ask } from '../../dialog/ask.ts';
import { Area, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { useDoing } from '../../me/doing.ts';
import type { Session } from '../../session.ts';
import { words as settingsWords } from '../words.ts';

const path = '/api/v1/organisation/pgp';
const words = settingsWords.organisation.pgp;
const empty = { key: '', fingerprint: '' };

interface Props {
  api: Session['api'];
  known: PgpKeyView | null;
  /** Whoever holds the other half reads what is sealed to it: owners alone choose it. */
  isOwner: boolean;
}

export function Pgp({ api, known, isOwner }: Props) {
  const id = useId();
  const kept = useSignal(known);
  const draft = useKept('the OpenPGP key', empty);
  const change = (patch: Partial<typeof empty>) => {
    draft.value = { ...draft.value, ...patch };
  };
  const submit = async () => {
    const { pgp } = await api.put<PgpAnswer>(path, draft.value);
    kept.value = pgp;
    draft.value = empty;
  };
  return (
    <section class="apart" aria-labelledby={id}>
      <h3 id={id}>{words.title}</h3>
      <p class="soft">{words.intro}</p>
      <Kept api={api} kept={kept} isOwner={isOwner} />
      <Form
        action={kept.value === null ? words.use : words.replace}
        submit={submit}
        changed={() => draft.value.key !== '' || draft.value.fingerprint !== ''}
        done={words.used}
        readOnly={!isOwner}
      >
        <Area
          label={words.key}
          hint={isOwner ? words.keyHint : words.owners}
          value={draft.value.key}
          change={(key) => change({ key })}
          area={{
            rows: 4,
            spellcheck: false,
            autocapitalize: 'off',
            maxLength: limits.pgpKeyLength,
            required: true,
          }}
        />
        <Line
          label={words.fingerprint}
          hint={words.fingerprintHint}
          value={draft.value.fingerprint}
          change={(fingerprint) => change({ fingerprint })}
          input={{ autocomplete: 'off', spellcheck: false, required: true }}
        />
      </Form>
    </section>
  );
}

function Kept({
  api,
  kept,
  isOwner,
}: {
  api: Session['api'];
  kept: { value: PgpKeyView | null };
  isOwner: boolean;
}) {
  const doing = useDoing();
  const key = kept.value;
  const remove = async () => {
    if (!(await ask({ ...words.removeAsk, danger: true }))) return;
    if (await doing.attempt(() => api.delete(path))) kept.value = null;
  };
  if (key === null) return <p>{words.none}</p>;
  return (
    <>
      <dl class="facts">
        <dt>{words.fingerprintIs}</dt>
        <dd>
          <code>{grouped(key.fingerprint)}</code>
        </dd>
        <dt>{words.users}</dt>
        <dd>{key.users.join(', ') || words.nobody}</dd>
        <dt>{words.algorithm}</dt>
        <dd>{key.algorithm}</dd>
        <dt>{words.until}</dt>
        <dd>{words.ends(key.expiresAt)}</dd>
      </dl>
      <Problem text={doing.problem.value} />
      {isOwner && (
        <div class="form-end">
          <Button kind="danger" busy={doing.busy.value} onPress={() => void remove()}>
            {words.remove}
          </Button>
        </div>
      )}
    </>
  );
}
