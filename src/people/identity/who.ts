/** Who asks about their own sign-in: somebody whose password was proved, or somebody who is signed in. */
import type { Ctx } from '../../http.ts';
import { Refusal } from '../../protocol/refusals.ts';
import { grantsOf } from '../../protocol/roles.ts';
import { type AccountStub, accountOf } from '../account.ts';
import { halfSignedInOf, refuseBlocked, requireStepUp, staffOf } from '../guard.ts';
import type { Staff } from '../permission.ts';
import { beginFor } from '../recording.ts';
import { StaffDirectory, type StaffMember } from '../staff.ts';

/** Somebody whose password was proved, and in which epoch of their account, which has to be that of today. */
export async function halfSignedIn(c: Ctx): Promise<{ member: StaffMember; epoch: number }> {
  const { sub, epoch } = await halfSignedInOf(c.env, c.req.raw);
  const member = await new StaffDirectory(c.env).byId(sub);
  if (member?.row.state !== 'active') throw new Refusal('signed_out');
  if ((await accountOf(c.env, member.id).epoch()) !== epoch) throw new Refusal('signed_out');
  await refuseBlocked(c.env, c.req.raw, grantsOf(member.row));
  await beginFor(c, member.id);
  return { member, epoch };
}

/** Whoever asks; for what is worth a theft only with a second factor proved just now. */
export async function myself(
  c: Ctx,
  needs?: 'stepped up',
): Promise<{ staff: Staff; member: StaffMember; account: AccountStub }> {
  const staff = await staffOf(c.env, c.req.raw);
  if (needs === 'stepped up') await requireStepUp(c.env, staff);
  const member = await new StaffDirectory(c.env).byId(staff.id);
  if (member === undefined) throw new Refusal('signed_out');
  return { staff, member, account: accountOf(c.env, staff.id) };
}
