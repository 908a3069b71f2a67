/** Recovery codes: how many are left, and new ones. */
import { useSignal } from '@preact/signals';
import type { NewCodesAnswer } from '../../../protocol/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { CodesList } from '../sign-in/codes-list.tsx';
import { RecoveryField } from '../sign-in/recovery-field.tsx';
import { words as mainWords } from '../words.ts';
import { useDoing } from './doing.ts';
import { Part, type PartProps } from './part.tsx';
import { words } from './words.ts';

/** With fewer than this there is reason to make new ones. */
const few = 4;

export function RecoveryCodes({ api, mine, again }: PartProps) {
  const doing = useDoing();
  const codes = useSignal<readonly string[] | null>(null);
  const code = useSignal('');
  const begin = () =>
    doing.attempt(async () => {
      codes.value = (await api.post<NewCodesAnswer>('/api/v1/me/recovery-codes', {})).recoveryCodes;
    });
  const keep = async () => {
    if (!(await doing.attempt(() => api.post('/api/v1/me/recovery-codes/keep', { code: code.value }))))
      return;
    codes.value = null;
    code.value = '';
    again();
  };
  return (
    <Part title={words.codes} doing={doing}>
      <p class={mine.codesLeft < few ? '' : 'soft'}>
        {words.codesLeft(mine.codesLeft)} {mine.codesLeft < few && words.codesFew}
      </p>
      {codes.value === null ? (
        <div class="acts">
          <Button busy={doing.busy.value} onPress={() => void begin()}>
            {words.codesNew}
          </Button>
        </div>
      ) : (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void keep();
          }}
        >
          <p>{words.codesHow}</p>
          <CodesList codes={codes.value} />
          <RecoveryField label={mainWords.codesBack} value={code} takesFocus={false} />
          <div class="form-end">
            <Button submit kind="first" busy={doing.busy.value}>
              {mainWords.codesDone}
            </Button>
            <Button
              kind="quiet"
              onPress={() => {
                codes.value = null;
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
