/** What a person does about their own sign-in: their factors, their recovery codes, their password, their sessions. */
import { Hono } from 'hono';
import { vaultOf } from '../../config.ts';
import { bodyOf, type Ctx, fitting, type Http } from '../../http.ts';
import { emptyRequest } from '../../protocol/bodies.ts';
import { idSchema } from '../../protocol/ids.ts';
import { Refusal } from '../../protocol/refusals.ts';
import {
  addressChangeRequest,
  type CeremonyAnswer,
  codeRequest,
  type EnrolmentAnswer,
  type MyAnswer,
  type NewCodesAnswer,
  newPasskeyRequest,
  passkeyNameRequest,
  type PasskeyView,
  passwordChangeRequest,
  recoveryRequest,
  type SessionView,
  stepUpRequest,
} from '../../protocol/sign-in.ts';
import { leftCodes, mailAddress, type Notice } from '../mail.ts';
import { may } from '../permission.ts';
import { setPassword, StaffDirectory, type StaffMember } from '../staff.ts';
import { additionFor, attestedPasskey, challengeFor, PasskeyStore, provedPasskey } from './passkeys.ts';
import { hashPassword, requireFit, verifyPassword } from './password.ts';
import { newLink } from './mailed-link.ts';
import { OwnerKeyStore } from './owner-key.ts';
import { limitProofs, offeredCodes, provedStep, tell, triedRecovery } from './proving.ts';
import { enrolmentOf, newTotpSecret } from './totp.ts';
import { networkHashOf } from './whence.ts';
import { myself } from './who.ts';

