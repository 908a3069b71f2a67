/**
 * Links to what somebody has opened: an address that only the browser which asked can load, by a cookie for that path
 * alone, for some minutes. Everywhere else it is not there.
 */
import { getCookie, setCookie } from 'hono/cookie';
import type { Ctx } from '../http.ts';
import type { OpenFileAnswer } from '../protocol/file-bodies.ts';
import { Refusal } from '../protocol/refusals.ts';
import { fileLinkFor, fileOpenerOf } from './guard.ts';
import type { Asker } from './permission.ts';
import type { Opened } from './tokens.ts';

const cookieName = '__Secure-sotto-file';

export async function linkTo(c: Ctx, asker: Asker, address: string, opened: Opened): Promise<Response> {
  const { token, expires } = await fileLinkFor(c.env, asker, opened);
  setCookie(c, cookieName, token, {
    ...{ path: address, secure: true, httpOnly: true, expires: new Date(expires) },
    // The widget is framed by another site: only a partitioned cookie is sent there.
    ...(asker.kind === 'visitor' ? { sameSite: 'None', partitioned: true } : { sameSite: 'Strict' }),
  });
  return c.json<OpenFileAnswer>({ address, until: expires });
}

/** Who opened what in this browser. @throws {Refusal} not_found: nobody did, or they may not any more */
export async function linkedIn(c: Ctx): Promise<{ asker: Asker; opened: Opened }> {
  const site = c.req.header('sec-fetch-site');
  const link = getCookie(c, cookieName);
  const isOurs = site === undefined || site === 'same-origin' || site === 'none';
  const found = isOurs && link !== undefined ? await fileOpenerOf(c.env, c.req.raw, link) : undefined;
  if (found === undefined) throw new Refusal('not_found');
  return found;
}
