import type { EnrolmentAnswer, SignInAnswer, StaffSession } from '../../protocol/bodies.ts';
import type { Home } from '../start/home.ts';
import type { Mailbox } from '../start/mail.ts';
import { fingerprintOf, type Secrets } from '../start/secrets.ts';
import { type Member, OWNER, readablePassword, SECOND_TEAM, STAFF, TEAM } from './cast.ts';
import { ApiRefusal, Client } from './client.ts';
import { codeOf, stepAt, stepToSpend } from './codes.ts';
import { type Demo, type DemoPerson, writeDemo } from './record.ts';
import { REPLIES } from './replies.ts';
import { type DemoSite, SITES } from './sites.ts';

const MAIL_MS = 10_000;

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
  const { person: owner, access } = await enrol(client, OWNER, ownerPassword);
  const { team: second } = await client.post<{ team: Created }>('/teams', { name: SECOND_TEAM }, access);
  const teams = { [TEAM]: team.id, [SECOND_TEAM]: second.id };
  const [staff, sites] = await Promise.all([
    Promise.all(
      STAFF.map((member) => {
        const own = member.both === true ? [team.id, second.id] : [team.id];
        return join(client, mailbox, member, own, access);
      }),
    ),
    Promise.all(SITES.map((site) => addSite(client, home, site, team, access))),
    Promise.all(
      REPLIES.map(({ team: of, shortcut, text }) =>
        client.post('/replies', { team: of === undefined ? null : teams[of], shortcut, text }, access),
      ),
    ),
  ]);

  const demo = { ...begun, complete: true, people: [...staff, owner], sites };
  writeDemo(home.demo, demo);
  return demo;
}

async function join(
  client: Client,
  mailbox: Mailbox,
  member: Member,
  teams: readonly string[],
  access: string,
): Promise<DemoPerson> {
  const { name, address, role } = member;
  await client.post('/people', { name, address, role, teams }, access);
  const { text } = await mailbox.mailTo(member.address, MAIL_MS);
  const token = /#\/invitation\/(\S+)/.exec(text)?.[1];
  if (token === undefined) throw new Error(`The mail to ${member.address} holds no invitation`);
  const password = readablePassword();
  await client.post('/invitations/redeem', { token, password });
  const { person } = await enrol(client, member, password);
  return person;
}

/** Signs somebody in for the first time, which is when the second factor is made. */
async function enrol(
  client: Client,
  member: Member,
  password: string,
): Promise<{ person: DemoPerson; access: string }> {
  const { token } = await client.post<SignInAnswer>('/sign-in', { address: member.address, password });
  const { secret, uri } = await client.post<EnrolmentAnswer>('/sign-in/enrolment', {}, token);
  const confirm = async (step: number) => {
    const session = await client.post<StaffSession>(
      '/sign-in/enrolment/confirm',
      { code: codeOf(uri, step) },
      token,
    );
    const { name, address, role } = member;
    return {
      access: session.access,
      person: { name, address, role, password, secret, uri, spent: step },
    };
  };
  const oldest = stepToSpend(Date.now());
  try {
    return await confirm(oldest);
  } catch (error) {
    // The step may have run out on the way.
    if (!(error instanceof ApiRefusal) || error.status >= 500 || stepAt(Date.now()) === oldest) throw error;
    return confirm(stepAt(Date.now()));
  }
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
