/** One measure: its paragraph, what it says, and how it stands; of a contract also the note that there is one. */
import { useSignal } from '@preact/signals';
import type {
  ContractNote,
  Known,
  Measure as OneMeasure,
  MeasureId,
  ProfilesAnswer,
} from '../../../../protocol/profiles.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { useDoing } from '../../me/doing.ts';
import type { Session } from '../../session.ts';
import { words } from './words.ts';

interface Props {
  api: Session['api'];
  id: MeasureId;
  measure: OneMeasure;
  isMet: boolean;
  known: Known;
  mayChange: boolean;
  set: (changed: ProfilesAnswer) => void;
}

export function Measure({ measure, isMet, known, ...others }: Props) {
  const { answers, says, stand } = measure;
  const { how } = words;
  const note = known.contracts[others.id];
  return (
    // It has the focus where what stood in it has gone.
    <li tabIndex={-1}>
      <p class="measure-head">
        <span class={isMet ? 'stand met' : 'stand'}>
          {isMet ? words.met[stand.is] : words.open(stand, known)}
        </span>
        <span class="soft">{answers}</span>
      </p>
      <p>{says}</p>
      <p class="soft">{stand.is === 'built in' ? how['built in'](stand.rules.join(', ')) : how[stand.is]}</p>
      {stand.is === 'by check' &&
        stand.checks.map((each) => <p key={each}>{words.looked(each, known.checks[each])}</p>)}
      {note !== undefined && <p>{words.noted(note.date, note.where)}</p>}
      {stand.is === 'by contract' && others.mayChange && <Note {...others} says={says} note={note} />}
    </li>
  );
}

function Note({
  api,
  id,
  note,
  says,
  set,
}: Omit<Props, 'measure' | 'isMet' | 'known' | 'mayChange'> & {
  says: string;
  note: ContractNote | undefined;
}) {
  const open = useSignal(false);
  const doing = useDoing();
  const first = note ?? { date: '', where: '' };
  const draft = useKept(`the note of ${id}`, first);
  const put = async (wished: ContractNote | null) => {
    set(await api.put<ProfilesAnswer>(`/api/v1/contracts/${id}`, { note: wished }));
    open.value = false;
  };
  if (!open.value)
    return (
      <p class="note-acts">
        <Button
          small
          label={words.noteThis(says)}
          onPress={() => {
            draft.value = first;
            open.value = true;
          }}
        >
          {note === undefined ? words.noteIt : words.changeNote}
        </Button>
        {note !== undefined && (
          <Button small busy={doing.busy.value} onPress={() => void doing.attempt(() => put(null))}>
            {words.takeBack}
          </Button>
        )}
        <Problem text={doing.problem.value} />
      </p>
    );
  const change = (patch: Partial<ContractNote>) => {
    draft.value = { ...draft.value, ...patch };
  };
  return (
    <Form
      takesFocus
      action={words.keep}
      submit={() => put({ ...draft.value, where: draft.value.where.trim() })}
      changed={() => JSON.stringify(draft.value) !== JSON.stringify(first)}
      cancel={() => {
        open.value = false;
      }}
    >
      <Line
        label={words.date}
        value={draft.value.date}
        change={(date) => change({ date })}
        input={{ type: 'date', required: true }}
      />
      <Line
        label={words.where}
        hint={words.whereHint}
        value={draft.value.where}
        change={(where) => change({ where })}
        input={{ required: true, maxLength: limits.reason, autocomplete: 'off' }}
      />
    </Form>
  );
}
