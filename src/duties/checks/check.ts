/** What a security check is. None is green by not having looked: what can't be looked at says so, and does not count as passed. */
import type { Env } from '../../config.ts';
import type { CheckAbout, CheckFound, CheckOutcome } from '../../protocol/checks.ts';

/** What a check looks at. */
export type Look = {
  readonly env: Env;
  /** Unix milliseconds. */
  readonly at: number;
  /** Asks this very Worker, as somebody would who comes from outside and is not signed in. @param path with its slash */
  readonly own: (path: string, init?: RequestInit) => Promise<Response>;
  /** Asks somebody else. @throws where nobody answers within some seconds */
  readonly outside: (address: string, init?: RequestInit) => Promise<Response>;
};

export type Result = {
  readonly outcome: CheckOutcome;
  readonly found: CheckFound;
  /** What was found, in a sentence for people to read. */
  readonly words: string;
};

export type Check = CheckAbout & {
  /** Whatever it throws is that it could not be run. */
  readonly run: (look: Look) => Promise<Result>;
};

export function passed(words: string, found: CheckFound = {}): Result {
  return { outcome: 'passed', found, words };
}

export function failed(words: string, found: CheckFound = {}): Result {
  return { outcome: 'failed', found, words };
}

export function notRun(words: string, found: CheckFound = {}): Result {
  return { outcome: 'not-run', found, words };
}

/** So many ids are kept of a finding: enough to begin with. */
const mostNamed = 20;
export function named(ids: readonly string[]): string[] {
  return ids.slice(0, mostNamed);
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `no site`, `1 site`, `2 sites`: for the beginning of a sentence. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const hour = 3_600_000;
export const day = 24 * hour;
