/** The second factor once more, by whichever its person has at hand. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { CeremonyAnswer, MyAnswer } from '../../../protocol/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Dialog } from '../dialog/dialog.tsx';
import { inWords } from '../form/in-words.ts';
import { Loaded, useLoading } from '../form/loaded.tsx';
import type { Session } from '../session.ts';
import { CodeField } from '../sign-in/code-field.tsx';
import { canUsePasskeys, PasskeyButton } from '../sign-in/passkey-button.tsx';
import { RecoveryField } from '../sign-in/recovery-field.tsx';
import { words as mainWords } from '../words.ts';
import { words } from './words.ts';

interface Props {
  api: Session['api'];
  why: string;
  answer: (given: boolean) => void;
}

export function Proof({ api, why, answer }: Props) {
  const loading = useLoading('my sign-in', () => api.get<MyAnswer>('/api/v1/me/sign-in'));
  return (
    <Dialog title={words.title} close={() => answer(false)}>
      <div class="dialog-body">
        <p>
          {why} {words.counts}
        </p>
        <Loaded of={loading}>{(mine) => <Ways api={api} answer={answer} mine={mine} />}</Loaded>
      </div>
    </Dialog>
  );
}

function Ways({ api, answer, mine }: Omit<Props, 'why'> & { mine: MyAnswer }) {
  const byPasskey = mine.passkeys.length > 0 && canUsePasskeys;
  const recovering = useSignal(!mine.totp && !byPasskey);
  const usePasskey = async () => {
    const { answered } = await import('../passkeys.ts');
    const challenge = await api.post<CeremonyAnswer>('/api/v1/me/step-up/passkey', {});
    await api.post('/api/v1/me/step-up', await answered(challenge));
    answer(true);
  };
  const prove = async (given: object) => {
    await api.post('/api/v1/me/step-up', given);
    answer(true);
  };
  return (
    <>
      {byPasskey && (
        <PasskeyButton kind={mine.totp ? 'plain' : 'first'} use={usePasskey}>
          {mainWords.passkeyUse}
        </PasskeyButton>
      )}
      {recovering.value ? (
        <ByRecoveryCode prove={(code) => prove({ recoveryCode: code })} />
      ) : (
        <>
          {mine.totp && <ByCode prove={(code) => prove({ code })} />}
          <Button
            kind="quiet"
            onPress={() => {
              recovering.value = true;
            }}
          >
            {words.recovery}
          </Button>
        </>
      )}
    </>
  );
}

type Prove = (code: string) => Promise<void>;

function ByCode({ prove }: { prove: Prove }) {
  const code = useSignal('');
  return (
    <ProofForm code={code} prove={prove}>
      <CodeField value={code} takesFocus />
    </ProofForm>
  );
}

function ByRecoveryCode({ prove }: { prove: Prove }) {
  const code = useSignal('');
  return (
    <ProofForm code={code} prove={prove}>
      <RecoveryField label={mainWords.recoveryCode} value={code} takesFocus />
    </ProofForm>
  );
}

interface FormProps {
  code: { value: string };
  prove: Prove;
  children: ComponentChildren;
}

function ProofForm({ code, prove, children }: FormProps) {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  // Whoever closes the window while it is being looked at hears no more of it.
  const gone = useRef(false);
  useEffect(() => () => void (gone.current = true), []);
  const submit = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await prove(code.value);
    } catch (error) {
      if (!gone.current) problem.value = inWords(error);
      code.value = '';
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      <Problem text={problem.value} />
      <Button submit kind="first" busy={busy.value}>
        {mainWords.confirm}
      </Button>
    </form>
  );
}
