/** Staff's cookies, out of every script's reach and for this host only: the refresh token's, which goes with the browser, and the one that a browser is known again by. */
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Ctx } from '../../http.ts';
import { isId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';
import type { HeldRefresh } from './refresh.ts';

const name = '__Host-sotto-staff';
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const;

export function setRefreshCookie(c: Ctx, { person, session, generation, token }: HeldRefresh): void {
  setCookie(c, name, [person, session, generation, token].join('.'), attributes);
}

export function heldRefreshCookie(c: Ctx): HeldRefresh | undefined {
  const [person, session, generation = '', token = '', ...rest] = (getCookie(c, name) ?? '').split('.');
  if (!isId('person', person) || !isId('session', session) || rest.length > 0) return undefined;
  if (!/^[1-9]\d{0,9}$/.test(generation) || !/^[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
  return { person, session, generation: Number(generation), token };
}

export function dropRefreshCookie(c: Ctx): void {
  deleteCookie(c, name, attributes);
}

const browserName = '__Host-sotto-browser';

export function heldBrowserCookie(c: Ctx): string | undefined {
  const secret = getCookie(c, browserName);
  return secret !== undefined && /^[A-Za-z0-9_-]{43}$/.test(secret) ? secret : undefined;
}

export function setBrowserCookie(c: Ctx, secret: string): void {
  setCookie(c, browserName, secret, { ...attributes, maxAge: lifetimes.browserKnown / 1000 });
}
