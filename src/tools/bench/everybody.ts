/** How soon everybody is out: a thousand people with five thousand sockets, and one request. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { bundleInto } from '../bundle.ts';
import { OWNER, readablePassword } from '../demo/cast.ts';
import { Client } from '../demo/client.ts';
import { codeOf, stepAt } from '../demo/codes.ts';
import { accept, enrol, invite } from '../demo/joining.ts';
import { Caller } from '../engine/caller.ts';
import { unhurried } from '../engine/company.ts';
import type { Line } from '../engine/line.ts';
import { migrate, startWorkerd, type Workerd } from '../engine/workerd.ts';
import { Mailbox } from '../start/mail.ts';

const ORIGIN = 'https://sotto.test';
const TEAMS = 20;
const PER_TEAM = 50;
/** Each person sits in their team's inbox and in so many of its conversations. */
const CONVERSATIONS = 8;
const SEATS = 5;
/** Passwords are hashed one after the other by the one process, and more at once only wait. */
const AT_ONCE = 4;
const PRECISION_MS = 5;

export interface SignedOut {
  readonly people: number;
  readonly sockets: number;
  /** Milliseconds from the request until it was answered, and until the sockets were closed. */
  readonly answered: number;
  readonly closed: { readonly p50: number; readonly p99: number; readonly last: number };
}

/** Takes about twelve minutes, nearly all of them for the people to come in by the front door. */
export async function signedOut(folder: string): Promise<SignedOut> {
  const mailbox = new Mailbox(join(folder, 'mail'));
  const settings = unhurried();
  const workerd = await startWorkerd({
    ...settings,
    code: await bundleInto(join(folder, 'code')),
    state: join(folder, 'state'),
    onLog: (line) => mailbox.hear(line),
  });
  try {
    await migrate(await workerd.database());
    return await measured(workerd, settings.bindings.SETUP_TOKEN, mailbox);
  } finally {
    await workerd.stop();
  }
}

type Seated = { caller: Caller; team: number };

async function measured({ url }: Workerd, setup: string, mailbox: Mailbox): Promise<SignedOut> {
  const client = new Client(url.origin, ORIGIN);
  const password = readablePassword();
  const first = { name: OWNER.name, address: OWNER.address, password };
  await client.post('/setup', { owner: first, team: { name: 'Everybody' } }, setup);
  const { person: owner, session } = await enrol(client, OWNER, password);
  const teams: { id: string; rooms: string[] }[] = [];
  for (let n = 0; n < TEAMS; n++) teams.push(await newTeam(url, client, session.access, n));
  const members = Array.from({ length: TEAMS * PER_TEAM - 1 }, (_, n) => ({
    member: { name: `Agent ${n}`, address: `agent-${n}@example.com`, role: 'agent' as const },
    team: n % TEAMS,
  }));
  for (const { member, team } of members)
    await invite(client, member, [teams[team]?.id ?? ''], session.access);
  const people = await inGroups(members, async ({ member, team }) => {
    const own = new Client(url.origin, ORIGIN);
    const joined = await accept(own, mailbox, member);
    return { caller: callerOf(url, own, joined.session), team };
  });
  const access = (await client.post<{ access: string }>('/session/refresh', {})).access;
  people.push({ caller: callerOf(url, new Client(url.origin, ORIGIN), { ...session, access }), team: 0 });
  const lines = (await inGroups(people, (seated, n) => seats(seated, n, teams))).flat();

  // A code counts once: that of the next step was never given.
  await wait(31_000);
  await client.post('/me/step-up', { code: codeOf(owner.uri, stepAt(Date.now())) }, access);
  const own = new Set(lines.slice(-SEATS));
  const begun = performance.now();
  const closings = closed(
    lines.filter((line) => !own.has(line)),
    begun,
  );
  await client.delete('/sessions', access);
  const answered = performance.now() - begun;
  const times = await closings;
  if ([...own].some(({ ended }) => ended !== undefined)) throw new Error('The owner was signed out too');
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? NaN;
  return {
    people: people.length,
    sockets: lines.length,
    answered,
    closed: { p50: at(0.5), p99: at(0.99), last: at(1) },
  };
}

/**
 * When each of them was closed, in milliseconds since then, the earliest first: its close has arrived, and it hears
 * nothing more. Until the runtime lets go of the connection as well some seconds go by.
 */
async function closed(lines: readonly Line[], since: number): Promise<number[]> {
  const times: number[] = [];
  let open = lines;
  while (open.length > 0) {
    await wait(PRECISION_MS);
    const now = performance.now() - since;
    const still = open.filter(({ socket }) => socket.readyState === WebSocket.OPEN);
    for (let n = still.length; n < open.length; n++) times.push(now);
    open = still;
  }
  return times;
}

/** A team with its site, on which customers have begun conversations. */
async function newTeam(url: URL, client: Client, access: string, n: number) {
  const { team } = await client.post<{ team: { id: string } }>('/teams', { name: `Team ${n}` }, access);
  const origins = ['https://shop.test'];
  const shop = { name: `Shop ${n}`, team: team.id, origins };
  const { site } = await client.post<{ site: { id: string } }>('/sites', shop, access);
  const rooms: string[] = [];
  for (let each = 0; each < CONVERSATIONS; each++) {
    const own = new Client(url.origin, ORIGIN);
    rooms.push(await callerOf(url, own, await own.post(`/sites/${site.id}/visitor`, {})).begin('Hello'));
  }
  return { id: team.id, rooms };
}

function callerOf(url: URL, client: Client, session: ConstructorParameters<typeof Caller>[3]): Caller {
  return new Caller(url, client, '', session, () => client.post('/session/refresh', {}));
}

/** The inbox, and conversations one after the other, so that all have as many. */
async function seats(
  { caller, team }: Seated,
  n: number,
  teams: readonly { id: string; rooms: string[] }[],
): Promise<Line[]> {
  const { id, rooms } = teams[team] ?? { id: '', rooms: [] };
  const chosen = Array.from({ length: SEATS - 1 }, (_, each) => rooms[(n + each) % rooms.length] ?? '');
  const lines: Line[] = [];
  for (const room of [`/teams/${id}`, ...chosen]) lines.push(await caller.join(room));
  return lines;
}

async function inGroups<Thing, Made>(
  things: readonly Thing[],
  make: (thing: Thing, n: number) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = [];
  for (let from = 0; from < things.length; from += AT_ONCE) {
    const group = things.slice(from, from + AT_ONCE);
    made.push(...(await Promise.all(group.map((thing, n) => make(thing, from + n)))));
  }
  return made;
}

export function everybodyInWords({ people, sockets, answered, closed }: SignedOut): string {
  const ms = (time: number) => `${Math.round(time)} ms`;
  return [
    `${people} people with ${sockets} sockets, signed out by one request:`,
    `answered after ${ms(answered)}; sockets closed after ${ms(closed.p50)} (half), ${ms(closed.p99)} (99 %), ${ms(closed.last)} (all)`,
  ].join('\n');
}
