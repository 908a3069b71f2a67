import type { Home } from '../start/home.ts';
import type { Mailbox } from '../start/mail.ts';
import { fingerprintOf, type Secrets } from '../start/secrets.ts';
import { OWNER, readablePassword, SECOND_TEAM, STAFF, TEAM } from './cast.ts';
import { Client } from './client.ts';
import { enrol, join, keepOwnerKey } from './joining.ts';
import { type Demo, writeDemo } from './record.ts';
import { REPLIES } from './replies.ts';
import { type DemoSite, SITES } from './sites.ts';

interface Created {
  readonly id: string;
}

/** Makes the demo's organisation through Sotto's own door: teams, invitations by mail, enrolment, sites, replies. */
export async function seedDemo(home: Home, secrets: Secrets, mailbox: Mailbox): Promise<Demo> {
  const client = new Client(home.origin);
  const begun = { keyring: fingerprintOf(secrets.keyring), shopOrigin: home.shopOrigin };
  writeDemo(home.demo, { ...begun, complete: false, people: [], sites: [] });

  const ownerPassword = readablePassword();
  const { team } = await client.post<{ team: Created }>(
    '/setup',
    { owner: { name: OWNER.name, address: OWNER.address, password: ownerPassword }, team: { name: TEAM } },
    secrets.setupToken,
  );
  const { person: owner, session } = await enrol(client, OWNER, ownerPassword);
  const { access } = session;
  const ownerKey = await keepOwnerKey(client, access);
  const { team: second } = await client.post<{ team: Created }>('/teams', { name: SECOND_TEAM }, access);
  const teams = { [TEAM]: team.id, [SECOND_TEAM]: second.id };
  const [staff, sites] = await Promise.all([
    Promise.all(
      STAFF.map(async (member) => {
        const own = member.both === true ? [team.id, second.id] : [team.id];
        return (await join(client, mailbox, member, own, access)).person;
      }),
    ),
    Promise.all(SITES.map((site) => addSite(client, home, site, team, access))),
    Promise.all(
      REPLIES.map(({ team: of, shortcut, text }) =>
        client.post('/replies', { team: of === undefined ? null : teams[of], shortcut, text }, access),
      ),
    ),
  ]);

  const demo = { ...begun, complete: true, ownerKey, people: [...staff, owner], sites };
  writeDemo(home.demo, demo);
  return demo;
}

async function addSite(
  client: Client,
  home: Home,
  { name, path, settings }: DemoSite,
  team: Created,
  access: string,
): Promise<Demo['sites'][number]> {
  const body = { name, team: team.id, origins: [home.shopOrigin] };
  const { site } = await client.post<{ site: Created }>('/sites', body, access);
  await client.patch(`/sites/${site.id}`, { settings }, access);
  return { id: site.id, name, path };
}
