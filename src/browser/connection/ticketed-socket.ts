/**
 * The life of a socket that is entered with a ticket: it opens, notices its death, comes back, renews its seat,
 * and stops when coming back is pointless. What is said on it is its errand's business.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import { ApiError } from '../api.ts';
import { pong, subprotocol } from '../../protocol/subprotocol.ts';
import { backoff } from './backoff.ts';
import { Heartbeat } from './heartbeat.ts';
import { Renewal } from './renewal.ts';
import { type ConnectionState, type StopReason, type Verdict, afterClosing, afterError } from './state.ts';
import type { Cancel, Line, Notice, Surroundings } from './surroundings.ts';

const openingPatience = 15_000;
/** A connection that lived this long was a good one: the count of failures starts anew. */
const goodLife = 5_000;
const goingAway = 1000;

export interface Errand {
  ticket(): Promise<string>;
  /** Gets a new access token; false when there is none to be had any more. */
  refresh(): Promise<boolean>;
  serverNow(): number;
  /** Where to connect, asked anew for each try since it says where to go on. */
  address(): string;
  heard(frame: { type: string }): void;
  /** The line is gone, whatever comes next. */
  lost(): void;
}

export class TicketedSocket {
  readonly state: ReadonlySignal<ConnectionState>;
  #state: Signal<ConnectionState>;
  #errand: Errand;
  #surroundings: Surroundings;
  #heartbeat: Heartbeat;
  #renewal: Renewal;
  #line: Line | null = null;
  /** Answers that belong to an earlier try are not heard. */
  #try = 0;
  #failures = 0;
  #refreshed = false;
  #welcomedAt: number | null = null;
  #lostAt: number | null = null;
  #earliest = 0;
  #cancelTimer: Cancel = () => {};
  #cancelWatch: Cancel | null = null;

