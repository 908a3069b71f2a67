/** A customer without a browser: what a story needs many of, over the real wire. */
import { Client } from '../../src/tools/demo/client.ts';
import type { BeginAnswer, BeginRequest, TicketAnswer } from '../../src/protocol/bodies.ts';
import type { SentAnswer, UploadAnswer } from '../../src/protocol/file-bodies.ts';
import type { VisitorSession } from '../../src/protocol/visitors.ts';
import type { ServerFrame } from '../../src/protocol/frames.ts';

export class OutsideCustomer {
  readonly #client: Client;
  readonly #origin: string;
  readonly #access: string;

  /** Who has this token, as their browser sent it. */
  static as(origin: string, authorization: string): OutsideCustomer {
    return new OutsideCustomer(origin, authorization.replace('Bearer ', ''));
  }

  private constructor(origin: string, access: string, client = new Client(origin)) {
    this.#origin = origin;
    this.#client = client;
    this.#access = access;
  }

  /** @param network the address that they write from, where more come than one network may send */
  static async on(origin: string, site: string, network?: string): Promise<OutsideCustomer> {
    const headers = network === undefined ? {} : { 'cf-connecting-ip': network };
    const client = new Client(origin, origin, headers);
    const { access } = await client.post<VisitorSession>(`/sites/${site}/visitor`, {});
    return new OutsideCustomer(origin, access, client);
  }

  /** Begins a conversation and gives its id. */
  async begin(text: string, more: Omit<BeginRequest, 'id' | 'text'> = {}): Promise<string> {
    const body = { id: crypto.randomUUID(), text, ...more };
    const answer = await this.#client.post<BeginAnswer>('/conversations', body, this.#access);
    return answer.conversation.id;
  }

  /** Sends a file that fits into one part. */
  async send(conversation: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const path = `/conversations/${conversation}/files`;
    const wish = { id: crypto.randomUUID(), name, bytes: bytes.length, sensitive: false };
    const { upload } = await this.#client.post<UploadAnswer>(path, wish, this.#access);
    const part = await fetch(`${this.#origin}/api/v1${path}/${upload.file}/parts/0`, {
      method: 'PUT',
      headers: {
        ...{ origin: this.#origin, 'content-type': 'application/octet-stream' },
        authorization: `Bearer ${this.#access}`,
      },
      body: bytes,
    });
    if (!part.ok) throw new Error(`the part was refused: ${await part.text()}`);
    await this.#client.post<SentAnswer>(`${path}/${upload.file}/finish`, {}, this.#access);
  }

  async rate(conversation: string, comment: string): Promise<void> {
    await this.#client.put(`/conversations/${conversation}/rating`, { score: 1, comment }, this.#access);
  }

  /** Says these things in this order and returns once all have come back with their numbers. */
  async say(conversation: string, texts: readonly string[], kind: 'text' | 'note' = 'text'): Promise<void> {
    const path = `/conversations/${conversation}`;
    const { ticket } = await this.#client.post<TicketAnswer>(`${path}/tickets`, {}, this.#access);
    const address = `${this.#origin.replace('http', 'ws')}/api/v1${path}/socket`;
    const socket = new WebSocket(address, ['sotto.v1', `ticket.${ticket}`]);
    const left = new Map(texts.map((text) => [crypto.randomUUID() as string, text]));
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('close', ({ code }) => {
        reject(new Error(`closed with ${code}`));
      });
      socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
        const frame = JSON.parse(data) as ServerFrame;
        if (frame.type === 'refused') reject(new Error(`${frame.code}: ${frame.detail}`));
        if (frame.type === 'welcome') {
          for (const [id, text] of left)
            socket.send(JSON.stringify({ type: 'post', posts: [{ id, since: frame.head, kind, text }] }));
        }
        if (frame.type === 'messages') for (const { id } of frame.messages) left.delete(id);
        if (left.size === 0) resolve();
      });
    });
    socket.close();
  }
}
