/** Where the connection stands, whenever that is anything but well. */
import { useEffect, useState } from 'preact/hooks';
import type { ConnectionState } from '../connection.ts';
import { Button } from './button.tsx';
import './thread.css';
import { words } from './words.ts';

interface Props {
  state: ConnectionState;
  tryNow: () => void;
}

export function Banner({ state, tryNow }: Props) {
  return (
    <div class="banner" role="status">
      {state.is !== 'online' && <span>{saying(state)}</span>}
      {'nextTry' in state && (
        <span>
          {state.nextTry !== null && <Countdown to={state.nextTry} />}{' '}
          {/* It stays while a try is under way: a button that goes takes the focus with it. */}
          <Button small busy={state.nextTry === null} onPress={tryNow}>
            {words.tryNow}
          </Button>
        </span>
      )}
    </div>
  );
}

function saying(state: ConnectionState): string {
  if (state.is === 'online') return '';
  return state.is === 'stopped' ? words.stopped[state.reason] : words[state.is];
}

/** Counts for eyes only: read aloud each second it would drown the chat. */
function Countdown({ to }: { to: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <span aria-hidden="true">{words.nextTry(Math.max(0, Math.ceil((to - now) / 1_000)))}</span>;
}
