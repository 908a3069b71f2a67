/** Passkeys: those there are, and a new one. */
import { limits } from '../../../protocol/limits.ts';
import type { CeremonyAnswer, PasskeyView } from '../../../protocol/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Time } from '../../ui/time.tsx';
import { ask } from '../dialog/ask.ts';
import { Line } from '../form/field.tsx';
import { useKept } from '../form/kept.ts';
import { canUsePasskeys } from '../sign-in/passkey-button.tsx';
import { words as mainWords } from '../words.ts';
import { useDoing } from './doing.ts';
import { Part, type PartProps } from './part.tsx';
import { words } from './words.ts';

export function Passkeys({ api, mine, again }: PartProps) {
  const doing = useDoing();
  const name = useKept('a new passkey', '');
  const add = async () => {
    const { made } = await import('../passkeys.ts');
    const asked = await api.post<CeremonyAnswer>('/api/v1/me/passkeys/challenge', {});
    await api.post('/api/v1/me/passkeys', { ...(await made(asked)), name: name.value });
    name.value = '';
    again();
  };
  return (
    <Part title={words.passkeys} doing={doing}>
      <p class="soft">{words.passkeysHow}</p>
      {mine.passkeys.length === 0 ? (
        <p>{words.passkeysNone}</p>
      ) : (
        <ul class="rows">
          {mine.passkeys.map((each) => (
            <OnePasskey key={each.id} api={api} passkey={each} again={again} />
          ))}
        </ul>
      )}
      {canUsePasskeys ? (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void doing.attempt(add);
          }}
        >
          <Line
            label={words.passkeyName}
            hint={words.passkeyNameHint}
            value={name.value}
            change={(value) => {
              name.value = value;
            }}
            input={{ required: true, maxLength: limits.nameLength, autocomplete: 'off' }}
          />
          <div>
            <Button submit busy={doing.busy.value}>
              {words.addPasskey}
            </Button>
          </div>
        </form>
      ) : (
        <p class="soft">{words.passkeysImpossible}</p>
      )}
    </Part>
  );
}

interface OneProps extends Pick<PartProps, 'api' | 'again'> {
  passkey: PasskeyView;
}

function OnePasskey({ api, passkey, again }: OneProps) {
  const doing = useDoing();
  const name = useKept<string | null>(`the name of ${passkey.id}`, null);
  const path = `/api/v1/me/passkeys/${passkey.id}`;
  const remove = async () => {
    if (!(await ask({ ...words.removeAsk(passkey.name), danger: true }))) return;
    if (await doing.attempt(() => api.delete(path))) again();
  };
  const rename = async () => {
    if (!(await doing.attempt(() => api.patch(path, { name: name.value })))) return;
    name.value = null;
    again();
  };
  return (
    <li class="one">
      {name.value === null ? (
        <>
          <span class="row-name">{passkey.name}</span>
          <span class="soft">
            {words.added} <Time at={passkey.createdAt} />,{' '}
            {passkey.usedAt === null ? (
              words.neverUsed
            ) : (
              <>
                {words.lastUsed} <Time at={passkey.usedAt} />
              </>
            )}
          </span>
          <span class="acts">
            <Button
              small
              label={words.renameIt(passkey.name)}
              onPress={() => {
                name.value = passkey.name;
              }}
            >
              {words.rename}
            </Button>
            <Button
              small
              label={words.removeIt(passkey.name)}
              busy={doing.busy.value}
              onPress={() => void remove()}
            >
              {words.remove}
            </Button>
          </span>
        </>
      ) : (
        <form
          class="form naming"
          onSubmit={(event) => {
            event.preventDefault();
            void rename();
          }}
        >
          <Line
            label={words.passkeyName}
            value={name.value}
            change={(value) => {
              name.value = value;
            }}
            input={{ required: true, maxLength: limits.nameLength, autocomplete: 'off' }}
          />
          <div class="form-end">
            <Button submit kind="first" small busy={doing.busy.value}>
              {words.saveName}
            </Button>
            <Button
              small
              kind="quiet"
              onPress={() => {
                name.value = null;
              }}
            >
              {mainWords.cancel}
            </Button>
          </div>
        </form>
      )}
      <Problem text={doing.problem.value} />
    </li>
  );
}
