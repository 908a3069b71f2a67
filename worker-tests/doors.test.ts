import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import doc from '../docs/DOORS.md?raw';
import { app } from '../src/app.ts';
import { conversationOf } from '../src/chat/conversation.ts';
import { checks } from '../src/duties/checks/list.ts';
import { watchOf } from '../src/duties/alarms.ts';
import { beginCopy, copyOf } from '../src/duties/copies.ts';
import { addOwn } from '../src/duties/training/own.ts';
import { ledgerOf } from '../src/ledger.ts';
import { tokensOf } from '../src/people/guard.ts';
import { PasskeyStore } from '../src/people/identity/passkeys.ts';
import { createRole } from '../src/people/roles.ts';
import { RunStore } from '../src/duties/runs/store.ts';
import { StaffDirectory } from '../src/people/staff.ts';
import type {
  ConversationsAnswer,
  EarlierAnswer,
  NamesAnswer,
  PeopleAnswer,
  RepliesAnswer,
  ReplyAnswer,
  SitesAnswer,
  TeamsAnswer,
} from '../src/protocol/bodies.ts';
import {
  type ConversationId,
  newId,
  type PersonId,
  type SiteId,
  type TeamId,
  type WebhookId,
} from '../src/protocol/ids.ts';
import { limits } from '../src/protocol/limits.ts';
import type { IdentityKeyAnswer } from '../src/protocol/visitors.ts';
import { closeCodes } from '../src/protocol/refusals.ts';
import type { UploadAnswer } from '../src/protocol/file-bodies.ts';
import type { AlarmsAnswer } from '../src/protocol/alarms.ts';
import type { Ban, BanAnswer, BansAnswer } from '../src/protocol/bans.ts';
import type { VisitorsAnswer } from '../src/protocol/visitors.ts';
import type { RequestAnswer } from '../src/protocol/privacy.ts';
import { type FullIncident, type IncidentAnswer, incidentRoleNames } from '../src/protocol/incidents.ts';
import type { LiveAnswer } from '../src/protocol/live.ts';
import type { OverviewAnswer } from '../src/protocol/training.ts';
import type { ContainmentAnswer } from '../src/protocol/containment.ts';
import { recordedDoors } from '../src/protocol/ledger.ts';
import { type Action, actions, builtInRoles, type Grants, permissions } from '../src/protocol/permissions.ts';
import type { Role } from '../src/protocol/roles.ts';
import { keyTable } from '../src/vault.ts';
import {
  begin,
  call,
  type Ear,
  type Member,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  open,
  signedIn,
  type VisitorActor,
  keyed,
} from './cast.ts';
import { elsewhere, entered as doneHere } from './ledger/elsewhere.ts';

// Every door with everybody before it, against the table in docs/DOORS.md. A door without a line there fails.

const columns = [
  'owner',
  'admin',
  'supervisor',
  'agent',
  'auditor',
  'privacy officer',
  'own and waiting',
  'supervisor of another team',
  'agent of another team',
  'its customer',
  'another customer',
  'password alone',
  'nobody',
] as const;
type Column = (typeof columns)[number];

/** What a refusal at the door is called in the table; any other answer means that the door is open. */
const outcomes: Record<string, string> = {
  signed_out: 'out',
  factor_needed: 'half',
  not_allowed: 'no',
  banned: 'no',
  not_found: 'hidden',
};

/** One who stands before a door; staff with a session that was used for looking at most. */
type Actor = { column: Column; token: string | undefined; member?: Member; visitor?: VisitorActor };
/** What lies behind it, made anew for each of them. */
type Scene = {
  actor: Actor;
  team: TeamId;
  site: SiteId;
  customer: VisitorActor;
  conversation: ConversationId;
};
type Door = (scene: Scene) => Promise<string>;

let excepted = 0;
let team: TeamId;
let site: SiteId;
let owner: Member;
let half: Member;
let colleague: Member;
/** The customer where none is asked about. */
let bystander: VisitorActor;
const members = new Map<Column, Member>();
/** Sessions with which nothing was done but looking. */
const looking = new Map<Column, Awaited<ReturnType<typeof signedIn>>>();
let count = 0;

/** What costs most is there only where it is asked about: a conversation, and a customer, of its own. */
async function sceneFor(column: Column, door: string): Promise<Scene> {
  const aboutConversations = /conversation|customer|^frame/.test(door);
  // What changes somebody's factors is asked of somebody who is asked nothing else.
  const fresh = door.includes('/sign-in');
  const customer =
    aboutConversations || column.endsWith('customer') ? await newVisitor(site, network()) : bystander;
  const conversation = aboutConversations
    ? await begin(customer, 'Hello?', crypto.randomUUID(), network())
    : newId('conversation');
  const visitor = column === 'another customer' ? await newVisitor(site, network()) : customer;
  if (column === 'its customer' || column === 'another customer')
    return { actor: { column, token: visitor.access, visitor }, team, site, customer, conversation };
  if (column === 'nobody') return { actor: { column, token: undefined }, team, site, customer, conversation };
  if (column === 'password alone') {
    const member = fresh ? await newMember('agent', [team]) : half;
    const { token } = await (await tokensOf(env)).factor({ sub: member.id, epoch: 0 }, Date.now());
    return { actor: { column, token, member }, team, site, customer, conversation };
  }
  const known = members.get(column);
  if (known === undefined) throw new Error(`nobody is ${column}`);
  const looksOnly = door.startsWith('GET ') && !aboutConversations;
  const session = (looksOnly ? looking.get(column) : undefined) ?? (await signedIn(known.id));
  // What was done with another one may have ended this one too.
  if (looksOnly) looking.set(column, session);
  else looking.delete(column);
  const member = { ...known, ...session };
  return { actor: { column, token: member.access, member }, team, site, customer, conversation };
}

const outcomeOf = ({ status, body }: { status: number; body: { code?: string } }) =>
  (status >= 400 && outcomes[body.code ?? '']) || 'yes';

/** An address of its own for each request, so that no limit is met. */
const network = () => ({ 'cf-connecting-ip': `198.51.${(count >> 8) & 255}.${count++ & 255}` });

/** A request as whoever stands there. */
async function ask<T = Record<string, unknown>>(
  { actor }: Scene,
  method: string,
  path: string,
  body?: unknown,
) {
  const headers = { ...network(), cookie: actor.visitor?.cookie ?? '' };
  return call<T>(method, `/api/v1${path}`, { token: actor.token, body, headers });
}

const request =
  (method: string, path: string | ((scene: Scene) => Promise<string> | string), body?: unknown): Door =>
  async (scene) =>
    outcomeOf(
      await ask(scene, method, typeof path === 'string' ? path : await path(scene), await bodyOf(body)),
    );

