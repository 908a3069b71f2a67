/**
 * Requests as somebody. The access token lives in this page's memory and nowhere else; a cookie that scripts can
 * not read gets the next one.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import { ApiError, type Ask, request } from './request.ts';

/** A new token is fetched when the old one has less than this left, so that it outlives what it is used for. */
const margin = 60_000;

export interface Grant {
  access: string;
  /** When the token runs out, and the server's clock, in its Unix milliseconds. */
  expires: number;
  now: number;
}

/** What goes with a request besides its token. */
export type More = Readonly<Record<string, string>>;

/** Runs a task while no other tab runs one of that name. */
export type Exclusively = <Value>(name: string, task: () => Promise<Value>) => Promise<Value>;

/**
 * Web Locks span the tabs of one origin. In a frame on another site a browser that blocks third-party storage
 * denies them; then each tab stands for itself, and the server bears with repeats.
 */
export const acrossTabs: Exclusively = async (name, task) => {
  const turn = { begun: false };
  try {
    return await navigator.locks.request(name, () => {
      turn.begun = true;
      return task();
    });
  } catch (error) {
    if (turn.begun) throw error;
    return task();
  }
};

export class SignedIn<Given extends Grant> {
  readonly grant: ReadonlySignal<Given | null>;
  #grant: Signal<Given | null>;
  #renewPath: string;
  #exclusively: Exclusively;
  #lock: string;
  #offset = 0;
  #renewing: Promise<Given> | null = null;
  /** What goes with every request as somebody. */
  headers: More = {};
  /** What is said of whoever sits here when a new token is asked for; it may be asked again with something else. */
  renewing: (ask: (says: object) => Promise<Given>) => Promise<Given> = (ask) => ask({});

  constructor(renewPath: string, lock: string, exclusively: Exclusively = acrossTabs) {
    this.#renewPath = renewPath;
    this.#lock = lock;
    this.#exclusively = exclusively;
    this.#grant = signal<Given | null>(null);
    this.grant = this.#grant;
  }

  /** The server's clock as far as this page knows it. */
  serverNow(): number {
    return Date.now() + this.#offset;
  }

  /** Takes what a sign-in or another tab was given. */
  take(grant: Given): void {
    this.#offset = grant.now - Date.now();
    this.#grant.value = grant;
  }

  forget(): void {
    this.#grant.value = null;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.ask<Answer>('GET', path);
  }

  post<Answer>(path: string, body: object): Promise<Answer> {
    return this.ask<Answer>('POST', path, body);
  }

  put<Answer>(path: string, body: object): Promise<Answer> {
    return this.ask<Answer>('PUT', path, body);
  }

  delete<Answer>(path: string): Promise<Answer> {
    return this.ask<Answer>('DELETE', path);
  }

  /** A new access token whatever the old one has left; false when the server gives none any more. */
  async refresh(): Promise<boolean> {
    try {
      await this.renew();
      return true;
    } catch (error) {
      if (isOver(error)) return false;
      throw error;
    }
  }

  /** As refresh, but gives the grant and throws what went wrong. Calls at the same time share one request. */
  renew(): Promise<Given> {
    this.#renewing ??= this.#renewAlone().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renewAlone(): Promise<Given> {
    const before = this.#grant.peek();
    return this.#exclusively(this.#lock, async () => {
      // Another tab may have shared a new grant while this one stood in line.
      const shared = this.#grant.peek();
      if (shared !== null && shared !== before) return shared;
      try {
        const grant = await this.renewing((body) =>
          request<Given>({ method: 'POST', path: this.#renewPath, body }),
        );
        this.take(grant);
        return grant;
      } catch (error) {
        if (isOver(error)) this.forget();
        throw error;
      }
    });
  }

  protected ask<Answer>(method: Ask['method'], path: string, body?: object): Promise<Answer> {
    return this.as((token, headers) => request<Answer>({ method, path, headers, token, body }));
  }

  /** Does something with a token that is good, for what is no JSON. */
  async as<Answer>(ask: (token: string, headers: More) => Promise<Answer>): Promise<Answer> {
    const token = await this.#token();
    try {
      return await ask(token, this.headers);
    } catch (error) {
      if (!isOver(error)) throw error;
      // The token may have been ended before its time; one new one is worth a try.
      const given = this.#grant.peek();
      const next = given === null || given.access === token ? await this.renew() : given;
      return this.#askOnce(() => ask(next.access, this.headers));
    }
  }

  /** A fresh token that is refused as well means that nobody is signed in any more. */
  async #askOnce<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      if (isOver(error)) this.forget();
      throw error;
    }
  }

  async #token(): Promise<string> {
    const grant = this.#grant.peek();
    if (grant !== null && grant.expires - this.serverNow() > margin) return grant.access;
    return (await this.renew()).access;
  }
}

/** From here they are not signed in, or not from here. */
function isOver(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 'signed_out' || error.code === 'place_refused');
}
