/**
 * Says what is new to those who listen, each message once: not the history, and of what they wrote themselves only
 * that it could not be sent.
 */
import { Component } from 'preact';
import type { Author, Message } from '../../protocol/frames.ts';
import type { Outgoing } from '../connection.ts';
import { newsAfter, type Place } from './news.ts';
import { words } from './words.ts';

/** More than these at once are only counted, and of a long one only the beginning is read. */
const mostSaid = 3;
const mostCharacters = 300;
/** Said once, it goes: whoever reads on below the thread would meet the same message again. */
const stays = 5_000;

/** What somebody of this name has said, as it is read aloud. */
export type Aloud = (message: Message, name: string) => string | Promise<string>;

interface Props {
  messages: readonly Message[];
  outgoing: readonly Outgoing[];
  /** False while the history is still on its way. */
  settled: boolean;
  isMine: (author: Author) => boolean;
  nameOf: (author: Author) => string;
  aloud: Aloud;
}

export class Announcer extends Component<Props, { times: number; text: string }> {
  override state = { times: 0, text: '' };
  #heard: Place | null = null;
  /** What has failed before this was opened is there to be read. */
  #failed: ReadonlySet<string> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override componentDidMount(): void {
    this.#hear();
    this.#look();
  }

  override componentDidUpdate({ messages, settled, outgoing }: Props): void {
    if (messages !== this.props.messages || settled !== this.props.settled) this.#hear();
    if (outgoing !== this.props.outgoing) this.#look();
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#timer);
  }

  override render(_: Props, { times, text }: { times: number; text: string }) {
    return (
      <div class="unseen" aria-live="polite">
        {/* A new element each time: the same words twice are two messages. */}
        {text !== '' && <p key={times}>{text}</p>}
      </div>
    );
  }

  #hear(): void {
    const { messages, settled, isMine, nameOf, aloud } = this.props;
    const news = this.#heard === null ? [] : newsAfter(this.#heard, messages);
    this.#heard = settled ? (messages.at(-1) ?? { seq: 0 }) : null;
    const others = news.filter(({ from, removed }) => !isMine(from) && removed === undefined);
    if (!settled || others.length === 0) return;
    const line = async (message: Message) =>
      (await aloud(message, nameOf(message.from))).slice(0, mostCharacters);
    if (others.length > mostSaid) this.#say(words.newMessages(others.length));
    else void Promise.all(others.map(line)).then((lines) => this.#say(lines.join('\n')));
  }

  #look(): void {
    const known = this.#failed;
    const now = this.props.outgoing.filter((post) => post.state === 'failed');
    this.#failed = new Set(now.map(({ id }) => id));
    const [first] = now.filter(({ id }) => known?.has(id) === false);
    if (first !== undefined) this.#say(`${words.notSent} ${words.why[first.code] ?? first.detail}`);
  }

  #say(text: string): void {
    this.setState(({ times }) => ({ times: times + 1, text }));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.setState({ text: '' }), stays);
  }
}
