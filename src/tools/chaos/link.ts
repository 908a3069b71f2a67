/** A line into a room that always comes back, and all that can befall a line between two machines. */
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { ApiRefusal } from '../demo/client.ts';
import type { Caller } from '../engine/caller.ts';
import { offering } from '../engine/line.ts';
import { ping, pong } from '../../protocol/frames.ts';
import type { Random } from './random.ts';
import type { Server } from './server.ts';

const HANDSHAKE_MS = 10_000;
/** Whoever was told goodbye does not wait for long until the other side has gone. */
const CLOSING_MS = 1_000;
/** So often is looked whether anything was heard: first a sign of life is asked for, at the third time the line let go of. */
const QUIET_MS = 3_000;
/** Before it comes back, in milliseconds. */
const PAUSE = { least: 10, most: 250 };
/** Codes that no honest client is ever closed with. */
const NEVER = [4400, 4403, 4404, 4410, 4426];

export interface Errand {
  /** What to ask for when coming back, such as `?after=7`. */
  query(): string;
  /** Somebody answers; nothing has been said yet. */
  opened(): void;
  heard(frame: string): void;
  lost(): void;
  /** Nothing comes any more, though nobody has closed the line. */
  silent(): void;
  /** Something happened that never should. */
  complain(what: string): void;
}

export class Link {
  /** The server's life in which the line was opened. */
  life = 0;
  readonly #server: Server;
  readonly #caller: Caller;
  readonly #room: string;
  readonly #errand: Errand;
  readonly #random: Random;
  #socket: WebSocket | undefined;
  #left = false;
  /** Half open: the other side is not reached any more, and does not know it. */
  #isMute = false;
  /** When the last frame left that was held up, so that none overtakes it. */
  #freeAt = 0;

  constructor(server: Server, caller: Caller, room: string, random: Random, errand: Errand) {
    this.#server = server;
    this.#caller = caller;
    this.#room = room;
    this.#random = random;
    this.#errand = errand;
  }

  /** Comes, and comes back until it is left. */
  async stay(): Promise<void> {
    while (!this.#left) {
      try {
        await this.#sit(await this.#caller.ticket(this.#room));
      } catch (error) {
        // Whoever was signed out signs in again, if need be with the next code.
        const isNo = error instanceof ApiRefusal && error.status < 429 && error.status !== 401;
        if (isNo) this.#errand.complain(error.message);
      }
      this.#errand.lost();
      await wait(this.#random.from(PAUSE.least, PAUSE.most));
    }
  }

  leave(): void {
    this.#left = true;
    this.#socket?.terminate();
  }

  say(frame: object, heldUpMs = 0): void {
    const socket = this.#socket;
    if (socket === undefined || this.#isMute) return;
    const now = Date.now();
    this.#freeAt = Math.max(now + heldUpMs, this.#freeAt);
    if (this.#freeAt <= now) send(socket, frame);
    else setTimeout(() => send(socket, frame), this.#freeAt - now);
  }

  /** Lets go of the line and comes back. False: there was none. */
  drop(): boolean {
    this.#socket?.terminate();
    return this.#socket !== undefined;
  }

  async halfOpen(milliseconds: number): Promise<void> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    this.#isMute = true;
    socket.pause();
    await wait(milliseconds);
    socket.terminate();
  }

  async readSlowly(milliseconds: number): Promise<void> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.pause();
    await wait(milliseconds);
    socket.resume();
  }

  /** Looks every now and then whether somebody is there. Before the first word pings prove nothing: a platform answers them. */
  #watched(socket: WebSocket): NodeJS.Timeout {
    let isWelcome = false;
    let quiet = 0;
    socket.on('message', (data) => {
      isWelcome ||= (data as Buffer).toString() !== pong;
      quiet = 0;
    });
    return setInterval(() => {
      if (socket.isPaused || socket.readyState !== WebSocket.OPEN) return;
      quiet += 1;
      if (quiet === 1 && isWelcome) socket.send(ping);
      if (quiet < 3) return;
      this.#errand.silent();
      socket.terminate();
    }, QUIET_MS);
  }

  /** Resolves when the line is gone. */
  #sit(ticket: string): Promise<void> {
    const address = new URL(`/api/v1${this.#room}/socket${this.#errand.query()}`, this.#server.url);
    address.protocol = 'ws:';
    this.life = this.#server.life;
    this.#isMute = false;
    // Its types don't know all of these yet.
    const options = { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS, closeTimeout: CLOSING_MS };
    const socket = new WebSocket(address, offering(ticket), options);
    this.#socket = socket;
    const watch = this.#watched(socket);
    socket.once('open', () => this.#errand.opened());
    // What goes wrong is seen by its close.
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const frame = (data as Buffer).toString();
      if (frame !== pong) this.#errand.heard(frame);
    });
    return new Promise((gone) => {
      socket.once('close', (code) => {
        clearInterval(watch);
        this.#socket = undefined;
        if (NEVER.includes(code)) this.#errand.complain(`closed with ${code}`);
        gone();
      });
    });
  }
}

function send(socket: WebSocket, frame: object): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}
