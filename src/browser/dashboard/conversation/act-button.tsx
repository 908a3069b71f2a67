/** Claims, closes or reopens a conversation, and says why if that can not be done. */
import { useSignal } from '@preact/signals';
import { ApiError } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Act, Desk } from '../desk.ts';
import { words } from '../words.ts';

interface Props {
  desk: Desk;
  id: string;
  act: Act;
  first?: boolean;
}

export function ActButton({ desk, id, act, first }: Props) {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const pressed = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await desk.act(id, act);
    } catch (error) {
      problem.value = error instanceof ApiError ? error.detail : String(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="act">
      <Button kind={first === true ? 'first' : 'plain'} busy={busy.value} onPress={() => void pressed()}>
        {words[act]}
      </Button>
      <Problem text={problem.value} />
    </div>
  );
}