/** A body, or what makes one that is not used twice. */
function bodyOf(body: unknown): unknown {
  return typeof body === 'function' ? (body as () => unknown)() : body;
}

/** What any of the lists answers. */
type Lists = PeopleAnswer &
  VisitorsAnswer &
  BansAnswer &
  TeamsAnswer &
  SitesAnswer &
  RepliesAnswer &
  ConversationsAnswer &
  EarlierAnswer &
  NamesAnswer &
  AlarmsAnswer;

/** A list: whether something is in it. */
const lists =
  (
    method: string,
    path: string,
    holds: (answer: Lists, scene: Scene) => boolean,
    body?: (scene: Scene) => unknown,
  ): Door =>
  async (scene) => {
    const reply = await ask<Lists>(scene, method, path, body?.(scene));
    return reply.status >= 400 ? outcomeOf(reply) : holds(reply.body, scene) ? 'yes' : 'absent';
  };

const ofConversation = (method: string, rest: string, body?: unknown): Door =>
  request(method, ({ conversation }) => `/conversations/${conversation}${rest}`, body);

const upload = () => ({ id: crypto.randomUUID(), name: 'a.txt', bytes: 5, sensitive: false });

/** A door to a file of its customer's, as far as it has come. */
const ofFile =
  (method: string, rest: string, state: 'begun' | 'sent' | 'released', body?: unknown): Door =>
  async (scene) => {
    const { conversation, customer } = scene;
    const files = `/api/v1/conversations/${conversation}/files`;
    const token = customer.access;
    const begun = await call<UploadAnswer>('POST', files, { token, body: upload(), headers: network() });
    const path = `${files}/${begun.body.upload.file}`;
    const asBytes = { 'content-type': 'application/octet-stream' };
    if (state !== 'begun') {
      await call('PUT', `${path}/parts/0`, { token, raw: 'Hello', headers: { ...asBytes, ...network() } });
      const sent = await call('POST', `${path}/finish`, { token, body: {}, headers: network() });
      expect(sent.status).toBe(200);
      // It is scanned now, and not when the platform comes to it.
      await runDurableObjectAlarm(conversationOf(env, conversation));
    }
    if (state === 'released')
      await call('POST', `${path}/release`, {
        token: await owners(),
        body: { reason: 'It is ours.' },
        headers: network(),
      });
    const isBytes = method === 'PUT';
    return outcomeOf(
      await call(method, `${path}${rest}`, {
        token: scene.actor.token,
        ...(isBytes ? { raw: 'Hello' } : { body: body ?? {} }),
        headers: { ...(isBytes ? asBytes : {}), ...network(), cookie: scene.actor.visitor?.cookie ?? '' },
      }),
    );
  };

/** As `door`, of a conversation that a colleague of the team has claimed. */
const colleagues =
  (door: Door): Door =>
  async (scene) => {
    // Each in a session of their own, since they claim more than a budget has room for.
    await call('POST', `/api/v1/conversations/${scene.conversation}/claim`, {
      token: (await signedIn(colleague.id)).access,
      body: {},
      headers: network(),
    });
    return door(scene);
  };

/** As `door`, of a conversation that whoever asks has claimed, if they may. */
const claimed =
  (door: Door): Door =>
  async (scene) => {
    await ask(scene, 'POST', `/conversations/${scene.conversation}/claim`, {});
    return door(scene);
  };

/** A token of an owner's, in a session of its own: they open more here than a budget has room for. */
const owners = async () => (await signedIn(owner.id)).access;

async function somebody(role: Role, state: 'active' | 'invited' = 'active'): Promise<PersonId> {
  const directory = new StaffDirectory(env);
  const person = {
    name: 'Somebody',
    address: `${crypto.randomUUID()}@example.com`,
    role,
    grants: null,
    teams: [team],
    state,
  };
  const member = await directory.add(person, undefined, (row) => directory.store.add(row));
  if (member === undefined) throw new Error('not added');
  return member.id;
}

async function reply(): Promise<string> {
  const body = { team, shortcut: `s${count++}`, text: 'Hello' };
  return (await call<ReplyAnswer>('POST', '/api/v1/replies', { token: await owners(), body })).body.reply.id;
}

async function ownPasskey({ actor }: Scene): Promise<string> {
  const id = `key-${count++}`;
  const person = actor.member?.id ?? owner.id;
  const blank = {
    publicKey: new Uint8Array(1),
    counter: 0,
    transports: [],
    name: new Uint8Array(1),
    createdAt: 0,
  };
  const holder = await keyed(person);
  await new PasskeyStore(env.DB).add(holder, { ...blank, id, person });
  await new PasskeyStore(env.DB).add(holder, { ...blank, id: `${id}-other`, person });
  return `/me/passkeys/${id}`;
}

/** A copy that whoever stands there asked for, as far as anybody could. */
async function ownCopy({ actor, customer }: Scene): Promise<string> {
  const asker = actor.member?.id ?? actor.visitor?.id ?? owner.id;
  const wish = { visitor: actor.visitor?.id ?? customer.id, site, asker, backstage: false };
  const { id } = await beginCopy(env, wish, Date.now());
  await expect.poll(async () => (await copyOf(env, id, Date.now()))?.state).toBe('ready');
  return `/copies/${id}`;
}

const asked = { kind: 'access', law: 'gdpr', how: 'They called.', wish: null };
/** A request of somebody's own. */
async function asking(): Promise<string> {
  const of = await begin(await newVisitor(site, network()), 'Hello?', crypto.randomUUID(), network());
  const made = await call<RequestAnswer>('POST', '/api/v1/requests', {
    token: await owners(),
    body: { ...asked, kind: 'erasure', of },
    headers: network(),
  });
  return made.body.request.id;
}

const customer = { name: 'Nobody' };

/** Where a socket leads: in, or why not. */
async function joined(
  { actor, conversation, team }: Scene,
  room: 'conversation' | 'team',
  how: { silent?: true } = {},
): Promise<(Ear & { first: unknown }) | string> {
  const id = room === 'conversation' ? conversation : team;
  const { member, visitor } = actor;
  const tokens = await tokensOf(env);
  // A ticket as the routes for tickets would give it; whoever is not signed in has none.
  const holder = visitor ?? (actor.column === 'password alone' ? undefined : member);
  const claims =
    holder === undefined
      ? undefined
      : 'site' in holder
        ? { room: id, sub: holder.id, site: holder.site, until: Math.floor(Date.now() / 1000) + 60 }
        : { room: id, sub: holder.id, sid: holder.session, ...how };
  const ticket = claims === undefined ? 'none' : (await tokens.ticket(claims, Date.now())).token;
  const ear = await open(id, ticket);
  const first = room === 'conversation' ? 'welcome' : 'list';
  const outcome = await Promise.race([
    ear.closed.then(({ code }) => ({ code, first: undefined })),
    ear.next(first).then((frame) => ({ code: undefined, first: frame })),
  ]);
  const { code } = outcome;
  if (code === undefined) return Object.assign(ear, { first: outcome.first });
  return code === closeCodes.notFound ? 'hidden' : code === closeCodes.signedOut ? 'out' : String(code);
}

