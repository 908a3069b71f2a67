/** What staff do to a conversation over HTTP. The change itself comes back over the sockets, to everybody at once. */
import type { EarlierAnswer, HandOver } from '../../protocol/bodies.ts';
import type { FilesAnswer } from '../../protocol/file-bodies.ts';
import type { Message, Removed } from '../../protocol/frames.ts';
import type { RestrictionAnswer } from '../../protocol/privacy.ts';
import type { StaffSignedIn } from '../api.ts';
import { type As, openFile } from '../ui/files/open.ts';
import type { Surroundings } from '../connection.ts';

export type Act = 'claim' | 'close' | 'reopen';
type Api = Pick<StaffSignedIn<never>, 'get' | 'post' | 'put' | 'patch'>;

export class Acts {
  #api: Api;
  #surroundings: Pick<Surroundings, 'newId'>;

  constructor(api: Api, surroundings: Pick<Surroundings, 'newId'>) {
    this.#api = api;
    this.#surroundings = surroundings;
  }

  async do(conversation: string, act: Act): Promise<void> {
    await this.#api.post(at(conversation, act), {});
  }

  /**
   * To a person or a team; the note for them is stored in the same commit, and a customer never sees it. Its id makes
   * a repeated hand-over known as the same.
   */
  async handOver(conversation: string, to: HandOver['to'], note?: HandOver['note']): Promise<void> {
    const body: HandOver = { to, ...(note === undefined ? {} : { note }) };
    await this.#api.post(at(conversation, 'hand-over'), body);
  }

  newNoteId(): string {
    return this.#surroundings.newId();
  }

  /** Until a time of the server; null takes it up again. */
  async snooze(conversation: string, until: number | null): Promise<void> {
    await this.#api.post(at(conversation, 'snooze'), { until });
  }

  async setTags(conversation: string, tags: readonly string[]): Promise<void> {
    await this.#api.put(at(conversation, 'tags'), { tags });
  }

  ban<Answer>(conversation: string, wish: object): Promise<Answer> {
    return this.#api.post<Answer>(at(conversation, 'bans'), wish);
  }

  async changeCustomer(
    conversation: string,
    change: { name?: string | null; address?: string | null },
  ): Promise<void> {
    await this.#api.patch(at(conversation, 'customer'), change);
  }

  async remove(
    conversation: string,
    { seq, n }: Pick<Message, 'seq' | 'n'>,
    how: Removed['how'],
  ): Promise<void> {
    await this.#api.post(at(conversation, 'removals'), { seq, ...(n === undefined ? {} : { n }), how });
  }

  /** A legal hold begins for a reason, or ends. */
  async hold(conversation: string, reason: string | null): Promise<void> {
    await this.#api.put(at(conversation, 'hold'), { reason });
  }

  /** Whether the data of a conversation's customer are restricted. */
  restriction(conversation: string): Promise<RestrictionAnswer> {
    return this.#api.get<RestrictionAnswer>(restrictionAt(conversation));
  }

  async restrict(conversation: string, on: boolean, reason: string): Promise<void> {
    await this.#api.put(restrictionAt(conversation), { on, reason });
  }

  /** To its customer, encrypted to this OpenPGP key; or to whoever asks, to that of the `organisation`. */
  async mailTranscript(conversation: string, openpgp: string): Promise<void> {
    await this.#api.post(at(conversation, 'transcripts'), { openpgp });
  }

  /** The newest first. */
  async files(conversation: string): Promise<FilesAnswer['files']> {
    return (await this.#api.get<FilesAnswer>(at(conversation, 'files'))).files.toReversed();
  }

  /** Answers where this browser can load the file from, for a while. */
  openFile(conversation: string, file: string, how: { as: As; reason?: string }): Promise<string> {
    return openFile(this.#api, conversation, file, how);
  }

  async releaseFile(conversation: string, file: string, reason: string): Promise<void> {
    await this.#api.post(at(conversation, `files/${file}/release`), { reason });
  }

  /** The same customer's other conversations, newest first. */
  async earlier(conversation: string): Promise<EarlierAnswer['conversations']> {
    return (await this.#api.get<EarlierAnswer>(at(conversation, 'earlier'))).conversations;
  }
}

function at(conversation: string, what: string): string {
  return `/api/v1/conversations/${encodeURIComponent(conversation)}/${what}`;
}

function restrictionAt(conversation: string): string {
  return `/api/v1/visitors/${encodeURIComponent(conversation)}/restriction`;
}
