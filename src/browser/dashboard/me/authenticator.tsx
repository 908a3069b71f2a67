/** The authenticator app: whether there is one, another in its place, or none beside passkeys. */
import { useSignal } from '@preact/signals';
import type { EnrolmentAnswer } from '../../../protocol/sign-in.ts';
import { ApiError } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { ask } from '../dialog/ask.ts';
import { CodeField } from '../sign-in/code-field.tsx';
import { Secret } from '../sign-in/secret.tsx';
import { words as mainWords } from '../words.ts';
import { useDoing } from './doing.ts';
import { Part, type PartProps } from './part.tsx';
import { words } from './words.ts';

export function Authenticator({ api, mine, again }: PartProps) {
  const doing = useDoing();
  const setup = useSignal<EnrolmentAnswer | null>(null);
  const code = useSignal('');
  const begin = () =>
    doing.attempt(async () => {
      setup.value = await api.post<EnrolmentAnswer>('/api/v1/me/totp', {});
    });
  const confirm = async () => {
    const done = await doing.attempt(async () => {
      try {
        await api.post('/api/v1/me/totp/confirm', { code: code.value });
      } catch (error) {
        // What the app has learnt by now is of no use.
        if (error instanceof ApiError && error.code === 'setup_gone') setup.value = null;
        throw error;
      }
    });
    // A used or wrong code is of no further use.
    code.value = '';
    if (!done) return;
    setup.value = null;
    again();
  };
  const remove = async () => {
    if (!(await ask({ ...words.totpRemoveAsk, danger: true }))) return;
    if (await doing.attempt(() => api.delete('/api/v1/me/totp'))) again();
  };
  return (
    <Part title={words.totp} doing={doing}>
      <p class="soft">{mine.totp ? words.totpHave : words.totpNone}</p>
      {setup.value === null ? (
        <div class="acts">
          <Button busy={doing.busy.value} onPress={() => void begin()}>
            {mine.totp ? words.totpReplace : words.totpSet}
          </Button>
          {mine.totp && mine.passkeys.length > 0 && (
            <Button busy={doing.busy.value} onPress={() => void remove()}>
              {words.remove}
            </Button>
          )}
        </div>
      ) : (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void confirm();
          }}
        >
          <p>{mainWords.enrolHow}</p>
          {mine.totp && <p class="soft">{words.totpReplaceHow}</p>}
          <Secret {...setup.value} />
          <CodeField value={code} takesFocus />
          <div class="form-end">
            <Button submit kind="first" busy={doing.busy.value}>
              {mainWords.confirm}
            </Button>
            <Button
              kind="quiet"
              onPress={() => {
                setup.value = null;
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