/** What comes of a frame: a refusal, or that what was sent after it was answered without one. */
const frame =
  (room: 'conversation' | 'team', said: unknown): Door =>
  async (scene) => {
    const ear = await joined(scene, room);
    if (typeof ear === 'string') return ear;
    ear.say(said);
    ear.say(room === 'team' ? { type: 'more', after: null } : { type: 'page', before: 2, limit: 1 });
    const refused = () => ear.heard.find((each) => each.type === 'refused');
    const answered = () =>
      ear.heard.find((each) => each.type === 'page' || (each.type === 'messages' && each.older === true));
    await ear.until(() => refused() ?? answered(), 'an answer');
    const refusal = refused();
    ear.close();
    return refusal === undefined ? 'yes' : (outcomes[refusal.code] ?? refusal.code);
  };

const words = (kind: 'text' | 'note') => ({
  type: 'post',
  posts: [{ id: crypto.randomUUID(), since: 1, kind, text: 'Hello' }],
});

/** An agent who sees no colleague's conversation and no address. */
const { 'customer.address': _, ...agent } = builtInRoles.agent;
const ownAndWaiting: Grants = {
  ...agent,
  'conversation.list': 'waiting',
  'conversation.read': 'waiting',
  'conversation.note': 'waiting',
  'conversation.tag': 'waiting',
  'conversation.reopen': 'own',
};

const ownLesson = '# Ours\n\nText.\n\n## Questions\n\n### Yes?\n\n- [x] Yes\n- [ ] No\n\n> It is.\n';
const lesson = async () => addOwn(env, ownLesson, Date.now());
const role = async (grants: Grants) => (await createRole(env, `Role ${count++}`, grants)).id;

const listed: Door = lists('GET', '/conversations', ({ conversations }, { conversation }) =>
  conversations.some(({ id }) => id === conversation),
);

const entered =
  (room: 'conversation' | 'team', how: { silent?: true } = {}): Door =>
  async (scene) => {
    const ear = await joined(scene, room, how);
    if (typeof ear === 'string') return ear;
    ear.close();
    return 'yes';
  };

/** Whether the inbox holds the conversation: in its first list, or in the pages with all. */
const inboxEntry: Door = async (scene) => {
  const ear = await joined(scene, 'team');
  if (typeof ear === 'string') return ear;
  type Entries = { entries: { id: string }[]; more: boolean };
  const isIn = ({ entries }: Entries) => entries.some(({ id }) => id === scene.conversation);
  let part = ear.first as Entries;
  for (let after: string | null = null; part.more && !isIn(part); after = part.entries.at(-1)?.id ?? null) {
    ear.say({ type: 'more', after });
    part = await ear.next('page');
  }
  ear.close();
  return isIn(part) ? 'yes' : 'absent';
};

/** What whoever comes in is told of the customer's address. */
const addressSeen: Door = async (scene) => {
  await call('PATCH', `/api/v1/conversations/${scene.conversation}/customer`, {
    token: await owners(),
    body: { address: 'mia@example.com' },
    headers: network(),
  });
  const ear = await joined(scene, 'conversation');
  if (typeof ear === 'string') return ear;
  ear.close();
  const said = JSON.stringify(ear.first);
  return said.includes('mia@example.com') ? 'yes' : said.includes('m•••@•••') ? 'covered' : 'absent';
};

/** A ban of somebody who wrote to the team, and is none of those who stand before the door. */
/** An alarm about an agent of the team. @returns the agent's id */
async function alarmed(): Promise<PersonId> {
  const { id } = await newMember('agent', [team]);
  await watchOf(env).raise({ rule: 'reading.unusual', about: id, facts: { count: 50, most: 10 } });
  return id;
}

const declared = () => ({
  ...{ title: 'A stolen account', what: 'Somebody signed in.', kind: 'account', severity: 2, things: [] },
  ...{ noticedAt: Date.now(), beganAt: Date.now() - 60_000, alarm: null, drill: false },
});

let aDeclared: Promise<FullIncident> | undefined;
/** One for all who only knock: whatever the first of them has done to it, the door is as open to the next. */
const incident = async () => (await (aDeclared ??= newIncident())).id;

async function newIncident(): Promise<FullIncident> {
  const options = { token: await owners(), body: declared(), headers: network() };
  return (await call<IncidentAnswer>('POST', '/api/v1/incidents', options)).body.incident;
}

const nobodysRoles = Object.fromEntries(
  incidentRoleNames.map((role) => [role, { first: null, deputy: null }]),
);

/** One to which nothing gets: a port at which nobody listens. */
async function webhook(): Promise<WebhookId> {
  for (const { id } of await watchOf(env).webhooks()) await watchOf(env).removeWebhook(id);
  const added = await watchOf(env).addWebhook('http://127.0.0.1:9/', limits.webhooks);
  if (added === undefined) throw new Error('no room for a webhook');
  return added.webhook.id;
}

/** A site that nobody needs is shut. */
async function shutting(): Promise<object> {
  return { kind: 'site', target: await newSite(team), reason: 'drill' };
}

async function banned({ conversation }: Scene): Promise<Ban> {
  const wish = { kind: 'visitor', reason: 'Threats', lasts: 60_000 };
  const path = `/api/v1/conversations/${conversation}/bans`;
  const options = { token: await owners(), body: wish, headers: network() };
  const { ban } = (await call<BanAnswer>('POST', path, options)).body;
  return ban;
}

/** Whoever passes it signs the others out: it comes last. */
const everybody = 'DELETE /sessions';
/** Nor is there room for a webhook of each of them at once. */
const isInTurn = (name: string) =>
  name === everybody ||
  name.includes('/webhooks') ||
  // Who has a part in the plan is one thing for all of them.
  name.includes('/approval') ||
  // What these import() when they need it one request fetches for all that wait for it here, and one that waits for
  // another's promise alone can be taken for hung. As they are deployed everything is one file.
  /passkey|\/pgp|\/transcripts|\/containment|:file\/(?:open|release)/.test(name);

async function inTurn(knock: (column: Column) => Promise<string>): Promise<string[]> {
  const row: string[] = [];
  for (const column of columns) row.push(await knock(column));
  return row;
}

