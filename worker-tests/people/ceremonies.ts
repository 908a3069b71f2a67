/** What a browser does with a passkey over HTTP: it is added, and somebody signs in by it. */
import type { CeremonyAnswer, StaffSession } from '../../src/protocol/sign-in.ts';
import { call, type Member } from '../cast.ts';
import type { Authenticator, Lies } from './authenticator.ts';

type Options = Parameters<Authenticator['attest']>[0];
type Asked = CeremonyAnswer<Options>;
type Headers = Record<string, string>;

export const ask = async (path: string, token?: string, headers: Headers = {}) =>
  (await call<Asked>('POST', `/api/v1${path}`, { token, body: {}, headers })).body;

export async function add(member: Member, authenticator: Authenticator, lies: Lies = {}, name = 'My laptop') {
  const { options, token } = await ask('/me/passkeys/challenge', member.access);
  const response = await authenticator.attest(options, lies);
  return call('POST', '/api/v1/me/passkeys', { token: member.access, body: { token, response, name } });
}

export async function signIn(authenticator: Authenticator, lies: Lies = {}, headers: Headers = {}) {
  const { options, token } = await ask('/sign-in/passkey/challenge', undefined, headers);
  const response = await authenticator.assert(options, lies);
  return call<StaffSession>('POST', '/api/v1/sign-in/passkey', { body: { token, response }, headers });
}
