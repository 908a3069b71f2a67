/** The owner key: made by an owner, used by one who has lost everything, stopped by whoever hears of it in time. */
import { Hono } from 'hono';
import { vaultOf } from '../../config.ts';
import { bodyOf, type Ctx, type Http } from '../../http.ts';
import { emptyRequest } from '../../protocol/bodies.ts';
import { lifetimes } from '../../protocol/limits.ts';
import { Refusal } from '../../protocol/refusals.ts';
import {
  linkRequest,
  type NewOwnerKeyAnswer,
  type OwnerKeyAnswer,
  ownerKeyRequest,
} from '../../protocol/sign-in.ts';
import { accountOf } from '../account.ts';
import { allow, tokensOf } from '../guard.ts';
import { beginFor, note } from '../recording.ts';
import { StaffDirectory, type StaffMember } from '../staff.ts';
import { newLink, readLink } from './mailed-link.ts';
import {
  isOutOfReach,
  type KeptKey,
  mailWait,
  newOwnerKey,
  nextStep,
  ownerKeyHash,
  OwnerKeyStore,
  standingWait,
  tellConcerned,
} from './owner-key.ts';
import { networkHashOf, placeOf } from './whence.ts';
import { halfSignedIn, myself } from './who.ts';

export const ownerKeyRoutes = new Hono<Http>()
  .post('/me/owner-key', async (c) => {
    const { staff, account } = await myself(c, 'stepped up');
    allow(staff, 'owners.makeKey');
    await bodyOf(c, emptyRequest);
    const ownerKey = newOwnerKey();
    await account.offerOwnerKey(await ownerKeyHash(await vaultOf(c.env), ownerKey), staff.session);
    return c.json<NewOwnerKeyAnswer>({ ownerKey });
  })

  .post('/me/owner-key/keep', async (c) => {
    const { staff, member, account } = await myself(c);
    allow(staff, 'owners.makeKey');
    const hash = await triedKey(c, member);
    if (!(await account.keepOwnerKey(hash, staff.session))) throw wrongKey();
    await account.passTry('ownerKey', await networkHashOf(c));
    await new OwnerKeyStore(c.env.DB).replace(hash, Date.now());
    tellConcerned(c, member, 'ownerKey');
    return c.json({});
  })

  .post('/sign-in/owner-key', async (c) => {
    const { member, epoch } = await halfSignedIn(c);
    const hash = await triedKey(c, member);
    const [kept, isMeant] = await Promise.all([
      new OwnerKeyStore(c.env.DB).find(),
      isOutOfReach(c.env, member),
    ]);
    if (kept?.hash !== hash || !isMeant) throw wrongKey();
    const now = Date.now();
    const wait = await standingWait(c.env, kept, now);
    const next = nextStep(wait, member.id, now);
    if (next === 'refuse') throw wrongKey();
    await accountOf(c.env, member.id).passTry('ownerKey', await networkHashOf(c));
    note(c, { actor: member.id, facts: { next }, personal: placeOf(c) });
    if (next === 'enter') return c.json<OwnerKeyAnswer>(await letIn(c, member, kept));
    const since = wait?.since ?? (await beginWait(c, member, kept, epoch));
    return c.json<OwnerKeyAnswer>({ next: 'wait', until: since + lifetimes.ownerWait, now });
  })

  .post('/owner-key/cancel', async (c) => {
    const { token } = await bodyOf(c, linkRequest);
    const { person, hash } = await readLink(token);
    const store = new OwnerKeyStore(c.env.DB);
    const wait = await standingWait(c.env, await store.find(), Date.now());
    const directory = new StaffDirectory(c.env);
    const member = await directory.byId(person);
    if (member === undefined || wait?.person !== person || wait.link !== hash) throw new Refusal('link_gone');
    await beginFor(c, person);
    // Whoever began it knew the key and the password. The key stays good, or an owner who has lost everything could
    // be kept out for ever by whoever steals it; the password, which takes the person's mail to be replaced, does not.
    await directory.store.voidPassword(person);
    await accountOf(c.env, person).endSessions();
    await store.endWait(person);
    tellConcerned(c, member, 'ownerWaitCancelled');
    return c.json({});
  });

/** The same words whether it is another key, was used or replaced, or is not meant for whoever gives it. */
function wrongKey(): Refusal {
  return new Refusal(
    'wrong_code',
    'This owner key is wrong or no longer good, or others can help you, or there were too many tries.',
  );
}

/** What is kept of the key that is tried, or a refusal as for a wrong one. */
async function triedKey(c: Ctx, member: StaffMember): Promise<string> {
  const { key } = await bodyOf(c, ownerKeyRequest);
  if (!(await accountOf(c.env, member.id).startTry('ownerKey', await networkHashOf(c)))) throw wrongKey();
  return ownerKeyHash(await vaultOf(c.env), key);
}

/** Everybody concerned is told first: there is no wait that nobody heard of. When it began. */
async function beginWait(c: Ctx, member: StaffMember, kept: KeptKey, epoch: number): Promise<number> {
  const since = Date.now();
  const { token, hash: link } = await newLink(member.id);
  await mailWait(c.env, member, token, since + lifetimes.ownerWait);
  const wait = { person: member.id, since, epoch, link };
  if (!(await new OwnerKeyStore(c.env.DB).beginWait(kept, wait))) throw wrongKey();
  return since;
}

/** They enrol anew, as after a reset by two colleagues. The key is used up. */
async function letIn(c: Ctx, member: StaffMember, kept: KeptKey): Promise<OwnerKeyAnswer> {
  if (!(await new OwnerKeyStore(c.env.DB).use(kept, member.id))) throw wrongKey();
  const account = accountOf(c.env, member.id);
  await account.resetEnrolment();
  tellConcerned(c, member, 'ownerKeyUsed');
  const claims = { sub: member.id, epoch: await account.epoch() };
  const { token } = await (await tokensOf(c.env)).factor(claims, Date.now());
  return { next: 'enrolment', token };
}
