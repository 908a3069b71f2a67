/**
 * Visitors. Who a visitor is rests on a random secret in their browser's cookie: the id is its keyed hash together
 * with the site, so nothing has to be stored, no site's cookie is of use on another, and nobody can claim an id.
 */
import { getCookie, setCookie } from 'hono/cookie';
import { vaultOf } from '../config.ts';
import type { Ctx } from '../http.ts';
import { idFrom, type SiteId, type VisitorId } from '../protocol/ids.ts';
import { lifetimes } from '../protocol/limits.ts';

const secretShape = /^[A-Za-z0-9_-]{43}$/;

/** The visitor that this browser is on this site; a browser that is none yet becomes one. Renews the cookie. */
export async function visitorFromCookie(c: Ctx, site: SiteId): Promise<VisitorId> {
  const name = `__Host-sotto-${site}`;
  const held = getCookie(c, name);
  const secret = held !== undefined && secretShape.test(held) ? held : newSecret();
  // The widget is framed by another site: only a partitioned cookie is sent there, and it is that site's alone.
  setCookie(c, name, secret, {
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'None',
    partitioned: true,
    maxAge: lifetimes.visitorHold / 1000,
  });
  return idFrom('visitor', await (await vaultOf(c.env)).lookup('visitor', `${site}.${secret}`));
}

function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: 'base64url', omitPadding: true });
}
