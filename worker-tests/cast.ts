/**
 * The cast that the tests share: a team with a site, members of staff, visitors, and sockets that remember what
 * they heard. Everything goes through the Worker's own door; only passwords are left out where they prove nothing.
 */
import { env, exports } from 'cloudflare:workers';
import { accountOf } from '../src/people/account.ts';
import { tokensOf } from '../src/people/guard.ts';
import { heldRole } from '../src/people/roles.ts';
import { StaffDirectory } from '../src/people/staff.ts';
import { type BeginAnswer, plainSettings, type SiteSettings } from '../src/protocol/bodies.ts';
import { type Role } from '../src/protocol/roles.ts';
import type { InboxServerFrame, ServerFrame } from '../src/protocol/frames.ts';
import {
  type ConversationId,
  newId,
  type PersonId,
  type SessionId,
  type SiteId,
  type TeamId,
  type VisitorId,
} from '../src/protocol/ids.ts';

export const origin = 'https://sotto.test';
export const shop = 'https://shop.test';

type Call = {
  token?: string | undefined;
  body?: unknown;
  raw?: BodyInit;
  headers?: Record<string, string> | undefined;
  from?: string;
};
export type Reply<T = unknown> = {
  status: number;
  body: T & { code?: string; detail?: string };
  headers: Headers;
  text: string;
};

