/** The second step of somebody whose second factor is a passkey. */
import { Button } from '../../ui/button.tsx';
import type { Session } from '../session.ts';
import { words } from '../words.ts';
import { StartOver } from './code-step.tsx';
import { Step } from './step.tsx';

export function PasskeyStep({ session, token }: { session: Session; token: string }) {
  return (
    <Step
      title={words.passkeyTitle}
      startsAtHeading
      action={words.passkeyUse}
      submit={() => session.enterByPasskey()}
      below={
        <>
          <Button kind="quiet" onPress={() => session.recover(token)}>
            {words.noPasskey}
          </Button>
          <StartOver session={session} />
        </>
      }
    >
      <p>{words.passkeyHow}</p>
    </Step>
  );
}
