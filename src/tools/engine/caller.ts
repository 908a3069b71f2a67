import { randomUUID } from 'node:crypto';
import type { BeginAnswer, TicketAnswer } from '../../protocol/bodies.ts';
import type { Client } from '../demo/client.ts';
import { Line, offering } from './line.ts';

/** What either kind of session says. */
export interface Session {
  readonly access: string;
  /** Unix milliseconds of the server's clock: when the access token ends, and when it was given. */
  readonly expires: number;
  readonly now: number;
}

/** Somebody who is signed in, staff or visitor, and stays it: an access token is renewed in time. */
export class Caller {
  readonly id: string;
  readonly #url: URL;
  readonly #client: Client;
  readonly #renewal: string;
  #session: Session;
  #renewAt = 0;

  /** @param renewal the path that gives another access token for the client's cookie */
  constructor(url: URL, client: Client, id: string, session: Session, renewal: string) {
    this.id = id;
    this.#url = url;
    this.#client = client;
    this.#renewal = renewal;
    this.#session = session;
    this.#plan();
  }

  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    if (Date.now() >= this.#renewAt) {
      this.#session = await this.#client.post<Session>(this.#renewal, {});
      this.#plan();
    }
    return this.#client.post<Answer>(path, body, this.#session.access);
  }

  /** Begins a conversation, as visitors do. @returns its path */
  async begin(text: string): Promise<string> {
    const { conversation } = await this.post<BeginAnswer>('/conversations', { id: randomUUID(), text });
    return `/conversations/${conversation.id}`;
  }

  async ticket(room: string): Promise<string> {
    return (await this.post<TicketAnswer>(`${room}/tickets`, {})).ticket;
  }

  /** @param room its path below `/api/v1`, such as `/conversations/cnv_…` */
  async join(room: string, query = ''): Promise<Line> {
    return Line.open(this.#url, `/api/v1${room}/socket${query}`, offering(await this.ticket(room)));
  }

  #plan(): void {
    const { expires, now } = this.#session;
    this.#renewAt = Date.now() + (expires - now) * 0.8;
  }
}
