/**
 * A client of clamd (man clamd, COMMANDS). A file is clean only if clamd has had all of it and its whole reply is that
 * it is; whatever else happens is that it could not be scanned.
 */
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { ScanEngine, ScanVerdict } from '../../protocol/scanner.ts';

/** A Unix socket, or a port. */
export type ClamdAddress = { readonly path: string } | { readonly host: string; readonly port: number };
export type Content = AsyncIterable<Uint8Array>;

/** For how long nothing may happen on the way to clamd and back: longer than it scans (MaxScanTime), in milliseconds. */
const longestSilence = 90_000;
/** No honest reply is longer, in characters. */
const longestReply = 4_096;

export class Clamd {
  readonly #address: ClamdAddress;
  readonly #patience: number;

  constructor(address: ClamdAddress, patience = longestSilence) {
    this.#address = address;
    this.#patience = patience;
  }

  /** @throws where there is no clamd that answers */
  async engine(): Promise<ScanEngine> {
    const line = new Line(this.#address, this.#patience);
    line.command('zVERSION');
    return engineIn(await line.reply());
  }

  /** Takes all of the content, also when nobody wants it any more. @throws where the content does */
  async scan(content: Content): Promise<ScanVerdict> {
    const line = new Line(this.#address, this.#patience);
    line.command('zINSTREAM');
    try {
      for await (const chunk of content) if (chunk.byteLength > 0) await line.chunk(chunk);
      const whole = line.end();
      return verdictIn(await line.reply(), whole);
    } catch (error) {
      line.hangUp();
      throw error;
    }
  }
}

/** One command, what belongs to it, and the reply, after which clamd hangs up. */
class Line {
  readonly #socket: Socket;
  readonly #closed: Promise<unknown>;
  #reply = '';

  constructor(address: ClamdAddress, patience: number) {
    const socket = connect({ ...address, timeout: patience });
    this.#socket = socket;
    this.#closed = new Promise((closed) => socket.once('close', closed));
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#reply += text;
      if (this.#reply.length > longestReply) socket.destroy();
    });
    socket.on('timeout', () => socket.destroy());
    // What broke is told by what is missing from the reply.
    socket.on('error', () => undefined);
  }

  command(name: string): void {
    this.#socket.write(`${name}\0`);
  }

  /** A chunk comes behind its length; nothing is sent to a clamd that has hung up or said something already. */
  async chunk(bytes: Uint8Array): Promise<void> {
    // What it has to say comes in first: a connection that breaks under more bytes would lose it.
    await setImmediate();
    if (!this.#listens()) return;
    this.#socket.cork();
    this.#socket.write(u32(bytes.byteLength));
    const hasRoom = this.#socket.write(bytes);
    this.#socket.uncork();
    if (hasRoom) return;
    const drained = new Promise((drain) => this.#socket.once('drain', drain));
    await Promise.race([drained, this.#closed]);
  }

  /** Nothing follows. @returns whether clamd has been listening until now */
  end(): boolean {
    const listens = this.#listens();
    if (listens) this.#socket.write(u32(0));
    return listens;
  }

  /** All that clamd said until it hung up. */
  async reply(): Promise<string> {
    await this.#closed;
    return this.#reply;
  }

  hangUp(): void {
    this.#socket.destroy();
  }

  #listens(): boolean {
    return this.#socket.writable && this.#reply === '';
  }
}

function verdictIn(reply: string, whole: boolean): ScanVerdict {
  if (reply === 'INSTREAM size limit exceeded. ERROR\0') return failed('too_large');
  if (!whole) return failed('engine');
  if (reply === 'stream: OK\0') return { verdict: 'clean' };
  const [, name] = /^stream: ([^\0\r\n]+) FOUND\0$/.exec(reply) ?? [];
  if (name === undefined) return failed('engine');
  // Not what it has found, but what it could not look into (AlertEncrypted, AlertExceedsMax).
  if (name.startsWith('Heuristics.Encrypted.')) return failed('encrypted');
  if (name.startsWith('Heuristics.Limits.Exceeded')) return failed('too_complex');
  return { verdict: 'infected', name };
}

function failed(why: Extract<ScanVerdict, { verdict: 'failed' }>['why']): ScanVerdict {
  return { verdict: 'failed', why };
}

/**
 * `ClamAV 1.4.6/27812/Thu Nov 26 09:31:24 2026`, or less where it has no signatures of ClamAV's own. The time is that
 * of clamd's machine, which is this one or near; what counts is the day.
 */
function engineIn(reply: string): ScanEngine {
  const [, engine, made] = /^(ClamAV [^/\0]+)(?:\/\d+\/([^/\0]+))?\0$/.exec(reply) ?? [];
  if (engine === undefined) throw new Error('clamd does not say what it is');
  const time = Date.parse(made ?? '');
  return { engine, signatures: Number.isNaN(time) ? null : Math.floor(time / 1000) };
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
