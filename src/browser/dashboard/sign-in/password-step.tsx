/** The first step: who says to be here. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Session } from '../session.ts';
import { startAnew } from '../start-anew.ts';
import { words } from '../words.ts';
import { offerPasskeys } from './offer-passkeys.ts';
import { canUsePasskeys, PasskeyButton } from './passkey-button.tsx';
import { Step } from './step.tsx';

export function PasswordStep({ session, notice }: { session: Session; notice: string | null }) {
  const locked = session.locked.value;
  const address = useSignal(locked?.address ?? '');
  const password = useSignal('');
  const refused = useSignal<string | null>(null);
  useEffect(
    () =>
      offerPasskeys(session, (why) => {
        refused.value = why;
      }),
    [session, refused],
  );
  return (
    <Step
      title={locked === null ? words.product : words.locked.title}
      action={words.signIn}
      submit={() => session.signIn(address.value, password.value)}
      below={
        <>
          {canUsePasskeys && (
            <>
              <PasskeyButton use={() => session.enterByPasskey()}>{words.passkeySignIn}</PasskeyButton>
              <Problem text={refused.value} />
            </>
          )}
          <Button kind="quiet" onPress={() => session.forgot()}>
            {words.forgot}
          </Button>
          {locked !== null && (
            <Button kind="quiet" onPress={startAnew}>
              {words.locked.other}
            </Button>
          )}
        </>
      }
    >
      {notice !== null && <p role="status">{notice}</p>}
      {locked !== null && <p>{words.locked.how(locked.name)}</p>}
      <Field
        label={words.address}
        value={address}
        // What a browser fills in here may be a passkey, which signs in by itself.
        input={{
          ...{ type: 'email', name: 'username', autocomplete: 'username webauthn', required: true },
          readOnly: locked !== null,
        }}
        takesFocus={locked === null}
      />
      <Field
        label={words.password}
        value={password}
        input={{ type: 'password', name: 'password', autocomplete: 'current-password', required: true }}
        takesFocus={locked !== null}
      />
    </Step>
  );
}
