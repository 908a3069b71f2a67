/** The owner key of the organisation, for owners: whether there is one, and a new one. */
import { useSignal } from '@preact/signals';
import type { NewOwnerKeyAnswer } from '../../../protocol/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { ShownKey } from '../owner-key/shown-key.tsx';
import { words } from '../owner-key/words.ts';
import { words as mainWords } from '../words.ts';
import { useDoing } from './doing.ts';
import { Part, type PartProps } from './part.tsx';

export function OwnerKey({ api, mine, again }: PartProps) {
  const doing = useDoing();
  const ownerKey = useSignal<string | null>(null);
  const back = useSignal('');
  const isKept = mine.ownerKey === 'kept';
  const begin = () =>
    doing.attempt(async () => {
      ownerKey.value = (await api.post<NewOwnerKeyAnswer>('/api/v1/me/owner-key', {})).ownerKey;
    });
  const keep = async () => {
    if (!(await doing.attempt(() => api.post('/api/v1/me/owner-key/keep', { key: back.value })))) return;
    ownerKey.value = null;
    back.value = '';
    again();
  };
  return (
    <Part title={words.part} doing={doing}>
      {ownerKey.value === null ? (
        <>
          <p class={isKept ? 'soft' : ''}>{isKept ? words.partHave : words.partNone}</p>
          <div class="acts">
            <Button busy={doing.busy.value} onPress={() => void begin()}>
              {isKept ? words.makeAnother : words.make}
            </Button>
          </div>
        </>
      ) : (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void keep();
          }}
        >
          <p>{words.keepWhy}</p>
          <p>
            {words.keepHow} {isKept && words.partHow}
          </p>
          <ShownKey ownerKey={ownerKey.value} back={back} />
          <div class="form-end">
            <Button submit kind="first" busy={doing.busy.value}>
              {words.kept}
            </Button>
            <Button
              kind="quiet"
              onPress={() => {
                ownerKey.value = null;
              }}
            >
              {mainWords.cancel}
            </Button>
          </div>
        </form>
      )}
    </Part>
  );
}
