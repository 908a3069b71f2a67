/** A conversation by mail, to its customer and their OpenPGP key. */
import { env } from 'cloudflare:workers';
import { decrypt, generateKey, readMessage, readPrivateKey } from 'openpgp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { vaultOf } from '../../src/config.ts';
import { mailConversation } from '../../src/duties/transcripts.ts';
import { headOf, lineOf, wordsFor } from '../../src/duties/transcripts/text.ts';
import { sealedMail } from '../../src/people/mail/sealed.ts';
import { setPgp } from '../../src/people/organisation.ts';
import { rememberProved } from '../../src/people/visitor/facts.ts';
import { VisitorStore } from '../../src/people/visitor/store.ts';
import { lifetimes } from '../../src/protocol/limits.ts';
import { readPgpKey } from '../../src/vault.ts';
import { accessFor, newVisitor } from '../cast.ts';
import { asked, begins, here, later, owner, talk } from '../chat/files-scene.ts';
import { evict, rows } from '../chat/scene.ts';
import { since, size } from '../ledger/scene.ts';
import { enters } from '../ledger/elsewhere.ts';

const { publicKey, privateKey } = await generateKey({ userIDs: [{ name: 'Kim' }] });
const send = (token: string, cookie = '', openpgp = publicKey) =>
  asked<{ code?: string }>('POST', `/api/v1/conversations/${talk.id}/transcripts`, {
    ...{ token, body: { openpgp }, headers: { cookie } },
  });
const proves = () =>
  rememberProved(env, { id: talk.visitor.id, site: here.site }, 'kim@example.com', Date.now());
/** That their browser is theirs. */
async function isProved() {
  const { cookie, id } = talk.visitor;
  const hold = await (await vaultOf(env)).lookup('own hold', `${here.site}.${cookie.split('=')[1] ?? ''}`);
  const proved = { hold, visitor: id, key: null, provedAt: Date.now() };
  await new VisitorStore(env.DB).addHold(proved, { hold: undefined }, Date.now());
}

beforeEach(begins);
afterEach(() => {
  vi.useRealTimers();
});

describe('D70 a conversation is mailed', () => {
  it('by staff who may read it, to the address that is proved alone, and the ledger has it', async () => {
    expect((await send(owner.access)).body.code).toBe('address_unproved');
    await proves();
    expect((await send(owner.access, '', 'no key')).body.code).toBe('pgp_unfit');
    later(lifetimes.stepUp + 1_000);
    const old = await accessFor(owner.id, { id: owner.session, amr: ['pwd', 'otp'], provedAt: 0 });
    expect((await send(old)).body.code).toBe('step_up_needed');
    vi.useRealTimers();
    const before = await size();
    const sent = await send(owner.access);
    expect(sent.status, sent.text).toBe(200);
    const told = (await since(before)).filter(({ action }) => action === 'transcript.send');
    expect(told).toMatchObject([
      { actor: owner.id, object: talk.id, subject: talk.visitor.id, outcome: 'done' },
    ]);
  });

  it('by its customer, in a browser that is proved to be theirs', async () => {
    const { access, cookie } = talk.visitor;
    await proves();
    expect((await send(access, cookie)).body.code).toBe('code_needed');
    const other = await newVisitor(here.site);
    expect((await send(other.access, other.cookie)).body.code).toBe('not_found');
    await isProved();
    const sent = await send(access, cookie);
    expect(sent.status, sent.text).toBe(200);
  });
});

