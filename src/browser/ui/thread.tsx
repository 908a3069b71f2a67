/** A conversation's messages, oldest first, and below them what is on its way. */
import { useRef } from 'preact/hooks';
import type { Author, Message as Said } from '../../protocol/frames.ts';
import type { ConnectionState, Earlier, Outgoing } from '../connection.ts';
import { Button } from './button.tsx';
import { Message, type Standing } from './message.tsx';
import { useStickToEnd } from './stick-to-end.ts';
import './thread.css';
import { words } from './words.ts';

interface Props {
  messages: readonly Said[];
  outgoing: readonly Outgoing[];
  isMine: (author: Author) => boolean;
  nameOf: (author: Author) => string;
  connection: ConnectionState;
  earlier: Earlier;
  loadOlder: () => void;
  retry: (id: string) => void;
  discard: (id: string) => void;
}

export function Thread(props: Props) {
  const { messages, outgoing, isMine, nameOf, earlier } = props;
  const log = useRef<HTMLDivElement>(null);
  useStickToEnd(log, messages[0]?.seq, outgoing.at(-1)?.id);
  return (
    // A reader of the screen hears what is new, not the history that is being filled in.
    <div
      ref={log}
      class="thread"
      role="log"
      aria-label={words.messages}
      aria-live="polite"
      aria-busy={earlier === 'unknown' || earlier === 'loading'}
      tabIndex={0}
    >
      <Edge earlier={earlier} loadOlder={props.loadOlder} />
      {messages.map((message) => (
        <Message
          key={message.id}
          name={isMine(message.from) ? words.you : nameOf(message.from)}
          mine={isMine(message.from)}
          at={message.at}
          text={typeof message.text === 'string' ? message.text : words.unreadable}
          standing={{ is: 'arrived' }}
        />
      ))}
      {outgoing.map((post) => (
        <Message
          key={post.id}
          name={words.you}
          mine
          at={post.at}
          text={post.text}
          standing={standingOf(post, props)}
        />
      ))}
    </div>
  );
}

function Edge({ earlier, loadOlder }: Pick<Props, 'earlier' | 'loadOlder'>) {
  return (
    <div class="edge soft">
      {(earlier === 'more' || earlier === 'loading') && (
        <Button small kind="quiet" disabled={earlier === 'loading'} onPress={loadOlder}>
          {earlier === 'loading' ? words.loadingEarlier : words.earlier}
        </Button>
      )}
      {earlier === 'beginning' && words.beginning}
    </div>
  );
}

function standingOf(post: Outgoing, { connection, retry, discard }: Props): Standing {
  if (post.state === 'failed') {
    return { is: 'failed', why: post.detail, retry: () => retry(post.id), discard: () => discard(post.id) };
  }
  if (connection.is === 'online') return { is: 'sending', saying: words.sending };
  return { is: 'sending', saying: connection.is === 'stopped' ? words.notSent : words.waitingToSend };
}
