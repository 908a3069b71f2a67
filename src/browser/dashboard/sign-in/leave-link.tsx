/** The way from a mailed link to the door, for whoever does not want what it does, or can't have it any more. */
import { Button } from '../../ui/button.tsx';
import { goHome } from '../route.ts';
import type { Session } from '../session.ts';
import { words } from '../words.ts';

export function LeaveLink({ session }: { session: Session }) {
  return (
    <Button
      kind="quiet"
      onPress={() => {
        session.startOver();
        goHome();
      }}
    >
      {words.toDoor}
    </Button>
  );
}
