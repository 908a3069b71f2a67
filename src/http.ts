/** What every route shares: reading a body by its schema, and the two ways to say no. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import * as v from 'valibot';
import type { Env } from './config.ts';
import { limits } from './protocol/limits.ts';
import { Refusal } from './protocol/refusals.ts';

/** `request`: its id. `browser`: the secret by which an account knows a browser again, on its way into a cookie. */
export type Http = { Bindings: Env; Variables: { request: string; browser: string } };
export type Ctx = Context<Http>;

export const api = '/api/v1';

/** The door that was knocked at: its method and pattern, of the API below its root, without the ids that stood there. */
export function doorOf(c: Ctx): string {
  const path = matchedRoutes(c).findLast((route) => !route.path.endsWith('*'))?.path ?? `${api}/*`;
  return `${c.req.method} ${path.startsWith(api) ? path.slice(api.length) : path}`;
}

/** The request's JSON body, fitting this schema. @throws {Refusal} unsupported_type, too_large, malformed, invalid */
export async function bodyOf<Schema extends v.GenericSchema>(
  c: Ctx,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Refusal('unsupported_type');
  return fitting(schema, parsed(await textOf(c.req.raw)));
}

/** Reads at most `limits.bodyBytes`, whatever the length header claims. */
async function textOf(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: ReadableStream<Uint8Array> | null = request.body;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > limits.bodyBytes) throw new Refusal('too_large');
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      await new Blob(chunks).arrayBuffer(),
    );
  } catch {
    throw new Refusal('malformed');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('malformed');
  }
}

/** `value` as this schema gives it. The refusal names the field and the rule, and never repeats the value. */
export function fitting<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  throw new Refusal('invalid', whatDoesNotFit(result.issues[0]));
}

export function whatDoesNotFit(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  // valibot's own messages repeat what was received; only those that our schemas wrote are passed on.
  const own = /^(not |longer |shorter |holds )/.test(issue.message) ? issue.message : 'does not fit';
  return path === null ? 'This does not fit.' : `${path.slice(0, 100)}: ${own}`;
}

/** Whether a request brings this secret, told without saying by the time how much of it is right. */
export function bears(request: Request, secret: string): boolean {
  const given = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
  const digest = (text: string) => createHash('sha256').update(new TextEncoder().encode(text)).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

/** Where a request comes from, as Cloudflare's edge says; what a client says of it never arrives there. */
export function addressOf(request: Request): string | null {
  return request.headers.get('cf-connecting-ip');
}

/** The same as coarse as a limit needs it: an IPv4 address, or the /64 of an IPv6 one. For limits alone: it is kept nowhere. */
export function networkOf(request: Request): string {
  const address = addressOf(request) ?? 'unknown';
  return address.includes(':') ? upper64(address) : address;
}

/** The first four groups, with what `::` stands for written out (RFC 4291, 2.2). */
function upper64(address: string): string {
  const [before = '', after] = address.toLowerCase().split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros =
    after === undefined ? [] : Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  const groups = [...head, ...zeros, ...tail];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
