/** Where the connection stands, whenever that is anything but well. */
import { Component } from 'preact';
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
class Countdown extends Component<{ to: number }> {
  #timer: ReturnType<typeof setInterval> | undefined;

  override componentDidMount(): void {
    this.#timer = setInterval(() => this.forceUpdate(), 1_000);
  }

  override componentWillUnmount(): void {
    clearInterval(this.#timer);
  }

  override render({ to }: { to: number }) {
    const seconds = Math.max(0, Math.ceil((to - Date.now()) / 1_000));
    return <span aria-hidden="true">{words.nextTry(seconds)}</span>;
  }
}
