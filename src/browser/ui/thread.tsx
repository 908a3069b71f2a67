/** A conversation's messages, oldest first, below them what is on its way, and who is writing. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Author, Message as Said } from '../../protocol/frames.ts';
import type { ConnectionState, Earlier, Outgoing } from '../connection.ts';
import { Announcer } from './announcer.tsx';
import { Button } from './button.tsx';
import { Message, type Standing } from './message.tsx';
import { useStickToEnd } from './stick-to-end.ts';
import './thread.css';
import { dayOf, sameDay } from './time.tsx';
import { locale, words } from './words.ts';

/** What one person says within this time stands together under their name. */
const together = 5 * 60_000;

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
  /** The highest number that the other side has read. */
  readUpTo: number;
  /** The names of those who write right now. */
  typing: readonly string[];
  /** Small controls of one message. */
  actions?: (message: Said) => ComponentChildren;
  /** A line that says "New" stands above this number. */
  firstUnread?: number | undefined;
}

export function Thread(props: Props) {
  const { messages, outgoing, isMine, nameOf, earlier, typing } = props;
  const log = useRef<HTMLDivElement>(null);
  // While the reader is further up: the last number that was there when they left the end.
  const [leftAt, setLeftAt] = useState<number | null>(null);
  useStickToEnd(log, {
    first: messages[0]?.seq,
    written: outgoing.at(-1)?.id,
    onAway: (away) => setLeftAt(away ? (messages.at(-1)?.seq ?? 0) : null),
  });
  const missed =
    leftAt === null ? 0 : messages.filter(({ seq, from }) => seq > leftAt && !isMine(from)).length;
  return (
    <div class="thread">
      {/* The announcer alone speaks: a log would read out the history that is being filled in. */}
      <div ref={log} class="log" role="log" aria-label={words.messages} aria-live="off" tabIndex={0}>
        <Edge earlier={earlier} loadOlder={props.loadOlder} />
        {/* One list, so that what arrives stays the element that it was on its way. */}
        {[
          ...messages.flatMap((message, index) => arrived(message, index, props)),
          ...outgoing.map((post) => onItsWay(post, props)),
        ]}
      </div>
      {missed > 0 && (
        <div class="missed">
          <Button
            small
            kind="first"
            onPress={() => {
              log.current?.scrollTo(0, log.current.scrollHeight);
              // This button goes, and would take the focus with it.
              log.current?.focus();
            }}
          >
            {words.newMessages(missed)}
          </Button>
        </div>
      )}
      <p class="typing soft">
        {typing.length > 0 && words.writing(new Intl.ListFormat(locale).format(typing), typing.length)}
      </p>
      <Announcer messages={messages} settled={earlier !== 'unknown'} isMine={isMine} nameOf={nameOf} />
    </div>
  );
}

function Edge({ earlier, loadOlder }: Pick<Props, 'earlier' | 'loadOlder'>) {
  return (
    <div class="edge soft">
      {(earlier === 'more' || earlier === 'loading') && (
        // It stays focusable while it works: a button that is switched off drops the focus.
        <Button small kind="quiet" busy={earlier === 'loading'} onPress={loadOlder}>
          {earlier === 'loading' ? words.loadingEarlier : words.earlier}
        </Button>
      )}
      {earlier === 'beginning' && words.beginning}
    </div>
  );
}

function arrived(message: Said, index: number, props: Props): ComponentChildren[] {
  const { messages, isMine, nameOf, readUpTo, firstUnread, actions } = props;
  const { seq, n, at, from, kind, removed } = message;
  const before = messages[index - 1];
  const after = messages[index + 1];
  const newDay = before === undefined || !sameDay(before.at, at);
  const fresh = seq === firstUnread && n === undefined;
  const mine = isMine(from);
  const read = seq <= readUpTo;
  return [
    newDay && (
      <p key={`day ${seq}.${n ?? ''}`} class="line">
        {dayOf(at)}
      </p>
    ),
    fresh && (
      <p key="new" class="line fresh">
        {words.fresh}
      </p>
    ),
    <Message
      // An id is unique among one author's messages only.
      key={mine ? message.id : `${seq}.${n ?? ''}`}
      name={mine ? words.you : nameOf(from)}
      mine={mine}
      note={kind === 'note'}
      markup={from.kind === 'staff'}
      at={at}
      text={message.text}
      instead={removed === undefined ? unreadable(message) : words[removed.how]}
      standing={
        mine && kind === 'text' ? { is: 'told', saying: read ? words.read : words.sent } : { is: 'arrived' }
      }
      follows={!newDay && !fresh && belong(before, message)}
      followed={after !== undefined && belong(message, after) && read === after.seq <= readUpTo}
      actions={removed === undefined && actions?.(message)}
    />,
  ];
}

function belong(one: Said, next: Said): boolean {
  return one.from.id === next.from.id && one.kind === next.kind && next.at - one.at < together;
}

/** A newer version may send what this one does not know. */
function unreadable({ text }: { text: unknown }): string | undefined {
  return typeof text === 'string' ? undefined : words.unreadable;
}

function onItsWay(post: Outgoing, props: Props): ComponentChildren {
  return (
    <Message
      key={post.id}
      name={words.you}
      mine
      note={post.kind === 'note'}
      markup={false}
      at={post.at}
      text={post.text}
      standing={standingOf(post, props)}
      follows={false}
      followed={false}
    />
  );
}

function standingOf(post: Outgoing, { connection, retry, discard }: Props): Standing {
  if (post.state === 'failed') {
    return {
      is: 'failed',
      why: words.why[post.code] ?? post.detail,
      retry: () => retry(post.id),
      discard: () => discard(post.id),
    };
  }
  if (connection.is === 'online') return { is: 'told', saying: words.sending };
  return { is: 'told', saying: connection.is === 'stopped' ? words.notSent : words.waitingToSend };
}
