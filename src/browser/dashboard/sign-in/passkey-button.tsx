/** A passkey, asked for by a button, and what came of it. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { ApiError } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { words } from '../words.ts';

/** Whether this browser knows passkeys at all. */
export const canUsePasskeys = typeof PublicKeyCredential === 'function';

interface Props {
  use: () => Promise<void>;
  kind?: 'first' | 'plain';
  children: ComponentChildren;
}

export function PasskeyButton({ use, kind = 'plain', children }: Props) {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const press = async () => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await use();
    } catch (error) {
      const said = error instanceof ApiError || error instanceof RangeError;
      problem.value = said ? error.message : words.unexpected;
    } finally {
      busy.value = false;
    }
  };
  return (
    <>
      <Button kind={kind} busy={busy.value} onPress={() => void press()}>
        {children}
      </Button>
      <Problem text={problem.value} />
    </>
  );
}