export const myRoutes = new Hono<Http>()
  .get('/me/sign-in', async (c) => {
    const { staff, member, account } = await myself(c);
    const passkeys = await new PasskeyStore(c.env.DB).of(member.id);
    const views = passkeys.map(async ({ id, name, createdAt, usedAt }): Promise<PasskeyView> => {
      return { id, name: await member.openPasskeyName(id, name), createdAt, usedAt };
    });
    const sessions = await account.sessions();
    const ownerKey = may(staff, 'owners.makeKey') ? await new OwnerKeyStore(c.env.DB).find() : null;
    return c.json<MyAnswer>({
      totp: member.row.totp !== undefined,
      passkeys: await Promise.all(views),
      ownerKey: ownerKey === null ? null : ownerKey === undefined ? 'none' : 'kept',
      codesLeft: await account.countRecoveryCodes(),
      sessions: sessions.map(({ id, device, country, authAt, usedAt }): SessionView => {
        return { id, device, country, startedAt: authAt, usedAt, current: id === staff.session };
      }),
    });
  })

  .post('/me/step-up/passkey', async (c) => {
    const { member } = await myself(c);
    await bodyOf(c, emptyRequest);
    return c.json<CeremonyAnswer>(await challengeFor(c.env, member.id));
  })

  .post('/me/step-up', async (c) => {
    const { staff, member, account } = await myself(c);
    const given = await bodyOf(c, stepUpRequest);
    const network = await networkHashOf(c);
    if ('recoveryCode' in given) {
      const hash = await triedRecovery(c, member, given.recoveryCode);
      const codesLeft = await account.stepUpByRecovery(staff.session, hash);
      if (codesLeft === undefined) throw new Refusal('wrong_code');
      await account.passTry('recovery', network);
      return done(c, member, 'steppedUp', leftCodes(codesLeft));
    }
    if ('code' in given) {
      const secret = await member.open('totp');
      if (secret === undefined) throw new Refusal('wrong_code');
      const step = await provedStep(c, member, secret, given.code);
      if (!(await account.stepUp(staff.session, { by: 'totp', step }))) throw new Refusal('wrong_code');
      await account.passTry('totp', network);
      return c.json({});
    }
    const { challenge } = await provedPasskey(c.env, given, member.id);
    if (!(await account.stepUp(staff.session, { by: 'passkey', challenge })))
      throw new Refusal('wrong_passkey');
    return c.json({});
  })

  .post('/me/password', async (c) => {
    const { staff, member, account } = await myself(c, 'stepped up');
    await limitProofs(c);
    const { current, password } = await bodyOf(c, passwordChangeRequest);
    const network = await networkHashOf(c);
    if (!(await account.startTry('password', network))) throw new Refusal('wrong_credentials');
    const vault = await vaultOf(c.env);
    if (!(await verifyPassword(vault, current, await member.open('password'))))
      throw new Refusal('wrong_credentials');
    await account.passTry('password', network);
    await requireFit(password, [await member.name(), await member.address()]);
    const hashed = await hashPassword(vault, password);
    await setPassword(c.env, member, hashed);
    await account.endSessions(staff.session);
    return done(c, member, 'password');
  })

  .post('/me/address', async (c) => {
    const { member, account } = await myself(c, 'stepped up');
    const { address } = await bodyOf(c, addressChangeRequest);
    const directory = new StaffDirectory(c.env);
    if ((await directory.byLookup(await directory.lookup(address))) !== undefined)
      throw new Refusal('address_taken');
    if (!(await account.startMail())) throw new Refusal('too_fast');
    const { token, hash } = await newLink(member.id);
    await account.setLink('address', hash, await member.sealAddress(address));
    await mailAddress(c.env, address, token);
    return done(c, member, 'addressAsked');
  })

  .post('/me/recovery-codes', async (c) => {
    const { staff, member } = await myself(c, 'stepped up');
    await bodyOf(c, emptyRequest);
    return c.json<NewCodesAnswer>({ recoveryCodes: await offeredCodes(c, member, staff.session) });
  })

  .post('/me/recovery-codes/keep', async (c) => {
    const { staff, member, account } = await myself(c);
    const { code } = await bodyOf(c, recoveryRequest);
    const hash = await triedRecovery(c, member, code);
    if (!(await account.keepRecoveryCodes(hash, staff.session))) throw new Refusal('wrong_code');
    await account.passTry('recovery', await networkHashOf(c));
    return done(c, member, 'codes');
  })

  .post('/me/totp', async (c) => {
    const { staff, member, account } = await myself(c, 'stepped up');
    await bodyOf(c, emptyRequest);
    const secret = newTotpSecret();
    await account.setPendingTotp(await member.seal('totp', secret), staff.session);
    return c.json<EnrolmentAnswer>(enrolmentOf(secret, await member.address()));
  })

  .post('/me/totp/confirm', async (c) => {
    const { staff, member, account } = await myself(c);
    const { code } = await bodyOf(c, codeRequest);
    const sealed = await account.pendingTotp(staff.session);
    if (sealed === undefined) throw new Refusal('setup_gone');
    const secret = await member.openTotp(sealed);
    if (secret === undefined) throw new Refusal('setup_gone');
    const step = await provedStep(c, member, secret, code);
    await account.tookTotp(step);
    await account.passTry('totp', await networkHashOf(c));
    const directory = new StaffDirectory(c.env);
    await directory.write(member, async (now) =>
      directory.store.setTotp(now.row, await now.seal('totp', secret)),
    );
    return done(c, member, 'totp');
  })

  .delete('/me/totp', async (c) => {
    const { member } = await myself(c, 'stepped up');
    if (!(await new StaffDirectory(c.env).store.dropTotp(member.id))) throw new Refusal('last_factor');
    return done(c, member, 'totpRemoved');
  })

  .post('/me/passkeys/challenge', async (c) => {
    const { staff, member } = await myself(c, 'stepped up');
    await bodyOf(c, emptyRequest);
    return c.json<CeremonyAnswer>(await additionFor(c.env, member, staff.session));
  })

  .post('/me/passkeys', async (c) => {
    const { staff, member, account } = await myself(c);
    const given = await bodyOf(c, newPasskeyRequest);
    const { passkey, challenge } = await attestedPasskey(c.env, member, given, staff.session);
    if (!(await account.spendChallenge(challenge))) throw new Refusal('wrong_passkey');
    const passkeys = new PasskeyStore(c.env.DB);
    const isAdded = await new StaffDirectory(c.env).write(member, async (now) =>
      passkeys.add(now.row, { ...passkey, name: await now.sealPasskeyName(passkey.id, given.name) }),
    );
    if (!isAdded) throw new Refusal('no_room');
    return done(c, member, 'passkey');
  })

  .patch('/me/passkeys/:id', async (c) => {
    const { member } = await myself(c);
    const id = c.req.param('id');
    const { name } = await bodyOf(c, passkeyNameRequest);
    const passkeys = new PasskeyStore(c.env.DB);
    const isRenamed = await new StaffDirectory(c.env).write(member, async (now) =>
      passkeys.rename(now.row, id, await now.sealPasskeyName(id, name)),
    );
    if (!isRenamed) throw new Refusal('not_found');
    return c.json({});
  })

  .delete('/me/passkeys/:id', async (c) => {
    const { member } = await myself(c, 'stepped up');
    const store = new PasskeyStore(c.env.DB);
    const passkey = await store.byId(c.req.param('id'));
    if (passkey?.person !== member.id) throw new Refusal('not_found');
    if (!(await store.remove(member.id, passkey.id))) throw new Refusal('last_factor');
    return done(c, member, 'passkeyRemoved');
  })

  .delete('/me/sessions', async (c) => {
    const { staff, account } = await myself(c);
    await account.endSessions(staff.session);
    return c.json({});
  })

  .delete('/me/sessions/:id', async (c) => {
    const { account } = await myself(c);
    await account.endSession(fitting(idSchema('session'), c.req.param('id')));
    return c.json({});
  });

/** It is done, and its person hears of it, whether or not it was they. */
function done(c: Ctx, member: StaffMember, notice: Notice, more?: string): Response {
  tell(c, member, notice, more);
  return c.json({});
}
