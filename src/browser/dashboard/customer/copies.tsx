/** The part of the panel in which a copy of everything about the customer is made. It comes when somebody asks for it. */
import { useSignal } from '@preact/signals';
import { Button } from '../../ui/button.tsx';
import type { Here } from '../conversation/doing.ts';
import { lazy } from '../lazy.tsx';
import { words } from './words.ts';

const Making = lazy(async () => (await import('../copies/copies.tsx')).CopiesAlone);

export function Copies({ here: { desk }, visitor }: { here: Here; visitor: string }) {
  const open = useSignal(false);
  if (open.value) return <Making api={desk.api} visitor={visitor} />;
  return (
    <div>
      <Button
        small
        onPress={() => {
          open.value = true;
        }}
      >
        {words.copy}
      </Button>
    </div>
  );
}