const doors: Record<string, Door> = {
  'GET /setup': request('GET', '/setup'),
  'POST /setup': request('POST', '/setup', {
    owner: { name: 'A', address: 'a@example.com', password: 'a long enough pass phrase' },
    team: { name: 'T' },
  }),
  'GET /setup/restore': request('GET', '/setup/restore'),
  'POST /setup/restore': request('POST', '/setup/restore', { number: null, newest: null }),
  'POST /sign-in': request('POST', '/sign-in', { address: 'a@example.com', password: 'x' }),
  'POST /sign-in/totp': async (scene) => {
    const { member } = scene.actor;
    const known = member && (await new StaffDirectory(env).byId(member.id));
    if (known) {
      const sealed = await known.seal('totp', new Uint8Array(20));
      await new StaffDirectory(env).store.setTotp(known.row, sealed);
    }
    return request('POST', '/sign-in/totp', { code: '000000' })(scene);
  },
  'POST /sign-in/enrolment': request('POST', '/sign-in/enrolment', {}),
  'POST /sign-in/enrolment/confirm': async (scene) => {
    await ask(scene, 'POST', '/sign-in/enrolment', {});
    return request('POST', '/sign-in/enrolment/confirm', { code: '000000' })(scene);
  },
  'POST /sign-in/enrolment/passkey': request('POST', '/sign-in/enrolment/passkey', {}),
  'POST /sign-in/enrolment/passkey/confirm': request('POST', '/sign-in/enrolment/passkey/confirm', {}),
  'POST /sign-in/enrolment/finish': request('POST', '/sign-in/enrolment/finish', { code: '0'.repeat(24) }),
  'POST /sign-in/recovery': request('POST', '/sign-in/recovery', { code: '0'.repeat(24) }),
  'POST /sign-in/owner-key': request('POST', '/sign-in/owner-key', { key: '0'.repeat(32) }),
  'POST /sign-in/passkey/challenge': request('POST', '/sign-in/passkey/challenge', {}),
  'POST /sign-in/passkey': request('POST', '/sign-in/passkey', {}),
  'GET /session': request('GET', '/session'),
  'POST /session/refresh': request('POST', '/session/refresh', {}),
  'POST /session/activity': request('POST', '/session/activity', { ago: 0 }),
  'DELETE /session': request('DELETE', '/session'),
  'POST /invitations/redeem': request('POST', '/invitations/redeem', {}),
  'POST /resets': request('POST', '/resets', { address: 'nobody@example.com' }),
  'POST /resets/redeem': request('POST', '/resets/redeem', {}),
  'POST /addresses/redeem': request('POST', '/addresses/redeem', {}),
  'POST /owner-key/cancel': request('POST', '/owner-key/cancel', {}),

  'GET /me/sign-in': request('GET', '/me/sign-in'),
  'POST /me/step-up/passkey': request('POST', '/me/step-up/passkey', {}),
  'POST /me/step-up': request('POST', '/me/step-up', { code: '000000' }),
  'POST /me/password': request('POST', '/me/password', {
    current: 'x',
    password: 'a long enough pass phrase',
  }),
  'POST /me/address': request('POST', '/me/address', { address: 'another@example.com' }),
  'POST /me/recovery-codes': request('POST', '/me/recovery-codes', {}),
  'POST /me/recovery-codes/keep': request('POST', '/me/recovery-codes/keep', { code: '0'.repeat(24) }),
  'POST /me/owner-key': request('POST', '/me/owner-key', {}),
  'POST /me/owner-key/keep': request('POST', '/me/owner-key/keep', { key: '0'.repeat(32) }),
  'POST /me/totp': request('POST', '/me/totp', {}),
  'POST /me/totp/confirm': request('POST', '/me/totp/confirm', { code: '000000' }),
  'DELETE /me/totp': request('DELETE', '/me/totp'),
  'POST /me/passkeys/challenge': request('POST', '/me/passkeys/challenge', {}),
  'POST /me/passkeys': request('POST', '/me/passkeys', {}),
  'PATCH /me/passkeys/:id': request('PATCH', ownPasskey, { name: 'Mine' }),
  'DELETE /me/passkeys/:id': request('DELETE', ownPasskey),
  'DELETE /me/sessions': request('DELETE', '/me/sessions'),
  'DELETE /me/sessions/:id': request('DELETE', () => `/me/sessions/${newId('session')}`),

  'GET /people': lists('GET', '/people', ({ people }) => people.some(({ id }) => id === owner.id)),
  'POST /people, an agent': request('POST', '/people', () => ({
    ...{ name: 'New', address: `${crypto.randomUUID()}@example.com`, role: 'agent', teams: [team] },
  })),
  'POST /people, an owner': request('POST', '/people', () => ({
    ...{ name: 'New', address: `${crypto.randomUUID()}@example.com`, role: 'owner', teams: [team] },
  })),
  'POST /people/:id/invitation': request(
    'POST',
    async () => `/people/${await somebody('agent', 'invited')}/invitation`,
    {},
  ),
  'PATCH /people/:id, an agent': request('PATCH', async () => `/people/${await somebody('agent')}`, {
    role: 'auditor',
  }),
  'PATCH /people/:id, to owner': request('PATCH', async () => `/people/${await somebody('agent')}`, {
    role: 'owner',
  }),
  'PATCH /people/:id, an owner': request('PATCH', async () => `/people/${await somebody('owner')}`, {
    state: 'disabled',
  }),
  'PATCH /people/:id, oneself': request('PATCH', ({ actor }) => `/people/${actor.member?.id ?? owner.id}`, {
    state: 'disabled',
  }),
  'DELETE /people/:id': request('DELETE', async () => `/people/${await somebody('agent', 'invited')}`),
  'POST /people/:id/reset, an agent': request(
    'POST',
    async () => `/people/${await somebody('agent')}/reset`,
    {},
  ),
  'POST /people/:id/reset, an owner': request(
    'POST',
    async () => `/people/${await somebody('owner')}/reset`,
    {},
  ),
  'POST /people/:id/reset/approve': request(
    'POST',
    async () => `/people/${await somebody('agent')}/reset/approve`,
    {},
  ),
  'DELETE /people/:id/reset': request('DELETE', async () => `/people/${await somebody('agent')}/reset`),
  'DELETE /people/:id/sessions, an agent': request(
    'DELETE',
    async () => `/people/${await somebody('agent')}/sessions`,
  ),
  'DELETE /people/:id/sessions, an owner': request(
    'DELETE',
    async () => `/people/${await somebody('owner')}/sessions`,
  ),

  'GET /roles': request('GET', '/roles'),
  'POST /roles': request('POST', '/roles', () => ({ name: `New ${count++}`, grants: ownAndWaiting })),
  'POST /roles, an owner’s': request('POST', '/roles', () => ({
    name: `New ${count++}`,
    grants: builtInRoles.owner,
  })),
  'PATCH /roles/:id': request('PATCH', async () => `/roles/${await role(ownAndWaiting)}`, {
    grants: builtInRoles.agent,
  }),
  'PATCH /roles/:id, to an owner’s': request('PATCH', async () => `/roles/${await role(ownAndWaiting)}`, {
    grants: builtInRoles.owner,
  }),
  'PATCH /roles/:id, an owner’s': request('PATCH', async () => `/roles/${await role(builtInRoles.owner)}`, {
    grants: ownAndWaiting,
  }),
  'DELETE /roles/:id': request('DELETE', async () => `/roles/${await role(ownAndWaiting)}`),
  'DELETE /roles/:id, an owner’s': request('DELETE', async () => `/roles/${await role(builtInRoles.owner)}`),

  'GET /teams': lists('GET', '/teams', ({ teams }) => teams.some(({ id }) => id === team)),
  'POST /teams': request('POST', '/teams', { name: 'Another' }),
  'PATCH /teams/:id': request('PATCH', () => `/teams/${team}`, { name: 'Support' }),
  'GET /teams/:id/members': request('GET', () => `/teams/${team}/members`),
  'POST /teams/:id/rebuild': request('POST', () => `/teams/${team}/rebuild`, { after: null }),
  'DELETE /teams/:id/sessions': request('DELETE', async () => `/teams/${await newTeam()}/sessions`),
  'POST /teams/:id/tickets': request('POST', () => `/teams/${team}/tickets`, {}),
  'GET /teams/:id/socket': entered('team'),

  'GET /organisation': request('GET', '/organisation'),
  'PATCH /organisation': request('PATCH', '/organisation', { idleMinutes: 30 }),
  'PUT /organisation/pgp': request('PUT', '/organisation/pgp', { key: 'none', fingerprint: '0'.repeat(40) }),
  'DELETE /organisation/pgp': request('DELETE', '/organisation/pgp'),

  'GET /profiles': request('GET', '/profiles'),
  'PUT /profiles/:profile': request('PUT', '/profiles/gdpr', { on: false }),
  'PUT /contracts/:measure': request('PUT', '/contracts/gdpr.processor', { note: null }),
  'GET /processing': request('GET', '/processing'),
  'PUT /processing/controller': request('PUT', '/processing/controller', {
    name: 'Harbour Coffee',
    contact: '',
    officer: '',
  }),

  'GET /ledger': request('GET', '/ledger'),
  'POST /ledger/export': request('POST', '/ledger/export', { format: 'csv' }),
  'GET /ledger/witness': request('GET', '/ledger/witness'),
  'PUT /ledger/witness': request('PUT', '/ledger/witness', { address: null }),

  'GET /webhooks': request('GET', '/webhooks'),
  'POST /webhooks': async (scene) => {
    for (const { id } of await watchOf(env).webhooks()) await watchOf(env).removeWebhook(id);
    return request('POST', '/webhooks', { address: 'https://siem.example/' })(scene);
  },
  'POST /webhooks/:id/test': request('POST', async () => `/webhooks/${await webhook()}/test`),
  'DELETE /webhooks/:id': request('DELETE', async () => `/webhooks/${await webhook()}`),
  'GET /keys': request('GET', '/keys'),
  'POST /emergency': async (scene) => {
    // As while it goes on, when it is the same: nobody's keys are renewed under all others here.
    await new RunStore(env.DB).add('emergency', 'emergency-1', Date.now());
    return request('POST', '/emergency', { conversation: null })(scene);
  },
  'POST /keys/:id/renew': request(
    'POST',
    async () => {
      const keys = await keyTable(env.DB).all();
      const token = keys.find(({ purpose, state }) => purpose === 'token' && state === 'active');
      return `/keys/${token?.id ?? ''}/renew`;
    },
    {},
  ),
  'GET /held': request('GET', '/held'),
  'GET /drills': request('GET', '/drills'),
  'POST /drills': request('POST', '/drills', { scenario: 'backup' }),
  'GET /containment': request('GET', '/containment'),
  'POST /containment': request('POST', '/containment', shutting),
  'DELETE /containment/:id': request('DELETE', async () => {
    const options = { token: await owners(), body: await shutting(), headers: network() };
    const { body } = await call<ContainmentAnswer>('POST', '/api/v1/containment', options);
    return `/containment/${body.containment.id}`;
  }),
  'POST /radius': request('POST', '/radius', () => ({ person: owner.id, from: 0, to: 1 })),
  'POST /radius/export': request('POST', '/radius/export', () => ({
    ...{ person: owner.id, from: 0, to: 1, format: 'csv' },
  })),
  'GET /backups': request('GET', '/backups'),
  'POST /backups': request('POST', '/backups', {}),
  'POST /backups/returns': request('POST', '/backups/returns', { number: 1, id: newId('conversation') }),
  'POST /backups/tried': request('POST', '/backups/tried', { on: '2026-01-01', note: 'On another machine' }),
  'GET /training': request('GET', '/training'),
  'GET /training/lessons/:lesson': request('GET', '/training/lessons/files'),
  'POST /training/lessons/:lesson/answers': request('POST', '/training/lessons/files/answers', {
    version: 1,
    answers: [[0]],
  }),
  'GET /training/overview, an agent': async (scene) => {
    const wanted = await somebody('agent');
    const reply = await ask<OverviewAnswer & { code?: string }>(scene, 'GET', '/training/overview');
    if (reply.status >= 400) return outcomeOf(reply);
    return reply.body.people.some(({ person }) => person === wanted) ? 'yes' : 'absent';
  },
  'GET /training/roles': request('GET', '/training/roles'),
  'PUT /training/roles/:role, an agent’s': request('PUT', '/training/roles/agent', { lessons: [] }),
  'PUT /training/roles/:role, an owner’s': request('PUT', '/training/roles/owner', { lessons: [] }),
  'POST /training/lessons': request('POST', '/training/lessons', { text: ownLesson }),
  'GET /training/lessons/:lesson/versions': request(
    'GET',
    async () => `/training/lessons/${await lesson()}/versions`,
  ),
  'PUT /training/lessons/:lesson': request('PUT', async () => `/training/lessons/${await lesson()}`, {
    text: ownLesson,
    before: 1,
    again: false,
  }),
  'DELETE /training/lessons/:lesson': request('DELETE', async () => `/training/lessons/${await lesson()}`),
  'GET /checks': request('GET', '/checks'),
  'GET /checks/report': request('GET', async () => {
    await env.DB.prepare(`INSERT OR IGNORE INTO check_runs VALUES ('checks-1', NULL, 1, 2)`).run();
    return '/checks/report?format=json';
  }),
  // One goes on already, and is driven to no end: what comes of it is told elsewhere.
  'POST /checks/runs': request(
    'POST',
    async () => {
      const now = Date.now();
      await env.DB.batch([
        env.DB.prepare(`INSERT OR IGNORE INTO check_runs VALUES ('checks-2', NULL, ?, NULL)`).bind(now),
        env.DB.prepare(
          `INSERT OR IGNORE INTO runs (id, duty, begun_at, moved_at, over_at) VALUES ('checks-2', 'checks', ?1, ?1, ?1)`,
        ).bind(now),
      ]);
      return '/checks/runs';
    },
    {},
  ),
  'PUT /checks/:check/exception': request('PUT', '/checks/transport/exception', () => ({
    reason: 'It is tried on one machine.',
    until: Date.now() + 86_400_000,
  })),
  'DELETE /checks/:check/exception': request('DELETE', async () => {
    // They are asked at once: each takes back another one.
    const check = checks[excepted++ % checks.length]?.id ?? '';
    const put = `INSERT OR IGNORE INTO check_exceptions VALUES (?, x'31', '', 0, 0)`;
    await env.DB.prepare(put).bind(check).run();
    return `/checks/${check}/exception`;
  }),
  'GET /live': async (scene) => {
    const reply = await ask<LiveAnswer & { code?: string }>(scene, 'GET', '/live');
    if (reply.status >= 400) return outcomeOf(reply);
    return reply.body.teams.some(({ team: id }) => id === team) ? 'yes' : 'absent';
  },
  'GET /alarms, about an agent': async (scene) => {
    const wanted = await alarmed();
    return lists('GET', '/alarms?state=open', ({ alarms }) => alarms.some(({ about }) => about === wanted))(
      scene,
    );
  },
  'POST /alarms/:id/answer, about an agent': request(
    'POST',
    async () => {
      const about = await alarmed();
      const all = await watchOf(env).list('open', Number.MAX_SAFE_INTEGER, 100);
      return `/alarms/${all.find((alarm) => alarm.about === about)?.id ?? ''}/answer`;
    },
    { reason: 'It was the monthly review.' },
  ),

  'GET /incidents': request('GET', '/incidents?state=open'),
  'POST /incidents': request('POST', '/incidents', () => declared()),
  'GET /incidents/:id': request('GET', async () => `/incidents/${await incident()}`),
  'GET /incidents/:id/timeline': request('GET', async () => `/incidents/${await incident()}/timeline`),
  'GET /incidents/:id/notices': request('GET', async () => `/incidents/${await incident()}/notices`),
  'GET /incidents/:id/notices, with a part in it': async (scene) => {
    const { id } = await newIncident();
    const { member } = scene.actor;
    const body = { people: { privacy: member?.id ?? null } };
    await call('PATCH', `/api/v1/incidents/${id}`, { token: await owners(), body, headers: network() });
    return request('GET', `/incidents/${id}/notices`)(scene);
  },
  'PATCH /incidents/:id': request('PATCH', async () => `/incidents/${await incident()}`, { severity: 1 }),
  'POST /incidents/:id/move': request('POST', async () => `/incidents/${await incident()}/move`, {
    ...{ to: 'contain', reason: null },
  }),
  'POST /incidents/:id/notes': request('POST', async () => `/incidents/${await incident()}/notes`, {
    ...{ kind: 'note', text: 'It was seen.' },
  }),
  'POST /incidents/:id/tasks': request('POST', async () => `/incidents/${await incident()}/tasks`, {
    ...{ phase: 'detect', text: 'Look.' },
  }),
  'PUT /incidents/:id/tasks/:task': request(
    'PUT',
    async () => {
      const { id, tasks } = await (aDeclared ??= newIncident());
      return `/incidents/${id}/tasks/${tasks[0]?.id ?? ''}`;
    },
    { done: true },
  ),
  'PUT /incidents/:id/clocks/:clock': request(
    'PUT',
    async () => `/incidents/${await incident()}/clocks/gdpr.authority`,
    { outcome: 'notNeeded', text: 'Nothing was read.' },
  ),
  'POST /incidents/:id/close': request(
    'POST',
    async () => `/incidents/${await incident()}/close`,
    () => ({
      review: 'It went well.',
      actions: [{ text: 'Look.', person: owner.id, dueAt: Date.now() + 86_400_000 }],
    }),
  ),
  'GET /incident-plan': request('GET', '/incident-plan'),
  'PUT /incident-plan/policy': request('PUT', '/incident-plan/policy', {
    version: 1_000,
    text: 'Stay calm.',
  }),
  'POST /incident-plan/policy/:version/approval, with a part in it': async (scene) => {
    const { member } = scene.actor;
    const first = member === undefined ? null : { person: member.id, contact: '' };
    const body = { roles: { ...nobodysRoles, lead: { first, deputy: null } } };
    await call('PUT', '/api/v1/incident-plan/roles', { token: await owners(), body, headers: network() });
    return request('POST', '/incident-plan/policy/1/approval')(scene);
  },
  'PUT /incident-plan/roles': request('PUT', '/incident-plan/roles', () => ({ roles: nobodysRoles })),

  'GET /sites': lists('GET', '/sites', ({ sites }) => sites.some(({ id }) => id === site)),
  'POST /sites': request('POST', '/sites', () => ({ name: 'S', team, origins: ['https://s.example'] })),
  'PATCH /sites/:site': request('PATCH', () => `/sites/${site}`, { name: 'A shop' }),
  'GET /sites/:site/over': request('GET', () => `/sites/${site}/over?kind=visitors&days=30`),
  'GET /organisation/over': request('GET', '/organisation/over?days=365'),
  'GET /deleted': request('GET', '/deleted'),
  'GET /sites/:site/keys': request('GET', () => `/sites/${site}/keys`),
  'POST /sites/:site/keys': request('POST', async () => `/sites/${await newSite(team)}/keys`, {
    publicKey: null,
  }),
  'DELETE /sites/:site/keys/:key': request('DELETE', async () => {
    const path = `/sites/${await newSite(team)}/keys`;
    const { body } = await call<IdentityKeyAnswer>('POST', `/api/v1${path}`, {
      token: await owners(),
      body: { publicKey: null },
    });
    return `${path}/${body.key.id}`;
  }),
  'GET /sites/:site/widget': request('GET', () => `/sites/${site}/widget`),
  'POST /sites/:site/visitor': request('POST', () => `/sites/${site}/visitor`, {}),
  'DELETE /sites/:site/visitor': request('DELETE', () => `/sites/${site}/visitor`),
  'POST /sites/:site/visitor/codes': request('POST', () => `/sites/${site}/visitor/codes`, {
    address: 'somebody@example.com',
  }),
  'POST /sites/:site/visitor/proof': request('POST', () => `/sites/${site}/visitor/proof`, {
    ...{ address: 'somebody@example.com', code: '000000' },
  }),

  'GET /sites/:site/visitor/requests': request('GET', () => `/sites/${site}/visitor/requests`),
  'POST /sites/:site/visitor/requests': request('POST', () => `/sites/${site}/visitor/requests`, {
    ...{ kind: 'access', wish: null },
  }),

  'GET /sites/:site/visitor/consents': request('GET', () => `/sites/${site}/visitor/consents`),
  'POST /sites/:site/visitor/consents/withdraw': request(
    'POST',
    () => `/sites/${site}/visitor/consents/withdraw`,
    { version: '1' },
  ),

  'GET /requests': request('GET', '/requests?state=open'),
  'POST /requests, of a conversation': async (scene) => {
    const body = { ...asked, of: scene.conversation };
    return request('POST', '/requests', body)(scene);
  },
  'GET /visitors/:id/restriction, of a conversation': request(
    'GET',
    ({ conversation }) => `/visitors/${conversation}/restriction`,
  ),
  'PUT /visitors/:id/restriction, of a conversation': request(
    'PUT',
    ({ conversation }) => `/visitors/${conversation}/restriction`,
    { on: false, reason: 'They have asked.' },
  ),
  'GET /requests/:id': request('GET', async () => `/requests/${await asking()}`),
  'POST /requests/:id/extend': request('POST', async () => `/requests/${await asking()}/extend`, {
    reason: 'There is much of it.',
  }),
  'POST /requests/:id/refuse': request('POST', async () => `/requests/${await asking()}/refuse`, {
    ...{ ground: 'others', reason: 'It is not theirs.' },
  }),
  'POST /requests/:id/fulfil': request('POST', async () => `/requests/${await asking()}/fulfil`, {
    answer: null,
  }),

  'GET /replies': async (scene) => {
    const id = await reply();
    return lists('GET', '/replies', ({ replies }) => replies.some((each) => each.id === id))(scene);
  },
  'POST /replies': request('POST', '/replies', () => ({ team, shortcut: `s${count++}`, text: 'Hello' })),
  'PATCH /replies/:id': request('PATCH', async () => `/replies/${await reply()}`, { text: 'Hello again' }),
  'DELETE /replies/:id': request('DELETE', async () => `/replies/${await reply()}`),

  'GET /conversations': listed,
  'GET /conversations, a colleague’s': colleagues(listed),
  'POST /conversations': request('POST', '/conversations', () => ({
    id: crypto.randomUUID(),
    text: 'Hello',
  })),
  'POST /customer-names': async (scene) => {
    const path = `/api/v1/conversations/${scene.conversation}/customer`;
    await call('PATCH', path, { token: await owners(), body: customer });
    return lists(
      'POST',
      '/customer-names',
      ({ names }, { conversation }) => names[conversation] === customer.name,
      ({ conversation }) => ({ ids: [conversation] }),
    )(scene);
  },
  'GET /conversations/:id/messages': ofConversation('GET', '/messages'),
  'GET /conversations/:id/messages, a colleague’s': colleagues(ofConversation('GET', '/messages')),
  'GET /conversations/:id/earlier': async (scene) => {
    const other = await begin(scene.customer, 'Before', crypto.randomUUID(), network());
    return lists('GET', `/conversations/${other}/earlier`, ({ conversations }, { conversation }) =>
      conversations.some(({ id }) => id === conversation),
    )(scene);
  },
  'POST /conversations/:id/claim': ofConversation('POST', '/claim', {}),
  'POST /conversations/:id/close': ofConversation('POST', '/close', {}),
  'POST /conversations/:id/close, claimed': claimed(ofConversation('POST', '/close', {})),
  'POST /conversations/:id/reopen': async (scene) => {
    const path = `/api/v1/conversations/${scene.conversation}/close`;
    await call('POST', path, { token: scene.customer.access, body: {} });
    return ofConversation('POST', '/reopen', {})(scene);
  },
  'POST /conversations/:id/snooze': ofConversation('POST', '/snooze', { until: null }),
  'POST /conversations/:id/snooze, claimed': claimed(ofConversation('POST', '/snooze', { until: null })),
  'PUT /conversations/:id/tags': ofConversation('PUT', '/tags', { tags: ['one'] }),
  'PUT /conversations/:id/tags, a colleague’s': colleagues(ofConversation('PUT', '/tags', { tags: ['one'] })),
  'PATCH /conversations/:id/customer': ofConversation('PATCH', '/customer', customer),
  'PATCH /conversations/:id/customer, claimed': claimed(ofConversation('PATCH', '/customer', customer)),
  'PUT /conversations/:id/rating': ofConversation('PUT', '/rating', { score: 5, comment: null }),
  'POST /conversations/:id/hand-over': ofConversation('POST', '/hand-over', () => ({ to: team })),
  'POST /conversations/:id/hand-over, claimed': claimed(
    ofConversation('POST', '/hand-over', () => ({ to: owner.id })),
  ),
  'POST /conversations/:id/removals, deleted': ofConversation('POST', '/removals', {
    seq: 1,
    how: 'deleted',
  }),
  'POST /conversations/:id/removals, redacted': ofConversation('POST', '/removals', {
    seq: 1,
    how: 'redacted',
  }),
  'PUT /conversations/:id/hold': ofConversation('PUT', '/hold', { reason: 'A court asked for it.' }),
  'GET /conversations/:id/files': ofConversation('GET', '/files'),
  'GET /conversations/:id/files, a colleague’s': colleagues(ofConversation('GET', '/files')),
  'POST /conversations/:id/files': ofConversation('POST', '/files', upload),
  'POST /conversations/:id/files, claimed': claimed(ofConversation('POST', '/files', upload)),
  'PUT /conversations/:id/files/:file/parts/:part': ofFile('PUT', '/parts/0', 'begun'),
  'POST /conversations/:id/files/:file/finish': ofFile('POST', '/finish', 'begun'),
  'DELETE /conversations/:id/files/:file': ofFile('DELETE', '', 'begun'),
  'POST /conversations/:id/files/:file/open': ofFile('POST', '/open', 'released', { as: 'show' }),
  'POST /conversations/:id/files/:file/open, a colleague’s': colleagues(
    ofFile('POST', '/open', 'released', { as: 'show' }),
  ),
  'POST /conversations/:id/files/:file/release': ofFile('POST', '/release', 'sent', {
    reason: 'It is ours.',
  }),
  'POST /conversations/:id/codes': ofConversation('POST', '/codes', { address: 'somebody@example.com' }),
  'POST /conversations/:id/tickets': ofConversation('POST', '/tickets', {}),
  'POST /conversations/:id/watch': ofConversation('POST', '/watch', {}),
  'POST /conversations/:id/watch, a colleague’s': colleagues(ofConversation('POST', '/watch', {})),
  'GET /conversations/:id/socket, not shown': entered('conversation', { silent: true }),
  'GET /conversations/:id/socket': entered('conversation'),
  'GET /conversations/:id/socket, a colleague’s': colleagues(entered('conversation')),
  'GET /conversations/:id/socket, the customer’s address': addressSeen,

  'frame post, text': frame('conversation', words('text')),
  'frame post, text, claimed': claimed(frame('conversation', words('text'))),
  'frame post, note': frame('conversation', words('note')),
  'frame typing, text': frame('conversation', { type: 'typing', on: true, kind: 'text' }),
  'frame typing, note': frame('conversation', { type: 'typing', on: true, kind: 'note' }),
  'frame read': frame('conversation', { type: 'read', seq: 1 }),
  'frame read, claimed': claimed(frame('conversation', { type: 'read', seq: 1 })),
  'frame page': frame('conversation', { type: 'page', before: 2, limit: 1 }),
  'frame renew': frame('conversation', { type: 'renew', ticket: 'none' }),
  'inbox frame list, a conversation': inboxEntry,
  'inbox frame list, a colleague’s conversation': colleagues(inboxEntry),
  'inbox frame present': frame('team', { type: 'present', as: 'away' }),
  'inbox frame more': frame('team', { type: 'more', after: null }),
  'inbox frame renew': frame('team', { type: 'renew', ticket: 'none' }),

  'GET /visitors, of a conversation': lists('GET', '/visitors', ({ visitors }, { customer }) =>
    visitors.some(({ id }) => id === customer.id),
  ),
  'GET /bans, of a conversation': async (scene) => {
    const { id: wanted } = await banned(scene);
    return lists('GET', '/bans', ({ bans }) => bans.some(({ id }) => id === wanted))(scene);
  },
  'POST /visitors/:id/copies, of a conversation': async (scene) => {
    const body = scene.actor.member === undefined ? {} : { reason: 'They asked for it.' };
    return request('POST', `/visitors/${scene.customer.id}/copies`, body)(scene);
  },
  'GET /visitors/:id/copies, of a conversation': request(
    'GET',
    ({ customer }) => `/visitors/${customer.id}/copies`,
  ),
  'GET /copies/:id, one’s own': async (scene) => request('GET', await ownCopy(scene))(scene),
  'POST /copies/:id/open, one’s own': async (scene) =>
    request('POST', `${await ownCopy(scene)}/open`, {})(scene),
  'POST /bans': request('POST', '/bans', () => ({
    ...{ kind: 'address', target: `${crypto.randomUUID()}@example.com`, reason: 'Threats', lasts: 60_000 },
  })),
  'POST /conversations/:id/transcripts': ofConversation('POST', '/transcripts', { openpgp: 'none' }),
  'POST /conversations/:id/bans': ofConversation('POST', '/bans', {
    ...{ kind: 'visitor', reason: 'Threats', lasts: 60_000 },
  }),
  'DELETE /bans/:id, of a conversation': async (scene) => {
    const { id } = await banned(scene);
    return request('DELETE', `/bans/${id}`)(scene);
  },

  [everybody]: request('DELETE', '/sessions'),
};

