/** A clamd for trying Sotto without ClamAV: it speaks as that does, and knows the EICAR test file alone. */
import { createServer, type Server, type Socket } from 'node:net';
import { EICAR } from './eicar.ts';

/** What clamd takes unless its settings say otherwise, in bytes. */
const streamMaxLength = 100 * 1024 * 1024;

export function demoClamd(most = streamMaxLength): Server {
  return createServer((socket) => {
    const heard = new Heard(socket);
    // Whoever hangs up wants nothing any more.
    socket.on('error', () => undefined);
    replyTo(heard, most)
      .then((reply) => {
        socket.end(`${reply}\0`);
        return heard.rest();
      })
      .catch(() => socket.destroy());
  });
}

async function replyTo(heard: Heard, most: number): Promise<string> {
  const command = (await heard.until(0)).toString();
  if (command === 'zPING') return 'PONG';
  if (command === 'zVERSION') return 'ClamAV demo';
  if (command !== 'zINSTREAM') return 'UNKNOWN COMMAND';
  let size = 0;
  let found = false;
  let end = Buffer.alloc(0);
  for (;;) {
    const length = (await heard.bytes(4)).readUInt32BE();
    if (length === 0) return found ? 'stream: Eicar-Test-Signature FOUND' : 'stream: OK';
    size += length;
    if (size > most) return 'INSTREAM size limit exceeded. ERROR';
    const seen = Buffer.concat([end, await heard.bytes(length)]);
    found ||= seen.includes(EICAR);
    end = Buffer.from(seen.subarray(-EICAR.length));
  }
}

/** What came, in the pieces that it is asked for in. */
class Heard {
  readonly #chunks: AsyncIterator<Buffer>;
  #left = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#chunks = socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  /** What stands before this byte. */
  async until(byte: number): Promise<Buffer> {
    while (!this.#left.includes(byte)) await this.#more();
    const found = this.#take(this.#left.indexOf(byte));
    this.#take(1);
    return found;
  }

  async bytes(length: number): Promise<Buffer> {
    while (this.#left.length < length) await this.#more();
    return this.#take(length);
  }

  /** Until they hang up. */
  async rest(): Promise<never> {
    for (;;) {
      await this.#more();
      this.#take(this.#left.length);
    }
  }

  async #more(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done === true) throw new Error('hung up');
    this.#left = Buffer.concat([this.#left, next.value]);
  }

  #take(length: number): Buffer {
    const taken = this.#left.subarray(0, length);
    this.#left = this.#left.subarray(length);
    return taken;
  }
}
