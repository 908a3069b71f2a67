import type { EnrolmentAnswer, SignInAnswer, StaffSession } from '../../protocol/bodies.ts';
import type { Home } from '../start/home.ts';
import type { Mailbox } from '../start/mail.ts';
import { fingerprintOf, type Secrets } from '../start/secrets.ts';
import { type Member, OWNER, readablePassword, SITES, STAFF, TEAM } from './cast.ts';
import { ApiRefusal, Client } from './client.ts';
import { codeOf, stepAt, stepToSpend } from './codes.ts';
import { type Demo, type DemoPerson, writeDemo } from './record.ts';

const MAIL_MS = 10_000;

interface Created {
  readonly id: string;
}

/** Makes the demo's organisation through Sotto's own door: set-up, invitations by mail, enrolment, sites. */
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
  const [staff, sites] = await Promise.all([
    Promise.all(STAFF.map((member) => join(client, mailbox, member, team, access))),
    Promise.all(SITES.map((site) => addSite(client, home, site, team, access))),
  ]);

  const demo = { ...begun, complete: true, people: [...staff, owner], sites };
  writeDemo(home.demo, demo);
  return demo;
}

async function join(
  client: Client,
  mailbox: Mailbox,
  member: Member,
  team: Created,
  access: string,
): Promise<DemoPerson> {
  await client.post('/people', { ...member, teams: [team.id] }, access);
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
    return { access: session.access, person: { ...member, password, secret, uri, spent: step } };
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
  { name, path }: (typeof SITES)[number],
  team: Created,
  access: string,
): Promise<Demo['sites'][number]> {
  const body = { name, team: team.id, origins: [home.shopOrigin] };
  const { site } = await client.post<{ site: Created }>('/sites', body, access);
  return { id: site.id, name, path };
}