it('P1 every door is open to whom the table says, and to nobody else', async () => {
  team = await newTeam();
  site = await newSite(team);
  const another = await newTeam('Another');
  owner = await newMember('owner', [team]);
  half = await newMember('agent', [team]);
  colleague = await newMember('agent', [team]);
  bystander = await newVisitor(site, network());
  for (const column of ['owner', 'admin', 'supervisor', 'agent', 'auditor'] as const)
    members.set(column, await newMember(column, [team]));
  members.set('privacy officer', await newMember('privacyOfficer', [team]));
  const { id } = await createRole(env, 'Own and waiting', ownAndWaiting);
  members.set('own and waiting', await newMember(id, [team]));
  for (const role of ['supervisor', 'agent'] as const)
    members.set(`${role} of another team`, await newMember(role, [another]));

  const found = new Map<string, string[]>();
  for (const [name, door] of Object.entries(doors)) {
    const knock = async (column: Column) => door(await sceneFor(column, name));
    found.set(name, isInTurn(name) ? await inTurn(knock) : await Promise.all(columns.map(knock)));
  }
  const lines = [...found].map(([name, row]) => `| \`${name}\` | ${row.join(' | ')} |`);
  const wanted = doc.split('\n').filter((line) => line.startsWith('| `'));
  expect(lines.map(tight)).toEqual(wanted.map(tight));
  // Some hundreds of doors and thirteen before each: long where other work takes most of the machine, and nothing is timed.
}, 900_000);

