/**
 * Files on their way into one conversation: two at a time, each part by part, and after a lost connection from where the
 * server says that they stand. They live as long as this page: a browser lets nobody read a file again that was chosen
 * on another.
 */
import { type ReadonlySignal, type Signal, effect, signal } from '@preact/signals-core';
import type { PartAnswer, SentAnswer, UploadAnswer, UploadRequest } from '../../protocol/file-bodies.ts';
import type { RefusalCode } from '../../protocol/refusals.ts';
import { ApiError, type More } from '../api.ts';
import { type PutBytes, putBytes } from '../api/bytes.ts';
import type { ConversationClient } from './conversation.ts';
import { Retrier } from './retrier.ts';
import type { Cancel, Surroundings } from './surroundings.ts';

const atOnce = 2;

/** What an upload asks of the API: requests as whoever is signed in. */
export interface UploadAccess {
  post<Answer>(path: string, body: object): Promise<Answer>;
  delete<Answer>(path: string): Promise<Answer>;
  as<Answer>(ask: (token: string, headers: More) => Promise<Answer>): Promise<Answer>;
}

type Where = Pick<ConversationClient, 'id' | 'messages'>;

interface Wish {
  readonly id: string;
  readonly file: File;
  readonly sensitive: boolean;
}

export type Standing =
  /** For its turn. */
  | { readonly is: 'waiting' }
  /** So many bytes of it have arrived; `lost` while it waits for the connection, or was too fast; the next try is made by itself. */
  | { readonly is: 'sending'; readonly sent: number; readonly lost: boolean }
  /** All of it is there, and is looked at. */
  | { readonly is: 'finishing'; readonly lost: boolean }
  /** It may go better another time. */
  | { readonly is: 'failed'; readonly code: string; readonly detail: string }
  /** Not this file, whenever it is tried. */
  | { readonly is: 'refused'; readonly code: string; readonly detail: string };

/** A file on its way; once it stands in the conversation it is not here any more. */
export type Upload = Wish & { readonly standing: Standing };

/** What is under way of one of them. */
interface Run {
  readonly retrier: Retrier;
  readonly ended: AbortController;
}

type Place = UploadAnswer['upload'];

export class Uploads {
  readonly list: ReadonlySignal<readonly Upload[]>;
  #list: Signal<readonly Upload[]> = signal([]);
  #runs = new Map<string, Run>();
  /** What the server calls those that were begun. */
  #files = new Map<string, string>();
  #path: string;
  #access: UploadAccess;
  #surroundings: Surroundings;
  #put: PutBytes;
  #stop: Cancel;

