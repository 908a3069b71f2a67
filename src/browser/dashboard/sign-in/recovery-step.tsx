/** The second step for whoever does not have their phone: one of the codes that they kept. */
import { useSignal } from '@preact/signals';
import { Button } from '../../ui/button.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { StartOver } from './code-step.tsx';
import { RecoveryField } from './recovery-field.tsx';
import { Step } from './step.tsx';

export function RecoveryStep({ session, token }: { session: Session; token: string }) {
  const code = useSignal('');
  return (
    <Step
      title={words.recoveryTitle}
      action={words.confirm}
      submit={() => session.enterRecovery(token, code.value)}
      below={
        <>
          <Button kind="quiet" onPress={() => session.lost(token)}>
            {words.noCodes}
          </Button>
          <StartOver session={session} />
        </>
      }
    >
      <p>{words.recoveryHow}</p>
      <RecoveryField label={words.recoveryCode} value={code} takesFocus />
    </Step>
  );
}
