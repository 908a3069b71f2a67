/** Says in the last minute that the page is about to lock. Whatever somebody does then keeps it open. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import type { Idling } from './idling.ts';
import { words } from './words.ts';

export function IdleWarning({ idling }: { idling: Idling }) {
  const at = idling.locksAt.value;
  return at === null ? null : <Warning at={at} />;
}

function Warning({ at }: { at: number }) {
  const box = useRef<HTMLDivElement>(null);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  // Above every window, and without the focus: whoever types goes on typing.
  useLayoutEffect(() => box.current?.showPopover(), []);
  return (
    <div ref={box} popover="manual" role="alert" class="idle-warning">
      <p>{words.idleWarning}</p>
      {/* Read aloud each second it would say nothing else. */}
      <p class="soft" aria-hidden="true">
        {words.locksIn(Math.max(0, Math.ceil((at - now) / 1_000)))}
      </p>
      {/* As any other press, this one is something that somebody does. */}
      <Button kind="first">{words.stay}</Button>
    </div>
  );
}
