/**
 * A visitor's cookies, one site's alone: the secret that a browser is somebody by itself with, or holds whoever proved an
 * address in it, and the hold on whom its site vouched for.
 */
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Ctx } from '../../http.ts';
import type { SiteId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';

export type Kind = 'own' | 'vouched';

const secretShape = /^[A-Za-z0-9_-]{43}$/;

// The widget is framed by another site: only a partitioned cookie is sent there, and it is that site's alone.
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'None', partitioned: true } as const;

export function heldSecret(c: Ctx, site: SiteId, kind: Kind): string | undefined {
  const held = getCookie(c, nameOf(site, kind));
  return held !== undefined && secretShape.test(held) ? held : undefined;
}

export function setCookieTo(c: Ctx, site: SiteId, kind: Kind, secret: string): void {
  setCookie(c, nameOf(site, kind), secret, { ...attributes, maxAge: lifetimes.visitorHold / 1000 });
}

export function forgetCookie(c: Ctx, site: SiteId, kind: Kind): void {
  deleteCookie(c, nameOf(site, kind), attributes);
}

export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: 'base64url', omitPadding: true });
}

function nameOf(site: SiteId, kind: Kind): string {
  return `__Host-sotto-${site}${kind === 'own' ? '' : '-vouched'}`;
}
