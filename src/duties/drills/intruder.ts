/** Whoever is played, at the doors that anybody else knocks at: with a session of their own, and nothing besides. */
import { configOf } from '../../config.ts';
import { accountOf } from '../../people/account.ts';
import { tokensOf } from '../../people/guard.ts';
import { organisationOf } from '../../people/organisation.ts';
import { subprotocol } from '../../protocol/frames.ts';
import { type ConversationId, newId, type VisitorId } from '../../protocol/ids.ts';
import { askItself } from '../itself.ts';
import { type Playing, Unplayable } from './scenario.ts';

/** Any address of those that nobody has (RFC 5737). */
function nowhere(): string {
  return `192.0.2.${crypto.getRandomValues(new Uint8Array(1))[0] ?? 0}`;
}
const whence = { network: 'a drill', browser: 'a drill', device: 'A drill', country: null };

/**
 * A session of whoever is played. They have neither password nor factor, so that nobody signs in as them: it is begun in
 * here, and its recovery code is a hash of nothing that anybody has.
 */
export async function signIn({ env, store, drill }: Playing): Promise<void> {
  const account = accountOf(env, drill.person);
  const code = crypto.randomUUID();
  const proof = { by: 'totp', step: Date.now() } as const;
  let started = await account.startSession(newId('session'), proof, whence);
  if (started === 'unfinished') {
    await account.offerRecoveryCodes([code], 'enrolment');
    started = await account.finishEnrolment(newId('session'), code, whence, 0);
  }
  if (started === undefined) throw new Unplayable('notPlayed');
  drill.session = started.session.id;
  await store.setSession(drill.id, drill.session);
}

/** Undefined: their session has ended. */
export async function stolenToken({ env, drill }: Playing): Promise<string | undefined> {
  const { person, session } = drill;
  const state = session === null ? undefined : await accountOf(env, person).sessionState(session);
  if (session === null || state === undefined) return undefined;
  const { amr, provedAt } = state.session;
  const claims = { sub: person, sid: session, amr, auth_time: Math.floor(provedAt / 1000) };
  return (await (await tokensOf(env)).staff(claims, Date.now())).token;
}

export async function customerToken({ env, drill }: Playing, visitor: VisitorId): Promise<string> {
  return (await (await tokensOf(env)).visitor({ sub: visitor, site: drill.site }, Date.now())).token;
}

type Asked = {
  token?: string;
  body?: object;
  raw?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
};

/** One request, as from a browser. @param path below `/api/v1` */
export async function ask(
  { env }: Playing,
  method: string,
  path: string,
  { token, body, raw, headers }: Asked,
): Promise<Response> {
  // Where staff work from named networks alone, it is from one of these.
  const [network] = (await organisationOf(env)).networks;
  return askItself(env, `/api/v1${path}`, {
    method,
    headers: {
      origin: configOf(env).origin,
      'cf-connecting-ip': network?.split('/')[0] ?? nowhere(),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(raw === undefined
        ? body !== undefined && { 'content-type': 'application/json' }
        : { 'content-type': 'application/octet-stream', 'content-length': String(raw.byteLength) }),
      ...headers,
    },
    ...(raw !== undefined ? { body: raw } : body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** As `ask`. @throws {Unplayable} it is refused */
export async function told<T>(playing: Playing, method: string, path: string, asked: Asked): Promise<T> {
  const response = await ask(playing, method, path, asked);
  if (response.ok) return response.json<T>();
  await response.body?.cancel();
  throw new Unplayable('notPlayed');
}

/** Reads a conversation of the stage. False: it was refused. */
export async function reads(playing: Playing, token: string, conversation: string): Promise<boolean> {
  const { store } = playing;
  // Said first: whoever is cut off in between has perhaps read it.
  await store.setSeen(conversation, true);
  const response = await ask(playing, 'GET', `/conversations/${conversation}/messages`, { token });
  await response.body?.cancel();
  if (!response.ok) await store.setSeen(conversation, false);
  return response.ok;
}

/** A socket at a conversation that they have read. Undefined: they are not let in. */
export async function sits(playing: Playing, conversation: ConversationId): Promise<WebSocket | undefined> {
  const token = await stolenToken(playing);
  if (token === undefined) return undefined;
  const path = `/conversations/${conversation}`;
  const asked = await ask(playing, 'POST', `${path}/tickets`, { token, body: {} });
  if (!asked.ok) {
    await asked.body?.cancel();
    return undefined;
  }
  const { ticket } = await asked.json<{ ticket: string }>();
  const headers = { upgrade: 'websocket', 'sec-websocket-protocol': `${subprotocol}, ticket.${ticket}` };
  const { webSocket } = await ask(playing, 'GET', `${path}/socket`, { headers });
  webSocket?.accept();
  return webSocket ?? undefined;
}
