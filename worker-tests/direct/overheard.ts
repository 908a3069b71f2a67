/** What people and Sotto say to each other, so that it can be looked for where it must never be. */
import { isRefusalCode } from '../../src/protocol/refusals.ts';

/** Where everybody comes from: told by the edge, and by their browsers. */
const whence = { 'cf-connecting-ip': '198.51.100.77', 'user-agent': 'Marked-Browser/7.7' };
/** Of what is longer this much is looked for. */
const longest = 10_000;
/** Doors are made of such words, and so are the names of kinds, states and roles. Whatever people type is “marked”. */
const isPlainWord = (text: string) => /^[A-Za-z-]{0,12}$/.test(text) || isRefusalCode(text);

export class Overheard {
  readonly #secrets = new Set<string>(Object.values(whence));
  readonly #fetch = globalThis.fetch;

  /** From here on all that this process asks for over HTTP is heard. */
  begin(): void {
    globalThis.fetch = async (input, init) => {
      const headers = new Headers(init?.headers);
      for (const [name, value] of Object.entries(whence)) headers.set(name, value);
      this.hear(headers.get('authorization')?.replace('Bearer ', ''));
      this.hear(headers.get('cookie')?.split(/; |=/));
      this.hearText(init?.body);
      const response = await this.#fetch(input, { ...init, headers });
      this.hear(response.headers.getSetCookie().map((cookie) => /=([^;]*)/.exec(cookie)?.[1]));
      this.hearText(await response.clone().text());
      return response;
    };
  }

  end(): void {
    globalThis.fetch = this.#fetch;
  }

  /** Every text in it is one that the log must not hold, unless it is a plain word or too short to be anything. */
  hear(said: unknown): void {
    if (typeof said === 'string') {
      if (said.length >= 6 && !isPlainWord(said)) this.#secrets.add(said.slice(0, longest));
    } else if (typeof said === 'object' && said !== null)
      for (const part of Object.values(said)) this.hear(part);
  }

  /** The same of a body or a frame. */
  hearText(text: unknown): void {
    if (typeof text !== 'string') return;
    try {
      this.hear(JSON.parse(text));
    } catch {
      this.hear(text);
    }
  }

  get secrets(): readonly string[] {
    return [...this.#secrets];
  }
}
