/** A conversation's messages, oldest first, below them what is on its way, and who is writing. */
import { Component, type ComponentChildren, type ComponentType, createRef } from 'preact';
import type { Author, Message as Said } from '../../protocol/frames.ts';
import type { ConnectionState, Earlier, Outgoing } from '../connection.ts';
import { type Aloud, Announcer } from './announcer.tsx';
import { Button } from './button.tsx';
import { Message, type Standing } from './message.tsx';
import { StickToEnd } from './stick-to-end.ts';
import './thread.css';
import { dayOf, sameDay } from './time.tsx';
import { locale, words } from './words.ts';

/** What one person says within this time stands together under their name. */
const together = 5 * 60_000;

/** How a text is shown: as it was sent, or with what its marks mean, which are more where staff wrote it. */
export type TextView = ComponentType<{ text: string; markup: boolean }>;
/** How a file is shown. */
export type FileMessage = ComponentType<{ message: Said }>;

interface Props {
  messages: readonly Said[];
  outgoing: readonly Outgoing[];
  Text: TextView;
  /** Undefined until it has come. */
  File: FileMessage | undefined;
  /** What was said as it is read aloud. */
  aloud: Aloud;
  isMine: (author: Author) => boolean;
  nameOf: (author: Author) => string;
  connection: ConnectionState;
  earlier: Earlier;
  loadOlder: () => void;
  retry: (id: string) => void;
  discard: (id: string) => void;
  /** The highest number that the other side has read. */
  readUpTo: number;
  /** See `writing`. */
  typing: ComponentChildren;
  /** Small controls of one message. While it is the same function, messages that are the same are not drawn anew. */
  actions?: ((message: Said) => ComponentChildren) | undefined;
  /** The reader has left the end, or come back to it. */
  onAway?: (away: boolean) => void;
  /** A line that says "New" stands above this number. */
  firstUnread?: number | undefined;
}

interface State {
  /** While the reader is further up: the last number that was there when they left the end. */
  leftAt: number | null;
}

export class Thread extends Component<Props, State> {
  override state: State = { leftAt: null };
  #log = createRef<HTMLDivElement>();
  #end: StickToEnd | null = null;

  override componentDidMount(): void {
    if (this.#log.current === null) return;
    this.#end = new StickToEnd(this.#log.current, endsOf(this.props), (away) => {
      this.setState({ leftAt: away ? (this.props.messages.at(-1)?.seq ?? 0) : null });
      this.props.onAway?.(away);
    });
  }

  override componentDidUpdate(): void {
    this.#end?.drawn(endsOf(this.props));
  }

  override componentWillUnmount(): void {
    this.#end?.end();
  }

  override render(props: Props, { leftAt }: State): ComponentChildren {
    const { messages, outgoing, isMine, nameOf, earlier, typing } = props;
    const missed =
      leftAt === null ? 0 : messages.filter(({ seq, from }) => seq > leftAt && !isMine(from)).length;
    return (
      <div class="thread">
        {/* The announcer alone speaks: a log would read out the history that is being filled in. */}
        <div ref={this.#log} class="log" role="log" aria-label={words.messages} aria-live="off" tabIndex={0}>
          <Edge earlier={earlier} loadOlder={props.loadOlder} />
          {/* One list, so that what arrives stays the element that it was on its way. */}
          {[
            ...messages.flatMap((message, index) => arrived(message, index, props)),
            ...outgoing.map((post) => onItsWay(post, props)),
          ]}
        </div>
        {missed > 0 && (
          <div class="missed">
            <Button small kind="first" onPress={() => this.#toEnd()}>
              {words.newMessages(missed)}
            </Button>
          </div>
        )}
        <div class="typing soft">{typing}</div>
        <Announcer
          messages={messages}
          outgoing={outgoing}
          settled={earlier !== 'unknown'}
          isMine={isMine}
          nameOf={nameOf}
          aloud={props.aloud}
        />
      </div>
    );
  }

  #toEnd(): void {
    const log = this.#log.current;
    log?.scrollTo(0, log.scrollHeight);
    // The button goes, and would take the focus with it.
    log?.focus();
  }
}

