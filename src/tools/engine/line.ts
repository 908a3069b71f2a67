import { once } from 'node:events';
import { WebSocket } from 'ws';
import { subprotocol } from '../../protocol/frames.ts';

/** A socket into a room, as a machine client opens it. */
export class Line {
  readonly socket: WebSocket;
  #early: string[] | undefined = [];
  #hears: (frame: string) => void = (frame) => this.#early?.push(frame);
  /** The close code, once it is closed. */
  ended: number | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.#hears((data as Buffer).toString()));
    socket.on('close', (code) => (this.ended = code));
    // What goes wrong is seen by its close.
    socket.on('error', () => undefined);
  }

  /** @throws when it could not be opened */
  static async open(url: URL, path: string, protocols: readonly string[] = []): Promise<Line> {
    const address = new URL(path, url);
    address.protocol = 'ws:';
    const line = new Line(new WebSocket(address, [...protocols], { perMessageDeflate: false }));
    await once(line.socket, 'open');
    return line;
  }

  /** Hears every frame, those too that came with the opening. */
  set hears(hears: (frame: string) => void) {
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#hears = hears;
    for (const frame of early) hears(frame);
  }

  say(frame: string): void {
    this.socket.send(frame);
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, 'close');
    this.socket.close(1000);
    await closed;
  }
}

/** What a ticket's holder offers at the upgrade. */
export function offering(ticket: string): string[] {
  return [subprotocol, `ticket.${ticket}`];
}
