/** Having a conversation, or all of one customer's, put back from a backup. */
import type { BackupView } from '../../../../protocol/backups.ts';
import type { ReturnAnswer, ReturnView } from '../../../../protocol/restore.ts';
import { Choice, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import type { Session } from '../../session.ts';
import { words } from './words.ts';

interface Props {
  api: Session['api'];
  backups: readonly BackupView[];
  back: ReturnView | null;
  /** Something has begun. */
  begun: () => void;
}

const nothing = { number: '', wanted: '' };

export function Back({ api, backups, back, begun }: Props) {
  const whole = backups.filter(({ state }) => state === 'whole');
  const draft = useKept('what to put back from a backup', nothing);
  const { wanted } = draft.value;
  // The newest, unless somebody has chosen another one that is still kept.
  const chosen = whole.find((each) => String(each.number) === draft.value.number) ?? whole[0];
  const number = String(chosen?.number ?? '');
  const change = (more: Partial<typeof nothing>) => {
    draft.value = { ...draft.value, ...more };
  };
  const submit = async () => {
    await api.post<ReturnAnswer>('/api/v1/backups/returns', { number: Number(number), id: idIn(wanted) });
    change({ wanted: '' });
    begun();
  };
  return (
    <section class="backup-back short" aria-labelledby="backup-back">
      <h3 id="backup-back">{words.back}</h3>
      <p class="soft">{words.backHow}</p>
      {back !== null && <Last back={back} />}
      {whole.length === 0 ? (
        <p>{words.backNone}</p>
      ) : (
        <Form
          action={words.putBack}
          submit={submit}
          changed={() => draft.value.wanted !== ''}
          done={words.backBegun}
        >
          <Choice
            label={words.from}
            value={number}
            change={(value) => change({ number: value })}
            options={whole.map((each) => [String(each.number), words.option(each)] as const)}
          />
          <Line
            label={words.wanted}
            value={wanted}
            change={(value) => change({ wanted: value })}
            hint={words.wantedHow}
            check={(value) => (value === '' || idIn(value) !== '' ? null : words.noId)}
            input={{ required: true, autocomplete: 'off', spellcheck: false }}
          />
        </Form>
      )}
    </section>
  );
}

/** The id in what was typed or pasted, such as the address of a conversation; '' if there is none. */
function idIn(text: string): string {
  return /(?:con|vis)_[A-Za-z0-9_-]{21}[AQgw]/.exec(text)?.[0] ?? '';
}

function Last({ back }: { back: ReturnView }) {
  const { state, wrong } = back;
  return (
    <div class="backup-last">
      <p class="backup-head">
        <span class="row-name">{words.backOf(back)}</span>
        <span class={`backup-state ${state === 'failed' ? 'broken' : 'whole'}`}>
          {words.backStates[state]}
        </span>
      </p>
      {/* Heard as it changes, but not when the page is opened. */}
      <p role="status">{state === 'working' ? words.backStage(back.stage) : words.came(back)}</p>
      {wrong !== null && <p class="backup-wrong">{words.wrong(wrong)}</p>}
    </div>
  );
}