function endsOf({ messages, outgoing }: Props) {
  return { first: messages[0]?.seq, written: outgoing.at(-1)?.id };
}

/** Says who writes right now. */
export function writing(names: readonly string[]): string {
  return names.length === 0 ? '' : words.writing(new Intl.ListFormat(locale).format(names), names.length);
}

interface KeptProps {
  draw: (...of: never[]) => ComponentChildren;
  of: readonly unknown[];
}

/**
 * A thread may hold thousands of messages: only what is different is drawn anew. Not by `useMemo`: what that keeps
 * holds on to all that was drawn at the same time.
 */
class Kept extends Component<KeptProps> {
  override shouldComponentUpdate({ draw, of }: KeptProps): boolean {
    return draw !== this.props.draw || of.some((thing, index) => thing !== this.props.of[index]);
  }

  override render({ draw, of }: KeptProps): ComponentChildren {
    return draw(...(of as never[]));
  }
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
  const { messages, Text, File, isMine, nameOf, readUpTo, firstUnread, actions } = props;
  const { seq, n, at, from } = message;
  const before = messages[index - 1];
  const after = messages[index + 1];
  const newDay = before === undefined || !sameDay(before.at, at);
  const fresh = seq === firstUnread && n === undefined;
  const mine = isMine(from);
  const name = mine ? words.you : nameOf(from);
  const read = seq <= readUpTo;
  const follows = !newDay && !fresh && belong(before, message);
  const followed = after !== undefined && belong(message, after) && read === after.seq <= readUpTo;
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
    <Kept
      // An id is unique among one author's messages only.
      key={mine ? message.id : `${seq}.${n ?? ''}`}
      draw={drawArrived}
      of={[message, Text, File, name, mine, read, follows, followed, actions]}
    />,
  ];
}

function drawArrived(
  message: Said,
  Text: TextView,
  File: FileMessage | undefined,
  name: string,
  mine: boolean,
  read: boolean,
  follows: boolean,
  followed: boolean,
  actions: Props['actions'],
): ComponentChildren {
  const { at, from, kind, text, file, removed } = message;
  return (
    <Message
      name={name}
      mine={mine}
      note={kind === 'note'}
      at={at}
      instead={removed === undefined ? unreadable(message) : words[removed.how]}
      standing={
        mine && kind !== 'note' ? { is: 'told', saying: read ? words.read : words.sent } : { is: 'arrived' }
      }
      follows={follows}
      followed={followed}
      actions={removed === undefined && actions?.(message)}
    >
      {file ? File && <File message={message} /> : <Text text={text} markup={from.kind === 'staff'} />}
    </Message>
  );
}

function belong(one: Said, next: Said): boolean {
  return one.from.id === next.from.id && one.kind === next.kind && next.at - one.at < together;
}

/** A newer version may send what this one does not know. */
function unreadable({ text }: { text: unknown }): string | undefined {
  return typeof text === 'string' ? undefined : words.unreadable;
}

function onItsWay(post: Outgoing, { Text, connection, retry, discard }: Props): ComponentChildren {
  // As what it becomes, so that its element stays.
  return <Kept key={post.id} draw={drawOnItsWay} of={[post, Text, connection.is, retry, discard]} />;
}

type Do = (id: string) => void;

function drawOnItsWay(
  post: Outgoing,
  Text: TextView,
  connection: ConnectionState['is'],
  retry: Do,
  discard: Do,
): ComponentChildren {
  return (
    <Message
      name={words.you}
      mine
      note={post.kind === 'note'}
      at={post.at}
      standing={standingOf(post, connection, retry, discard)}
      follows={false}
      followed={false}
    >
      <Text text={post.text} markup={false} />
    </Message>
  );
}

function standingOf(post: Outgoing, connection: ConnectionState['is'], retry: Do, discard: Do): Standing {
  if (post.state === 'failed') {
    return {
      is: 'failed',
      why: words.why[post.code] ?? post.detail,
      retry: () => retry(post.id),
      discard: () => discard(post.id),
    };
  }
  if (connection === 'online') return { is: 'told', saying: words.sending };
  return { is: 'told', saying: connection === 'stopped' ? words.notSent : words.waitingToSend };
}
