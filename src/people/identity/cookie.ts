/** The staff's refresh cookie: out of every script's reach, for this host only, and gone with the browser. */
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Ctx } from '../../http.ts';
import { isId } from '../../protocol/ids.ts';
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
