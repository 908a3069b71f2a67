/** The deployment that is looked at, and the one way in which it is asked: no redirect followed, nothing kept, and an end to everything. */
import type { Resolver } from 'node:dns/promises';
import { type IncomingHttpHeaders, type IncomingMessage, request as askPlainly } from 'node:http';
import { request as askSecurely } from 'node:https';

const PATIENCE_MS = 15_000;
const BODY_BYTES = 2 * 1024 * 1024;

export interface Target {
  /** Where it answers. */
  readonly url: URL;
  /** What it calls itself, and lets its own pages call it from. */
  readonly origin: string;
  /** It is on this machine, where there is no TLS. */
  readonly isLocal: boolean;
  /** One of its sites, whose widget is looked at. */
  readonly site?: string;
  readonly mail?: { readonly domain: string; readonly selectors: readonly string[] };
  readonly resolver: Resolver;
  /** Whom certificates are believed from, beside everybody's authorities. PEM. */
  readonly ca?: string;
  /** Every `Set-Cookie` that was seen, by the address that set it. */
  readonly cookies: Map<string, string>;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Another way in than the target's own, such as plain http. */
  readonly at?: URL;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly bytes: Buffer;
  readonly ms: number;
}

/** @throws when nobody answers within 15 seconds, or with more than 2 MiB */
export function ask(target: Target, path: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, at = target.url } = question;
  const began = performance.now();
  return new Promise((answer, fail) => {
    const send = at.protocol === 'https:' ? askSecurely : askPlainly;
    const request = send(
      new URL(path, at),
      {
        method,
        headers: { 'user-agent': 'sotto-check', ...lengthOf(body), ...headers },
        // A connection that is used again would not show what a new one meets.
        agent: false,
        // Whatever name a Host says, it is this host's certificate.
        servername: at.hostname,
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(target.ca !== undefined && { ca: target.ca }),
      },
      (response) => {
        read(response).then((bytes) => {
          for (const cookie of response.headers['set-cookie'] ?? [])
            target.cookies.set(`${path} ${cookie.slice(0, cookie.indexOf('='))}`, cookie);
          answer({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: bytes.toString(),
            bytes,
            ms: performance.now() - began,
          });
        }, fail);
      },
    );
    request.once('upgrade', (response, socket) => {
      socket.destroy();
      const empty = Buffer.alloc(0);
      answer({
        status: 101,
        headers: response.headers,
        body: '',
        bytes: empty,
        ms: performance.now() - began,
      });
    });
    request.once('error', fail);
    request.end(body);
  });
}

/** As a page or a client posts JSON. */
export function post(
  target: Target,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return ask(target, path, {
    method: 'POST',
    headers: { origin: target.origin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** @returns the code of a refusal (RFC 9457), if it is one */
export function codeOf({ headers, body }: Answer): string | undefined {
  if (headers['content-type']?.startsWith('application/problem+json') !== true) return undefined;
  try {
    const { code } = JSON.parse(body) as { code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}

function lengthOf(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES) throw new Error('it answers with more than 2 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
