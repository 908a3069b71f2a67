const ANSWER_SECONDS = 30;

/** A plain client of Sotto's HTTP API, so that the demo's people come to be the way everybody's do. It keeps cookies. */
export class Client {
  readonly #server: string;
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #cookies = new Map<string, string>();

  /**
   * @param origin Sotto's own, where it answers at another address than that
   * @param headers what each request says besides
   */
  constructor(server: string, origin = server, headers: Readonly<Record<string, string>> = {}) {
    this.#server = server;
    this.#origin = origin;
    this.#headers = headers;
  }

  /** @throws {ApiRefusal} when the answer is not a success. */
  post<Answer>(path: string, body: unknown, token?: string): Promise<Answer> {
    return this.#ask<Answer>('POST', path, body, token);
  }

  patch<Answer>(path: string, body: unknown, token: string): Promise<Answer> {
    return this.#ask<Answer>('PATCH', path, body, token);
  }

  put<Answer>(path: string, body: unknown, token: string): Promise<Answer> {
    return this.#ask<Answer>('PUT', path, body, token);
  }

  delete<Answer>(path: string, token: string): Promise<Answer> {
    return this.#ask<Answer>('DELETE', path, undefined, token);
  }

  get<Answer>(path: string, token?: string): Promise<Answer> {
    return this.#ask<Answer>('GET', path, undefined, token);
  }

  /** What lies at an address outside of the API, for whoever has the cookies. @throws {ApiRefusal} */
  async load(address: string): Promise<Uint8Array> {
    const response = await fetch(`${this.#server}${address}`, {
      headers: { Cookie: this.#cookieLine },
      signal: AbortSignal.timeout(ANSWER_SECONDS * 1000),
    });
    if (!response.ok) throw new ApiRefusal(address, response.status, await response.text());
    return new Uint8Array(await response.arrayBuffer());
  }

  get #cookieLine(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async #ask<Answer>(method: string, path: string, body?: unknown, token?: string): Promise<Answer> {
    const cookies = this.#cookieLine;
    const response = await fetch(`${this.#server}/api/v1${path}`, {
      method,
      headers: {
        ...this.#headers,
        Origin: this.#origin,
        ...(cookies === '' ? {} : { Cookie: cookies }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_SECONDS * 1000),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.#cookies.set(name, value);
    }
    if (!response.ok) throw new ApiRefusal(path, response.status, await response.text());
    return (await response.json()) as Answer;
  }
}

export class ApiRefusal extends Error {
  readonly status: number;

  constructor(path: string, status: number, answer: string) {
    super(`${path} answered ${status}: ${answer.slice(0, 300)}`);
    this.status = status;
  }
}