  constructor(errand: Errand, surroundings: Surroundings) {
    this.#errand = errand;
    this.#surroundings = surroundings;
    this.#state = signal<ConnectionState>({ is: 'connecting' });
    this.state = this.#state;
    const send = (text: string) => this.#line?.send(text);
    this.#heartbeat = new Heartbeat(surroundings, send, () => this.reconnect());
    this.#renewal = new Renewal(
      surroundings,
      () => errand.serverNow(),
      () => errand.ticket(),
      (ticket) => this.send({ type: 'renew', ticket }),
    );
  }

  /** Connects and stays connected. Also starts again after a stop. */
  start(): void {
    if (this.#cancelWatch !== null) return;
    this.#cancelWatch = this.#surroundings.watch((notice) => this.#noticed(notice));
    this.#failures = 0;
    this.#refreshed = false;
    this.#lostAt = null;
    this.#state.value = { is: 'connecting' };
    void this.#connect();
  }

  stop(reason: StopReason): void {
    this.#drop();
    this.#cancelWatch?.();
    this.#cancelWatch = null;
    this.#state.value = { is: 'stopped', reason };
  }

  send(frame: object): void {
    this.#line?.send(JSON.stringify(frame));
  }

  /** The errand has heard the first frame: the seat is taken until that time of the server. */
  welcomed(until: number): void {
    this.#cancelTimer();
    this.#welcomedAt = this.#surroundings.now();
    this.#lostAt = null;
    this.#heartbeat.heard();
    this.#renewal.until(until);
    this.#state.value = { is: 'online' };
  }

  /** Lets go of the line and comes back, because it is dead or what was heard on it does not fit. */
  reconnect(): void {
    if (this.#cancelWatch !== null) this.#ended({ then: 'reconnect' });
  }

  /** Does not wait any longer, unless the server asked for a pause. */
  tryNow(): void {
    const waiting = this.#cancelWatch !== null && this.#line === null && this.#nextTry() !== null;
    if (waiting && this.#surroundings.now() >= this.#earliest) void this.#connect();
  }

  async #connect(): Promise<void> {
    this.#drop();
    const current = this.#try;
    this.#show(null);
    try {
      const ticket = await this.#errand.ticket();
      if (current === this.#try) this.#open(ticket);
    } catch (error) {
      if (current === this.#try) this.#ended(afterError(error));
      // A fault of our own belongs on the browser's console.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #open(ticket: string): void {
    const current = this.#try;
    this.#cancelTimer = this.#surroundings.after(openingPatience, () => this.reconnect());
    this.#line = this.#surroundings.open(this.#errand.address(), [subprotocol, `ticket.${ticket}`], {
      said: (text) => {
        if (current === this.#try) this.#said(text);
      },
      closed: (code) => {
        if (current === this.#try) this.#ended(afterClosing(code));
      },
    });
  }

  #said(text: string): void {
    if (this.#welcomedAt !== null) this.#heartbeat.heard();
    if (text === pong) return;
    const frame = frameOf(text);
    if (frame === null) return;
    if (frame.type === 'renewed' && 'until' in frame && typeof frame.until === 'number') {
      this.#renewal.until(frame.until);
    } else this.#errand.heard(frame);
  }

  #ended(verdict: Verdict): void {
    const now = this.#surroundings.now();
    if (this.#welcomedAt !== null && now - this.#welcomedAt >= goodLife) {
      this.#failures = 0;
      this.#refreshed = false;
    }
    this.#drop();
    this.#lostAt ??= now;
    switch (verdict.then) {
      case 'reconnect':
        this.#connectAfter(0);
        break;
      case 'pause':
        this.#connectAfter(verdict.milliseconds);
        break;
      case 'refresh':
        void this.#refresh();
        break;
      case 'stop':
        this.stop(verdict.reason);
        break;
    }
  }

  /** The seat ended with the access token. One new token is worth a try; a second refusal is meant. */
  async #refresh(): Promise<void> {
    if (this.#refreshed) {
      this.stop('signed_out');
      return;
    }
    const current = this.#try;
    this.#show(null);
    try {
      const refreshed = await this.#errand.refresh();
      if (current !== this.#try) return;
      this.#refreshed = true;
      if (refreshed) await this.#connect();
      else this.stop('signed_out');
    } catch (error) {
      if (current === this.#try) this.#ended(afterError(error));
    }
  }

  /** Waits at least that long, and longer with each failure. */
  #connectAfter(pause: number): void {
    const wait = pause + backoff(this.#failures, this.#surroundings.random());
    this.#failures += 1;
    this.#earliest = this.#surroundings.now() + pause;
    this.#show(this.#surroundings.now() + wait);
    this.#cancelTimer = this.#surroundings.after(wait, () => void this.#connect());
  }

  #drop(): void {
    this.#try += 1;
    this.#cancelTimer();
    this.#heartbeat.stop();
    this.#renewal.stop();
    this.#welcomedAt = null;
    const line = this.#line;
    this.#line = null;
    if (line === null) return;
    line.close(goingAway);
    this.#errand.lost();
  }

  #noticed(notice: Notice): void {
    if (notice === 'leaving') this.#rest();
    else if (this.#welcomedAt !== null) this.#heartbeat.probe();
    else if (notice !== 'offline') this.tryNow();
    this.#show(this.#nextTry());
  }

  /** A page that sleeps hears nothing, and with an open socket a browser would not keep it for coming back. */
  #rest(): void {
    if (this.#nextTry() !== null) return;
    this.#ended({ then: 'reconnect' });
    this.#cancelTimer();
  }

  #nextTry(): number | null {
    return 'nextTry' in this.#state.value ? this.#state.value.nextTry : null;
  }

  /** Says where we stand while not connected. A browser's "offline" is told, yet tries go on: it can be wrong. */
  #show(nextTry: number | null): void {
    if (this.#welcomedAt !== null || this.#lostAt === null) return;
    const is = this.#surroundings.online() ? 'reconnecting' : 'offline';
    this.#state.value = { is, since: this.#lostAt, nextTry };
  }
}

/** A frame that this version can look at; clients ignore what they don't know. */
function frameOf(text: string): { type: string } | null {
  try {
    const value: unknown = JSON.parse(text);
    const known = typeof value === 'object' && value !== null && 'type' in value;
    return known && typeof value.type === 'string' ? (value as { type: string }) : null;
  } catch {
    return null;
  }
}
