/** The dashboard's top: the product, who is signed in, and the way out. */
import { useSignal } from '@preact/signals';
import { ApiError } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import type { Desk } from './desk.ts';
import type { Session } from './session.ts';
import { words } from './words.ts';

export function TopBar({ session, desk }: { session: Session; desk: Desk }) {
  const problem = useSignal<string | null>(null);
  const { name, role } = desk.person.value;
  const signOut = async () => {
    if (desk.rooms.unsent() && !confirm(words.signOutUnsent)) return;
    problem.value = null;
    try {
      await session.signOut();
      // What one person had open is not kept for whoever sits down next.
      location.reload();
    } catch (error) {
      problem.value = error instanceof ApiError ? error.detail : String(error);
    }
  };
  return (
    <header class="top-bar">
      <h1>{words.product}</h1>
      <p class="soft">
        {name} · {words.roles[role]}
      </p>
      <Problem text={problem.value} />
      <Button kind="quiet" onPress={() => void signOut()}>
        {words.signOut}
      </Button>
    </header>
  );
}