describe('D79 a conversation is mailed under the key of the organisation', () => {
  it('where there is one, to whoever on staff asks for it, and the ledger says so', async () => {
    const ours = 'organisation';
    expect((await send(owner.access, '', ours)).body.code).toBe('pgp_missing');
    await setPgp(env, await readPgpKey(publicKey, Date.now()));
    const before = await size();
    // Their customer has proved no address, and needs none.
    const sent = await send(owner.access, '', ours);
    expect(sent.status, sent.text).toBe(200);
    expect((await send(owner.access, '', ours)).body.code).toBe('too_fast');
    const [told] = (await since(before)).filter(({ action }) => action === 'transcript.send');
    expect(told).toMatchObject({ actor: owner.id, object: talk.id, facts: { to: 'organisation' } });
    const { access, cookie } = talk.visitor;
    expect((await send(access, cookie, ours)).body.code).toBe('not_allowed');
    await setPgp(env, null);
  });

  it('to their own address, and as what a customer sees and is not', async () => {
    const sent: { to: string }[] = [];
    const mailing = {
      ...env,
      MAIL: { send: (mail: never) => Promise.resolve(void sent.push(mail)) },
    } as never;
    const key = await readPgpKey(publicKey, Date.now());
    const wish = { id: talk.id, visitor: talk.visitor.id, key, side: 'staff', reader: owner.id } as const;
    await mailConversation(mailing, wish, Date.now());
    expect(sent.map(({ to }) => to)).toEqual([owner.address]);
    const seen = await conversationOf(env, talk.id).toCopy(talk.visitor.id);
    if (seen === undefined) throw new Error('no such conversation');
    expect(headOf(wordsFor(seen, 'staff'), 'Shop')).toBe('A conversation on Shop\n');
    const said = { at: 0, from: { kind: 'visitor', id: talk.visitor.id }, text: 'Hello' } as never;
    expect(lineOf(wordsFor(seen, 'staff'), seen, said)).toContain('Customer · 1970-01-01 00:00 UTC\n  Hello');
    expect(lineOf(wordsFor(seen, 'customer'), seen, said)).toContain('You · ');
  });
});

it('D71 a conversation is mailed once in ten minutes', async () => {
  await proves();
  expect((await send(owner.access)).status).toBe(200);
  // And of what is not mailed nothing is read.
  await rows(talk.id, 'CREATE TABLE was AS SELECT * FROM messages');
  await rows(talk.id, "UPDATE messages SET sealed = x'00'");
  await evict(talk.id);
  expect((await send(owner.access)).body.code).toBe('too_fast');
  const sealed = 'SELECT sealed FROM was WHERE was.position = messages.position';
  await rows(talk.id, `UPDATE messages SET sealed = (${sealed})`);
  await evict(talk.id);
  await env.DB.prepare('UPDATE transcripts SET sent_at = sent_at - ?').bind(lifetimes.transcriptAgain).run();
  expect((await send(owner.access)).status).toBe(200);
});

it('D71 whether staff had a conversation mailed keeps its customer from nothing, nor the other way round', async () => {
  const { access, cookie } = talk.visitor;
  await proves();
  await isProved();
  expect((await send(owner.access)).status).toBe(200);
  expect((await send(access, cookie)).status).toBe(200);
  expect((await send(owner.access)).body.code).toBe('too_fast');
  expect((await send(access, cookie)).body.code).toBe('too_fast');
  // However many on staff ask, and to whomever it goes.
  await setPgp(env, await readPgpKey(publicKey, Date.now()));
  expect((await send(here.anna.access, '', 'organisation')).body.code).toBe('too_fast');
  await setPgp(env, null);
});

it('D70 a sealed mail has its text in an OpenPGP message, with how it is to be shown, and says nothing else', async () => {
  const text = 'Grüße\n'.repeat(40);
  const wish = { from: 'sotto@shop.example', to: 'kim@example.com', text, key: publicKey };
  const mail = await sealedMail(wish, Date.now());
  expect(mail).toMatch(
    /^From: sotto@shop\.example\r\nTo: kim@example\.com\r\nSubject: Your conversation\r\n/,
  );
  expect(mail).toContain(
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="sealed-',
  );
  expect(mail).toContain('\r\n\r\nVersion: 1\r\n');
  expect(mail).not.toMatch(/[^\r]\n|.{999}/);
  const [armoredMessage = ''] = /-----BEGIN[^]*-----END PGP MESSAGE-----/.exec(mail) ?? [];
  const opened = await decrypt({
    message: await readMessage({ armoredMessage }),
    decryptionKeys: await readPrivateKey({ armoredKey: privateKey }),
  });
  const [head = '', body = ''] = String(opened.data).split(/\r?\n\r?\n/);
  expect(head).toContain('text/plain; charset=utf-8');
  const bytes = Uint8Array.fromBase64(body.replaceAll(/\s/g, ''));
  expect(new TextDecoder().decode(bytes)).toBe(text);
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('duties/transcripts.test.ts'));
