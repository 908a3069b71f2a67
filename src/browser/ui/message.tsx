/** One message in a thread, on its way or arrived. Its text is only ever text. */
import { Button } from './button.tsx';
import { Time } from './time.tsx';
import { words } from './words.ts';

export type Standing =
  | { is: 'arrived' }
  | { is: 'sending'; saying: string }
  | { is: 'failed'; why: string; retry: () => void; discard: () => void };

interface Props {
  name: string;
  mine: boolean;
  at: number;
  text: string;
  standing: Standing;
}

export function Message({ name, mine, at, text, standing }: Props) {
  const classes = ['message', mine && 'mine', standing.is === 'failed' && 'failed'].filter(Boolean).join(' ');
  return (
    <div class={classes}>
      <div class="about">
        <span>{name}</span>
        <Time at={at} />
      </div>
      <div class="text" dir="auto">
        {text}
      </div>
      {standing.is === 'sending' && <div class="about">{standing.saying}</div>}
      {standing.is === 'failed' && (
        <div class="about">
          <span class="why">
            {words.notSent} {standing.why}
          </span>
          <Button small kind="quiet" onPress={standing.retry}>
            {words.retry}
          </Button>
          <Button small kind="quiet" onPress={standing.discard}>
            {words.discard}
          </Button>
        </div>
      )}
    </div>
  );
}