/** One HTTP request through the Worker. */
export async function call<T = Record<string, unknown>>(
  method: string,
  path: string,
  options: Call = {},
): Promise<Reply<T>> {
  const headers = new Headers({
    origin: options.from ?? origin,
    'cf-connecting-ip': '192.0.2.1',
    ...options.headers,
  });
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
  const hasBody = options.body !== undefined || options.raw !== undefined;
  if (hasBody && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const response = await exports.default.fetch(`${origin}${path}`, {
    method,
    headers,
    ...(hasBody ? { body: options.raw ?? JSON.stringify(options.body) } : {}),
  });
  const text = await response.text();
  const isJson = /[/+]json$/.test(response.headers.get('content-type')?.split(';')[0] ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (isJson && text !== '' ? JSON.parse(text) : {}) as Reply<T>['body'],
  };
}

export async function newTeam(name = 'Support'): Promise<TeamId> {
  const id = newId('team');
  await env.DB.prepare('INSERT INTO teams VALUES (?, ?, ?)').bind(id, name, Date.now()).run();
  return id;
}

export type Member = { id: PersonId; session: SessionId; access: string; name: string; address: string };

export const whence = {
  network: 'the network of the tests',
  browser: 'theirs',
  device: 'Firefox, Linux',
  country: 'DE',
};

let steps = 1;
/** A member of staff who is signed in with both factors. */
export async function newMember(role: Role, teams: TeamId[], name = `${role} ${steps}`): Promise<Member> {
  const held = await heldRole(env, role);
  if (held === undefined) throw new Error('no such role');
  const directory = new StaffDirectory(env);
  const address = `${crypto.randomUUID()}@example.com`;
  const member = await directory.add({ ...held, name, address, teams, state: 'active' }, undefined, (row) =>
    directory.store.add(row),
  );
  if (member === undefined) throw new Error('the member was not added');
  const account = accountOf(env, member.id);
  await account.startSession(newId('session'), { by: 'totp', step: steps++ }, whence);
  await account.offerRecoveryCodes(['a code of the tests'], 'enrolment');
  const started = await account.finishEnrolment(newId('session'), 'a code of the tests', whence, 0);
  if (started === undefined) throw new Error('no session');
  const { session } = started;
  return { id: member.id, name, address, session: session.id, access: await accessFor(member.id, session) };
}

/** A further session of this person. */
/** With the key under which something of theirs is sealed, as the stores ask for it. */
export async function keyed(id: PersonId): Promise<{ id: PersonId; key: Uint8Array }> {
  const row = await new StaffDirectory(env).store.byId(id);
  if (row === undefined) throw new Error('nobody is there');
  return row;
}

export async function signedIn(id: PersonId): Promise<{ session: SessionId; access: string }> {
  const proof = { by: 'totp', step: steps++ } as const;
  const started = await accountOf(env, id).startSession(newId('session'), proof, whence);
  if (started === undefined || started === 'unfinished') throw new Error('no session');
  const { session } = started;
  return { session: session.id, access: await accessFor(id, session) };
}

/** An access token as a refresh gives it. */
export async function accessFor(
  id: PersonId,
  session: { id: SessionId; amr: readonly string[]; provedAt: number },
): Promise<string> {
  const { id: sid, amr, provedAt } = session;
  const claims = { sub: id, sid, amr: [...amr], auth_time: Math.floor(provedAt / 1000) };
  return (await (await tokensOf(env)).staff(claims, Date.now())).token;
}

export async function newSite(
  team: TeamId,
  origins: string[] = [shop],
  settings: Partial<SiteSettings> = {},
): Promise<SiteId> {
  const id = newId('site');
  const insert =
    'INSERT INTO sites (id, name, team, origins, settings, created_at) VALUES (?, ?, ?, ?, ?, ?)';
  const shows = JSON.stringify({ ...plainSettings, ...settings });
  await env.DB.prepare(insert).bind(id, 'A shop', team, JSON.stringify(origins), shows, Date.now()).run();
  return id;
}

export type VisitorActor = { id: VisitorId; site: SiteId; access: string; cookie: string };

/** Somebody who opened the widget on this site. */
export async function newVisitor(
  site: SiteId,
  headers: Call['headers'] = {},
  body: object = {},
): Promise<VisitorActor> {
  const reply = await call<{ access: string; visitor: { id: VisitorId } }>(
    'POST',
    `/api/v1/sites/${site}/visitor`,
    { body, headers },
  );
  if (reply.status !== 200) throw new Error(`no visitor: ${reply.status} ${String(reply.body.code)}`);
  const cookie = (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { id: reply.body.visitor.id, site, access: reply.body.access, cookie };
}

/** A visitor's first message, which begins a conversation. */
export async function begin(
  visitor: VisitorActor,
  text = 'Hello?',
  id: string = crypto.randomUUID(),
  headers: Call['headers'] = {},
): Promise<ConversationId> {
  const reply = await call<BeginAnswer>('POST', '/api/v1/conversations', {
    token: visitor.access,
    headers,
    body: { id, text },
  });
  if (reply.status !== 201) throw new Error(`no conversation: ${reply.status} ${String(reply.body.code)}`);
  return reply.body.conversation.id;
}

export async function ticketFor(token: string, room: string): Promise<string> {
  const path = room.startsWith('con_') ? 'conversations' : 'teams';
  const reply = await call<{ ticket: string }>('POST', `/api/v1/${path}/${room}/tickets`, {
    token,
    body: {},
  });
  if (reply.status !== 201) throw new Error(`no ticket: ${reply.status} ${String(reply.body.code)}`);
  return reply.body.ticket;
}

type Frame = ServerFrame | InboxServerFrame;
type FrameOf<Type extends Frame['type']> = Extract<Frame, { type: Type }>;

/** A socket that keeps every frame; waiting for a frame takes it out of what was heard. */
export class Ear {
  readonly heard: Frame[] = [];
  readonly raw: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  constructor(socket: WebSocket, halfOpen = false) {
    this.#socket = socket;
    socket.accept({ allowHalfOpen: halfOpen });
    socket.addEventListener('message', ({ data }) => {
      this.raw.push(String(data));
      if (data !== 'pong') this.heard.push(JSON.parse(String(data)) as Frame);
      for (const look of this.#waiting) look();
    });
    this.closed = new Promise((resolve) => {
      socket.addEventListener('close', ({ code, reason }) => {
        resolve({ code, reason });
      });
    });
  }

  say(frame: unknown): void {
    this.#socket.send(
      typeof frame === 'string' || frame instanceof ArrayBuffer ? frame : JSON.stringify(frame),
    );
  }

  post(text: string, since = 0, id: string = crypto.randomUUID()): string {
    this.say({ type: 'post', posts: [{ id, since, kind: 'text', text }] });
    return id;
  }

  note(text: string, since = 0, id: string = crypto.randomUUID()): string {
    this.say({ type: 'post', posts: [{ id, since, kind: 'note', text }] });
    return id;
  }

  close(): void {
    this.#socket.close(1000);
  }

  /** The next frame of this type, waited for at most 5 s. */
  next<Type extends Frame['type']>(type: Type): Promise<FrameOf<Type>> {
    return this.until(() => {
      const index = this.heard.findIndex((frame) => frame.type === type);
      return index < 0 ? undefined : (this.heard.splice(index, 1)[0] as FrameOf<Type>);
    }, type);
  }

  /** The texts heard so far, in order. */
  get texts(): string[] {
    return this.heard.flatMap((frame) =>
      frame.type === 'messages' ? frame.messages.map(({ text }) => text) : [],
    );
  }

  until<T>(look: () => T | undefined, what = 'a condition'): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`waited in vain for ${what}; heard ${JSON.stringify(this.heard).slice(0, 600)}`));
      }, 5_000);
      const check = () => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }
}

/** `halfOpen`: a client that hears a close and does not answer it. */
type Join = {
  halfOpen?: boolean;
  after?: number;
  n?: number;
  epoch?: string;
  headers?: Record<string, string>;
  query?: string;
};

/** Opens a socket with a ticket; throws with the status if the upgrade was refused. */
export async function open(
  room: string,
  ticket: string,
  { after, n, epoch, headers, query, halfOpen = false }: Join = {},
): Promise<Ear> {
  const path = room.startsWith('con_') ? 'conversations' : 'teams';
  const search = query ?? (after === undefined ? '' : `?after=${after}&n=${n ?? 0}&epoch=${epoch ?? ''}`);
  const response = await exports.default.fetch(`${origin}/api/v1/${path}/${room}/socket${search}`, {
    headers: {
      upgrade: 'websocket',
      origin,
      'cf-connecting-ip': '192.0.2.1',
      'sec-websocket-protocol': `sotto.v1, ticket.${ticket}`,
      ...headers,
    },
  });
  if (response.webSocket === null) throw new Error(`no socket: ${response.status} ${await response.text()}`);
  return new Ear(response.webSocket, halfOpen);
}

export async function join(room: string, token: string, options: Join = {}): Promise<Ear> {
  return open(room, await ticketFor(token, room), options);
}
