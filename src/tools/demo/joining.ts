import type {
  CodesAnswer,
  EnrolmentAnswer,
  FactorAnswer,
  NewOwnerKeyAnswer,
  SignInAnswer,
  StaffSession,
} from '../../protocol/sign-in.ts';
import type { Mailbox } from '../start/mail.ts';
import { type Member, readablePassword } from './cast.ts';
import { ApiRefusal, type Client } from './client.ts';
import { codeOf, stepAt, stepToSpend } from './codes.ts';
import type { DemoPerson } from './record.ts';

const MAIL_MS = 10_000;

/** Invites somebody, who follows the mail and signs in for the first time. */
export async function join(
  client: Client,
  mailbox: Mailbox,
  member: Member,
  teams: readonly string[],
  access: string,
): Promise<Joined> {
  await invite(client, member, teams, access);
  return accept(client, mailbox, member);
}

export async function invite(
  client: Client,
  { name, address, role }: Member,
  teams: readonly string[],
  access: string,
): Promise<void> {
  await client.post('/people', { name, address, role, teams }, access);
}

/** Follows the mail of an invitation, and signs in for the first time. */
export async function accept(client: Client, mailbox: Mailbox, member: Member): Promise<Joined> {
  const { text } = await mailbox.mailTo(member.address, MAIL_MS);
  const token = /#\/invitation\/(\S+)/.exec(text)?.[1];
  if (token === undefined) throw new Error(`The mail to ${member.address} holds no invitation`);
  const password = readablePassword();
  await client.post('/invitations/redeem', { token, password });
  return enrol(client, member, password);
}

/** The session of a first sign-in, and what it takes to sign in again. */
export interface Joined {
  readonly person: DemoPerson;
  readonly session: StaffSession;
}

/** Signs somebody in for the first time, which is when the second factor is made. */
export async function enrol(client: Client, member: Member, password: string): Promise<Joined> {
  const { token } = await client.post<SignInAnswer>('/sign-in', { address: member.address, password });
  const { secret, uri } = await client.post<EnrolmentAnswer>('/sign-in/enrolment', {}, token);
  const confirm = async (step: number) => {
    const given = { code: codeOf(uri, step) };
    const session = await finish(
      client,
      await client.post<CodesAnswer>('/sign-in/enrolment/confirm', given, token),
    );
    const { name, address, role } = member;
    return {
      session,
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

/** The owner key of the organisation, which counts once it was given back. */
export async function keepOwnerKey(client: Client, access: string): Promise<string> {
  const { ownerKey } = await client.post<NewOwnerKeyAnswer>('/me/owner-key', {}, access);
  await client.post('/me/owner-key/keep', { key: ownerKey }, access);
  return ownerKey;
}

/** Signs somebody in again, with the code of this moment. @throws {ApiRefusal} where that was used already */
export async function signIn(client: Client, { address, password, uri }: DemoPerson): Promise<StaffSession> {
  const { token } = await client.post<SignInAnswer>('/sign-in', { address, password });
  const given = { code: codeOf(uri, stepAt(Date.now())) };
  const answer = await client.post<FactorAnswer>('/sign-in/totp', given, token);
  // Whoever has no recovery codes, as after a restore, is shown some first.
  return 'recoveryCodes' in answer ? finish(client, answer) : answer;
}

/** Shows that the codes were kept. */
function finish(client: Client, { recoveryCodes: [code], token }: CodesAnswer): Promise<StaffSession> {
  return client.post<StaffSession>('/sign-in/enrolment/finish', { code }, token);
}
