/** One message in a thread, on its way or arrived. Its text is only ever text. */
import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { Hour } from './time.tsx';
import { words } from './words.ts';

export type Standing =
  | { is: 'arrived' }
  /** Mine, and where it is: on its way, sent, read. */
  | { is: 'told'; saying: string }
  | { is: 'failed'; why: string; retry: () => void; discard: () => void };

interface Props {
  name: string;
  mine: boolean;
  note: boolean;
  at: number;
  /** What was said. */
  children: ComponentChildren;
  /** What stands in the place of a text that is gone, or can not be shown. */
  instead?: string | undefined;
  standing: Standing;
  /** The one before it is of the same person and moment, and has said their name. */
  follows: boolean;
  /** The next one says the same of itself. */
  followed: boolean;
  actions?: ComponentChildren;
}

export function Message(props: Props) {
  const { name, mine, note, at, children, instead, standing, follows, followed, actions } = props;
  const classes = ['message', mine && 'mine', note && 'note', follows && 'follows', standing.is]
    .filter(Boolean)
    .join(' ');
  const nameless = (mine || follows) && !note;
  return (
    <article class={classes}>
      <div class={nameless ? 'unseen' : 'about'}>
        <span class="name">{name}</span>
        {note && <span class="kind">{words.note}</span>}
        {!mine && <Hour at={at} />}
      </div>
      <div class={instead === undefined ? 'text' : 'text instead'} dir="auto">
        {instead ?? children}
      </div>
      {mine && (
        <div class={followed ? 'unseen' : 'about'}>
          <Hour at={at} />
          {standing.is === 'told' && <span>{standing.saying}</span>}
          {standing.is === 'failed' && <Failed {...standing} />}
        </div>
      )}
      {actions}
    </article>
  );
}

function Failed({ why, retry, discard }: Standing & { is: 'failed' }) {
  return (
    <>
      <span class="why">
        {words.notSent} {why}
      </span>
      <Button small kind="quiet" onPress={retry}>
        {words.retry}
      </Button>
      <Button small kind="quiet" onPress={discard}>
        {words.discard}
      </Button>
    </>
  );
}
