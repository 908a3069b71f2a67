/**
 * Rooms that do less than Sotto's. *Bare* sends on what it hears; *coalesced* parses it and sends all of one turn in
 * one frame, which is the runtime's limit in a flood; *naive* seals, stores and sends each message by itself;
 * *party* is partyserver, which stores plain text. None of them asks who is there.
 */
import { DurableObject } from 'cloudflare:workers';
import { getServerByName, Server } from 'partyserver';

type Env = Record<'Bare' | 'Coalesced' | 'Naive' | 'Party', DurableObjectNamespace>;
type Said = { at: number; text: string };

/** How many messages a join of partyserver's room shows, and a page of it has. */
const page = 100;
const table = 'CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY, at INTEGER, body)';

abstract class Room extends DurableObject<Env> {
  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  protected broadcast(frame: string): void {
    for (const socket of this.ctx.getWebSockets()) socket.send(frame);
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close(1000);
  }
}

export class Bare extends Room {
  override webSocketMessage(_: WebSocket, data: string): void {
    this.broadcast(data);
  }
}

export class Coalesced extends Room {
  #said: Said[] = [];

  override webSocketMessage(_: WebSocket, data: string): void {
    if (this.#said.push(JSON.parse(data) as Said) > 1) return;
    setTimeout(() => this.broadcast(JSON.stringify(this.#said.splice(0))));
  }
}

export class Naive extends Room {
  #key: CryptoKey | undefined;

  override async webSocketMessage(_: WebSocket, data: string): Promise<void> {
    const said = JSON.parse(data) as Said;
    const { sql } = this.ctx.storage;
    if (this.#key === undefined) sql.exec(table);
    this.#key ??= await crypto.subtle.importKey('raw', new Uint8Array(32), 'AES-GCM', false, ['encrypt']);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(said.text);
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.#key, text);
    sql.exec('INSERT INTO messages (at, body) VALUES (?, ?)', said.at, sealed);
    this.broadcast(JSON.stringify(said));
  }
}

export class Party extends Server<Env> {
  static override options = { hibernate: true };

  override onStart(): void {
    this.ctx.storage.sql.exec(table);
  }

  override onConnect(connection: WebSocket): void {
    connection.send(this.#before(Number.MAX_SAFE_INTEGER));
  }

  override onMessage(connection: WebSocket, data: string): void {
    if (data.startsWith('before ')) {
      connection.send(this.#before(Number(data.slice(7))));
      return;
    }
    const { at, text } = JSON.parse(data) as Said;
    this.ctx.storage.sql.exec('INSERT INTO messages (at, body) VALUES (?, ?)', at, text);
    this.broadcast(JSON.stringify({ at, text }));
  }

  #before(seq: number): string {
    const query = 'SELECT seq, at, body AS text FROM messages WHERE seq < ? ORDER BY seq DESC LIMIT ?';
    return JSON.stringify(this.ctx.storage.sql.exec(query, seq, page).toArray().reverse());
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [, kind = '', room = ''] = new URL(request.url).pathname.split('/');
    if (kind === 'Party') return (await getServerByName(env.Party as never, room)).fetch(request);
    const namespace = env[kind as keyof Env] as DurableObjectNamespace | undefined;
    if (namespace === undefined) return new Response('here');
    return namespace.getByName(room).fetch(request);
  },
};
