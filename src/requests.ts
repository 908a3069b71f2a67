/** Every request gets an id of its own here, which its answer carries and which whatever is logged of it names. */
import type { MiddlewareHandler } from 'hono';
import { type Ctx, doorOf, type Http } from './http.ts';
import { inRequest, isLogRaised, logRequest, type RaisedLine } from './log.ts';
import { Refusal } from './protocol/refusals.ts';

/** What a client says that its request is called is not heard. Requests to the API are one line in the log each; while more is logged, all are. */
export const numbered: MiddlewareHandler<Http> = async (c, next) => {
  const request = crypto.randomUUID();
  const began = Date.now();
  c.set('request', request);
  await inRequest(request, next);
  const { status, headers } = c.res;
  // An upgrade's answer is the socket itself and takes no more headers.
  if (status !== 101) headers.set('x-request-id', request);
  const isRaised = isLogRaised(began);
  if (!isRaised && !c.req.path.startsWith('/api/')) return;
  const code = c.error === undefined ? null : c.error instanceof Refusal ? c.error.code : 'internal';
  const line = { request, door: doorOf(c), status, code, ms: Date.now() - began };
  logRequest(isRaised ? { ...line, ...raised(c) } : line);
};

function raised(c: Ctx): RaisedLine {
  const { country = null, tlsVersion: tls = null } = (c.req.raw.cf ?? {}) as {
    country?: string;
    tlsVersion?: string;
  };
  return { country, tls, bytes: Number(c.req.header('content-length') ?? 0) };
}