  constructor(where: Where, access: UploadAccess, surroundings: Surroundings, put: PutBytes = putBytes) {
    this.#path = `/api/v1/conversations/${encodeURIComponent(where.id)}/files`;
    this.#access = access;
    this.#surroundings = surroundings;
    this.#put = put;
    this.list = this.#list;
    this.#stop = effect(() => {
      const arrived = new Set(where.messages.value.map(({ id }) => id));
      for (const { id } of this.#list.value) if (arrived.has(id)) this.#drop(id);
    });
  }

  /** @param sensitive its sender says that not everybody should see it at once */
  add(file: File, sensitive: boolean): void {
    const upload: Upload = { id: this.#surroundings.newId(), file, sensitive, standing: { is: 'waiting' } };
    this.#list.value = [...this.#list.value, upload];
    this.#next();
  }

  /** Tries one again that has failed. */
  retry(id: string): void {
    this.#stand(id, { is: 'waiting' });
    this.#next();
  }

  /** Gives one up, or takes it from the list. */
  cancel(id: string): void {
    this.#giveUp(id);
    this.#drop(id);
  }

  /** Does not wait any longer for the connection. */
  tryNow(): void {
    for (const { retrier } of this.#runs.values()) retrier.tryNow();
  }

  /** Whether leaving this page would end one. */
  underWay(): boolean {
    return this.#list.value.some(({ standing }) => standing.is !== 'refused');
  }

  /** For good: what is under way is given up. */
  end(): void {
    this.#stop();
    for (const { id } of this.#list.value) this.cancel(id);
  }

  #next(): void {
    for (const upload of this.#list.peek()) {
      if (this.#runs.size >= atOnce) return;
      if (upload.standing.is === 'waiting' && !this.#runs.has(upload.id)) void this.#run(upload);
    }
  }

  async #run(upload: Upload): Promise<void> {
    const { id } = upload;
    const run: Run = { retrier: new Retrier(this.#surroundings), ended: new AbortController() };
    this.#runs.set(id, run);
    this.#stand(id, { is: 'sending', sent: 0, lost: false });
    const stop = effect(() => this.#connected(id, !('nextTry' in run.retrier.state.value)));
    try {
      await this.#bring(upload, run);
    } catch (error) {
      if (run.ended.signal.aborted) this.#giveUp(id);
      else this.#stand(id, standingAfter(error));
    }
    stop();
    if (this.#runs.get(id) === run) this.#runs.delete(id);
    this.#next();
  }

  async #bring({ id, file, sensitive }: Wish, { retrier, ended: { signal: ended } }: Run): Promise<void> {
    const wish: UploadRequest = { id, name: file.name, bytes: file.size, sensitive };
    /** Null while nobody knows for certain what has arrived. */
    let place: Place | null = null;
    const step = async (): Promise<boolean> => {
      ended.throwIfAborted();
      const at: Place = place ?? (await this.#begin(wish));
      ended.throwIfAborted();
      const part = missingIn(at);
      if (part === undefined) return false;
      place = null;
      try {
        place = { ...at, stored: await this.#send(id, file, at, part, ended) };
      } catch (error) {
        ended.throwIfAborted();
        // It was finished by a request whose answer was lost.
        if (error instanceof ApiError && error.code === 'already_done') return false;
        throw error;
      }
      return true;
    };
    while (await retrier.run(step));
    this.#stand(id, { is: 'finishing', lost: false });
    await retrier.run(() => {
      ended.throwIfAborted();
      return this.#access.post<SentAnswer>(`${this.#path}/${this.#files.get(id) ?? ''}/finish`, {});
    });
  }

  /** Begins it, or asks where it stands. */
  async #begin(wish: UploadRequest): Promise<Place> {
    const { upload } = await this.#access.post<UploadAnswer>(this.#path, wish);
    this.#files.set(wish.id, upload.file);
    return upload;
  }

  /** Answers which parts have arrived. */
  async #send(
    id: string,
    file: File,
    { file: name, partBytes, stored }: Place,
    part: number,
    ended: AbortSignal,
  ): Promise<number[]> {
    const from = part * partBytes;
    const bytes = await file.slice(from, from + partBytes).arrayBuffer();
    if (bytes.byteLength !== Math.min(partBytes, file.size - from)) throw new Error('the file was changed');
    const before = stored.reduce((sum, each) => sum + Math.min(partBytes, file.size - each * partBytes), 0);
    const moved = (sent: number) => this.#stand(id, { is: 'sending', sent: before + sent, lost: false });
    moved(0);
    const path = `${this.#path}/${name}/parts/${part}`;
    const answer = await this.#access.as((token, headers) =>
      this.#put<PartAnswer>({ path, bytes, token, headers, moved, ended }),
    );
    return answer.stored;
  }

  /** There is no file of it in the conversation, and no more to come. */
  #giveUp(id: string): void {
    const file = this.#files.get(id);
    this.#files.delete(id);
    // Should the server not hear of it, it throws away in a day what it has.
    if (file !== undefined) this.#access.delete(`${this.#path}/${file}`).catch(() => {});
  }

  #connected(id: string, is: boolean): void {
    const standing = this.#list.peek().find((upload) => upload.id === id)?.standing;
    if (standing !== undefined && 'lost' in standing && standing.lost === is)
      this.#stand(id, { ...standing, lost: !is });
  }

  #stand(id: string, standing: Standing): void {
    this.#list.value = this.#list.peek().map((each) => (each.id === id ? { ...each, standing } : each));
  }

  #drop(id: string): void {
    const run = this.#runs.get(id);
    this.#list.value = this.#list.peek().filter((upload) => upload.id !== id);
    run?.ended.abort();
    run?.retrier.tryNow();
  }
}

function missingIn({ parts, stored }: Place): number | undefined {
  return Array.from({ length: parts }, (_, part) => part).find((part) => !stored.includes(part));
}

/** What another try, by hand, may change. */
const passing: readonly string[] = [
  ...(['enough_today', 'no_room', 'file_incomplete', 'not_found'] as const),
  ...(['signed_out', 'place_refused', 'step_up_needed', 'upgrade_needed'] as const),
] satisfies RefusalCode[];

function standingAfter(error: unknown): Standing {
  // The file itself: it was changed, moved or taken out.
  if (!(error instanceof ApiError)) return { is: 'refused', code: 'unreadable', detail: '' };
  const { code, detail } = error;
  return { is: passing.includes(code) ? 'failed' : 'refused', code, detail };
}
