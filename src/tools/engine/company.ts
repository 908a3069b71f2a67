/** The real Sotto on workerd with an organisation in it, whose people came to be by its own doors. */
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { VisitorSession } from '../../protocol/visitors.ts';
import { OWNER, readablePassword } from '../demo/cast.ts';
import { ApiRefusal, Client } from '../demo/client.ts';
import { enrol, type Joined, join as invited, signIn } from '../demo/joining.ts';
import { Mailbox } from '../start/mail.ts';
import { Caller, type Session } from './caller.ts';
import { migrate, startWorkerd, type Wish, type Workerd } from './workerd.ts';

export const ORIGIN = 'https://sotto.test';
/** Nobody is to be refused for haste who is there to be hasty. */
const UNHURRIED = { POSTS_AT_ONCE: '100000000', POSTS_PER_SECOND: '100000000' };
const DOOR_LIMIT = 100_000_000;

/** A team with a site, and its people, all of them signed in. */
export interface Organisation {
  readonly team: string;
  readonly site: string;
  readonly owner: Caller;
  readonly agents: readonly Caller[];
  /** Signs an agent in again with both factors, another one each time. */
  signIn(): Promise<void>;
  /**
   * Whoever was signed out has signed in again. For each time: how long after they first asked to stay, in
   * milliseconds, which a server that is away for long makes too late.
   */
  readonly signedOut: readonly number[];
  visitor(): Promise<Caller>;
}

export interface Company extends Organisation {
  readonly workerd: Workerd;
  stop(): Promise<void>;
}

/**
 * @param folder where its storage and its mail lie
 * @param wish its variables go over those that let everybody through in any haste
 */
export async function startCompany(
  folder: string,
  agents: number,
  wish: Pick<Wish, 'code' | 'config' | 'bindings'>,
): Promise<Company> {
  const mailbox = new Mailbox(join(folder, 'mail'));
  const settings = unhurried();
  const workerd = await startWorkerd({
    ...wish,
    ...settings,
    bindings: { ...settings.bindings, ...wish.bindings },
    state: join(folder, 'state'),
    onLog: (line) => mailbox.hear(line),
  });
  try {
    await migrate(await workerd.database());
    const organisation = await organise(workerd.url, settings.bindings.SETUP_TOKEN, mailbox, agents);
    return { ...organisation, workerd, stop: () => workerd.stop() };
  } catch (error) {
    await workerd.stop();
    throw error;
  }
}

/** Settings of a server of which much will be asked, with secrets of its own. */
export function unhurried() {
  return {
    doorLimit: DOOR_LIMIT,
    bindings: {
      ...UNHURRIED,
      ORIGIN,
      KEYRING: `1:${randomBytes(32).toString('base64url')}`,
      SETUP_TOKEN: randomBytes(24).toString('base64url'),
    },
  };
}

/** Sets up a Sotto that nobody has set up yet. */
export async function organise(
  url: URL,
  setup: string,
  mailbox: Mailbox,
  agents: number,
): Promise<Organisation> {
  const client = new Client(url.origin, ORIGIN);
  const password = readablePassword();
  const { team } = await client.post<{ team: { id: string } }>(
    '/setup',
    { owner: { name: OWNER.name, address: OWNER.address, password }, team: { name: 'Support' } },
    setup,
  );
  const owner = await enrol(client, OWNER, password);
  const { site } = await client.post<{ site: { id: string } }>(
    '/sites',
    { name: 'Shop', team: team.id, origins: ['https://shop.test'] },
    owner.session.access,
  );
  const signedOut: number[] = [];
  const staff = (own: Client, joined: Joined) => {
    const { id } = joined.session.person;
    return new Caller(url, own, id, joined.session, staying(own, joined.person, signedOut));
  };
  const people: Caller[] = [];
  const known: Joined['person'][] = [];
  for (let n = 1; n <= agents; n++) {
    const own = new Client(url.origin, ORIGIN);
    const member = { name: `Agent ${n}`, address: `agent-${n}@example.com`, role: 'agent' as const };
    const joined = await invited(own, mailbox, member, [team.id], owner.session.access);
    known.push(joined.person);
    people.push(staff(own, joined));
  }
  return {
    team: team.id,
    site: site.id,
    owner: staff(client, owner),
    agents: people,
    signedOut,
    signIn: async () => {
      const person = known.shift();
      if (person === undefined) throw new Error('everybody is signed in again');
      await signIn(new Client(url.origin, ORIGIN), person);
    },
    visitor: async () => {
      const own = new Client(url.origin, ORIGIN);
      const path = `/sites/${site.id}/visitor`;
      const again = () => own.post<VisitorSession>(path, {});
      const session = await again();
      return new Caller(url, own, session.visitor.id, session, again);
    },
  };
}

/** How a member of staff stays signed in. */
function staying(client: Client, person: Joined['person'], signedOut: number[]): () => Promise<Session> {
  let firstTry: number | undefined;
  return async () => {
    firstTry ??= Date.now();
    let session: Session;
    try {
      session = await client.post<Session>('/session/refresh', {});
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.status !== 401) throw error;
      session = await signIn(client, person);
      signedOut.push(Date.now() - firstTry);
    }
    firstTry = undefined;
    return session;
  };
}
