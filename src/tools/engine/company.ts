/** The real Sotto on workerd with an organisation in it, whose people came to be by its own doors. */
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { VisitorSession } from '../../protocol/bodies.ts';
import { OWNER, readablePassword } from '../demo/cast.ts';
import { Client } from '../demo/client.ts';
import { enrol, join as invited } from '../demo/joining.ts';
import { Mailbox } from '../start/mail.ts';
import { Caller } from './caller.ts';
import { migrate, startWorkerd, type Wish, type Workerd } from './workerd.ts';

const ORIGIN = 'https://sotto.test';
/** Nobody is to be refused for haste who is there to be hasty. */
const UNHURRIED = { POSTS_AT_ONCE: '100000000', POSTS_PER_SECOND: '100000000' };
const DOOR_LIMIT = 100_000_000;

export interface Company {
  readonly workerd: Workerd;
  readonly team: string;
  readonly site: string;
  readonly agents: readonly Caller[];
  visitor(): Promise<Caller>;
  stop(): Promise<void>;
}

/** @param folder where its storage and its mail lie */
export async function startCompany(
  folder: string,
  agents: number,
  wish: Pick<Wish, 'code' | 'config'>,
): Promise<Company> {
  const setup = randomBytes(24).toString('base64url');
  const mailbox = new Mailbox(join(folder, 'mail'));
  const workerd = await startWorkerd({
    ...wish,
    state: join(folder, 'state'),
    doorLimit: DOOR_LIMIT,
    onLog: (line) => mailbox.hear(line),
    bindings: {
      ...UNHURRIED,
      ORIGIN,
      KEYRING: `1:${randomBytes(32).toString('base64url')}`,
      SETUP_TOKEN: setup,
    },
  });
  await migrate(await workerd.database());
  const client = new Client(workerd.url.origin, ORIGIN);
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
  const people: Caller[] = [];
  for (let n = 1; n <= agents; n++) {
    const own = new Client(workerd.url.origin, ORIGIN);
    const member = { name: `Agent ${n}`, address: `agent-${n}@example.com`, role: 'agent' as const };
    const { session } = await invited(own, mailbox, member, [team.id], owner.session.access);
    people.push(new Caller(workerd.url, own, session.person.id, session, '/session/refresh'));
  }
  return {
    workerd,
    team: team.id,
    site: site.id,
    agents: people,
    visitor: async () => {
      const own = new Client(workerd.url.origin, ORIGIN);
      const path = `/sites/${site.id}/visitor`;
      const session = await own.post<VisitorSession>(path, {});
      return new Caller(workerd.url, own, session.visitor.id, session, path);
    },
    stop: () => workerd.stop(),
  };
}
