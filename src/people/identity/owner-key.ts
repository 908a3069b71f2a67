/**
 * The owner key: for an owner who has lost every second factor and recovery code where fewer than two others could
 * reset them. It is the organisation's, lets one of them in once, and only after a day in which everybody concerned
 * hears of it and can say no. With 160 random bits it needs no slow hash; what is kept of it is keyed.
 */
import type { Env } from '../../config.ts';
import type { Ctx } from '../../http.ts';
import { logFault } from '../../log.ts';
import { limits } from '../../protocol/limits.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { grantsOf } from '../../protocol/roles.ts';
import type { Vault } from '../../vault.ts';
import { accountOf } from '../account.ts';
import { mailOwnerWait, type Notice, notify } from '../mail.ts';
import { may } from '../permission.ts';
import { StaffDirectory, type StaffMember } from '../staff.ts';
import { stands, type Wait } from './owner-key/rules.ts';
import type { KeptKey } from './owner-key/store.ts';
import { readableSecret } from './recovery.ts';

export { nextStep } from './owner-key/rules.ts';
export { type KeptKey, OwnerKeyStore } from './owner-key/store.ts';

export function newOwnerKey(): string {
  return readableSecret(limits.ownerKeyLength);
}

/** What is kept of a key, and compared. @param key as the request's schema leaves it, or as it is shown */
export async function ownerKeyHash(vault: Vault, key: string): Promise<string> {
  return (await vault.lookup('owner-key', key.replaceAll('-', ''))).toHex();
}

/** The wait that was begun last, if it still counts. */
export async function standingWait(
  env: Env,
  kept: KeptKey | undefined,
  now: number,
): Promise<Wait | undefined> {
  const wait = kept?.wait;
  if (wait === undefined) return undefined;
  return stands(wait, await accountOf(env, wait.person).epoch(), now) ? wait : undefined;
}

/** An owner whom fewer than two others could reset (S17): those with the right who have their own second factor. */
export async function isOutOfReach(env: Env, { id, row }: StaffMember): Promise<boolean> {
  if (row.role !== 'owner') return false;
  const others = (await new StaffDirectory(env).list()).filter(
    (other) =>
      other.id !== id &&
      other.row.state === 'active' &&
      other.hasFactor &&
      may({ ...other.row, kind: 'staff' }, 'people.reset', { grants: grantsOf(row) }),
  );
  return others.length < 2;
}

/** Mails the link that ends the wait to everybody concerned. @throws {Refusal} unavailable: nobody could be told */
export async function mailWait(env: Env, member: StaffMember, token: string, opens: number): Promise<void> {
  const name = await member.name();
  const mails = (await concerned(env, member)).map(async (other) =>
    mailOwnerWait(env, await other.address(), name, token, opens),
  );
  const sent = await Promise.allSettled(mails);
  for (const each of sent) if (each.status === 'rejected') logFault('mail.owner-key', each.reason);
  if (sent.every(({ status }) => status === 'rejected')) throw new Refusal('unavailable');
}

/** Tells everybody concerned what became of the owner key. Nobody waits for it. */
export function tellConcerned(c: Ctx, member: StaffMember, notice: Notice): void {
  const telling = async () => {
    const about = `This is about ${await member.name()}.`;
    const all = await concerned(c.env, member);
    await Promise.all(all.map(async (other) => notify(c.env, await other.address(), notice, about)));
  };
  c.executionCtx.waitUntil(telling().catch((error: unknown) => logFault('mail.owner-key', error)));
}

/** The person themselves, and whoever sees to people's second factors: all owners and admins. */
async function concerned(env: Env, { id }: StaffMember): Promise<StaffMember[]> {
  const all = await new StaffDirectory(env).list();
  return all.filter(
    ({ id: other, row }) =>
      other === id || (row.state === 'active' && may({ ...row, kind: 'staff' }, 'people.reset')),
  );
}
