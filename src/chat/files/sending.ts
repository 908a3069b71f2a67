/** A file as an answer: all of it, or the part that is asked for (RFC 9110, 14). */
import { create as contentDisposition } from 'content-disposition';
import { fileHeaders } from '../../headers.ts';
import type { Ctx } from '../../http.ts';
import { type Range, rangeOf } from './rules.ts';

type Sent = { name: string; mediaType: string; type: 'inline' | 'attachment'; bytes: number };

export async function partOf(
  c: Ctx,
  { name, mediaType, type, bytes }: Sent,
  read: (range: Range) => Promise<ReadableStream<Uint8Array>>,
): Promise<Response> {
  const range = rangeOf(c.req.header('range'), bytes);
  const headers = {
    ...fileHeaders,
    'content-type': mediaType,
    'content-disposition': contentDisposition(name, { type }),
  };
  if (range === undefined)
    return c.newResponse(null, 416, { ...headers, 'content-range': `bytes */${bytes}` });
  const { from, to } = range ?? { from: 0, to: bytes };
  const length = { 'content-length': String(to - from) };
  if (c.req.method === 'HEAD') return c.newResponse(null, 200, { ...headers, ...length });
  const body = await read({ from, to });
  if (range === null) return c.newResponse(body, 200, { ...headers, ...length });
  return c.newResponse(body, 206, {
    ...headers,
    ...length,
    'content-range': `bytes ${from}-${to - 1}/${bytes}`,
  });
}

/** What is sealed on its way out: all of it, of a length that is not known before. */
export function sealedAnswer(c: Ctx, name: string, sealed: ReadableStream<Uint8Array>): Response {
  return c.newResponse(sealed, 200, {
    ...fileHeaders,
    'accept-ranges': 'none',
    'content-type': 'application/octet-stream',
    'content-disposition': contentDisposition(name, { type: 'attachment' }),
  });
}
