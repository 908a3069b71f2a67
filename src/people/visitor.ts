/**
 * Visitors. Who a visitor is rests on a random secret in their browser's cookie: the id is its keyed hash together
 * with the site, so nothing has to be stored, no site's cookie is of use on another, and nobody can claim an id.
 */
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { vaultOf } from '../config.ts';
import type { Ctx } from '../http.ts';
import { idFrom, type SiteId, type VisitorId } from '../protocol/ids.ts';
import { lifetimes } from '../protocol/limits.ts';

const secretShape = /^[A-Za-z0-9_-]{43}$/;

// The widget is framed by another site: only a partitioned cookie is sent there, and it is that site's alone.
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'None', partitioned: true } as const;

/** The visitor that this browser is on this site; a browser that is none yet becomes one. Renews the cookie. */
export async function visitorFromCookie(c: Ctx, site: SiteId): Promise<VisitorId> {
  const held = getCookie(c, cookieOf(site));
  const secret = held !== undefined && secretShape.test(held) ? held : newSecret();
  setCookie(c, cookieOf(site), secret, { ...attributes, maxAge: lifetimes.visitorHold / 1000 });
  return idFrom('visitor', await (await vaultOf(c.env)).lookup('visitor', `${site}.${secret}`));
}

/** This browser is nobody on this site any more. Who they were can't come back: the secret was here alone. */
export function forgetVisitor(c: Ctx, site: SiteId): void {
  deleteCookie(c, cookieOf(site), attributes);
}

function cookieOf(site: SiteId): string {
  return `__Host-sotto-${site}`;
}

function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: 'base64url', omitPadding: true });
}
