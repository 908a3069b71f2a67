/** Every request gets an id of its own here, which its answer carries and which whatever is logged of it names. */
import type { MiddlewareHandler } from 'hono';
import { doorOf, type Http } from './http.ts';
import { inRequest, logRequest } from './log.ts';
import { Refusal } from './protocol/refusals.ts';

/** What a client says that its request is called is not heard. Requests to the API are one line in the log each. */
export const numbered: MiddlewareHandler<Http> = async (c, next) => {
  const request = crypto.randomUUID();
  const began = Date.now();
  c.set('request', request);
  await inRequest(request, next);
  const { status, headers } = c.res;
  // An upgrade's answer is the socket itself and takes no more headers.
  if (status !== 101) headers.set('x-request-id', request);
  if (!c.req.path.startsWith('/api/')) return;
  const code = c.error === undefined ? null : c.error instanceof Refusal ? c.error.code : 'internal';
  logRequest({ request, door: doorOf(c), status, code, ms: Date.now() - began });
};