it('P1 no route is without a line in the table', () => {
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
    .map(({ method, path }) => `${method} ${path.slice('/api/v1'.length)}`);
  const known = new Set(Object.keys(doors).map((name) => name.split(', ')[0]));
  expect([...new Set(routes)].filter((route) => !known.has(route))).toEqual([]);
});

it('L7 every door that can change anything says as what it is recorded, or that it is not', () => {
  const doors = app.routes
    .filter(({ method, path }) => !['ALL', 'GET'].includes(method) && path.startsWith('/api/v1/'))
    .map(({ method, path }) => `${method} ${path.slice('/api/v1'.length)}`);
  expect(Object.keys(recordedDoors).toSorted()).toEqual([...new Set(doors)].toSorted());
});

/** The tests of doors that nobody passes here, by their names. */
const others = import.meta.glob<string>('./*/*.test.ts', { query: '?raw', import: 'default', eager: true });

it('L7 what was done at every door that is recorded stands in the ledger, as what that says', async () => {
  const found = await doneHere();
  const lost = Object.entries(recordedDoors).flatMap(([door, action]) =>
    action === null || found.has(`${door} ${action}`) ? [] : [door],
  );
  expect(lost.toSorted()).toEqual(Object.values(elsewhere).flat().toSorted());
  // Each of those tests looks for what is its own.
  for (const file of Object.keys(elsewhere)) expect(others[`./${file}`], file).toContain(`enters('${file}')`);
});

it('L7 every permission that is to be recorded stands in the ledger, of whoever used it', async () => {
  await ledgerOf(env).checkpoint();
  const { results } = await env.DB.prepare(
    `SELECT DISTINCT action FROM ledger WHERE leaf ->> '$.outcome' = 'done' AND actor IS NOT NULL`,
  ).all<{ action: Action }>();
  const found = new Set<string | null | undefined>(results.map(({ action }) => action));
  const wanted = actions.filter((action) => ['always', 'quarterly'].includes(permissions[action].recorded));
  const there = Object.values(elsewhere)
    .flat()
    .map((door) => recordedDoors[door]);
  expect(wanted.filter((action) => !found.has(action) && !there.includes(action))).toEqual([]);
});

function tight(line: string): string {
  return line.replaceAll(/\s+/g, ' ').trim();
}
