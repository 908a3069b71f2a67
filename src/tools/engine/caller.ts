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
  readonly #renewal: () => Promise<Session>;
  #session: Session;
  #renewAt = 0;
  #renewing: Promise<void> | undefined;

  /** @param renewal asks for another access token */
  constructor(url: URL, client: Client, id: string, session: Session, renewal: () => Promise<Session>) {
    this.id = id;
    this.#url = url;
    this.#client = client;
    this.#renewal = renewal;
    this.#session = session;
    this.#plan();
  }

  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#client.post<Answer>(path, body, await this.access());
  }

  async get<Answer>(path: string): Promise<Answer> {
    return this.#client.get<Answer>(path, await this.access());
  }

  /** A token that is good for a while yet. */
  async access(): Promise<string> {
    if (Date.now() >= this.#renewAt) await (this.#renewing ??= this.#renew());
    return this.#session.access;
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
    return this.enter(room, await this.ticket(room), query);
  }

  /** With a ticket that is there already. */
  enter(room: string, ticket: string, query = ''): Promise<Line> {
    return Line.open(this.#url, `/api/v1${room}/socket${query}`, offering(ticket));
  }

  /** Once for all who ask meanwhile: what renews is used up by it. */
  async #renew(): Promise<void> {
    try {
      this.#session = await this.#renewal();
      this.#plan();
    } finally {
      this.#renewing = undefined;
    }
  }

  #plan(): void {
    const { expires, now } = this.#session;
    this.#renewAt = Date.now() + (expires - now) * 0.8;
  }
}
