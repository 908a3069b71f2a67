import { env } from 'cloudflare:workers';
import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
} from 'jose';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { Tokens } from '../../src/people/tokens.ts';
import { newId, type SiteId } from '../../src/protocol/ids.ts';
import { call, newMember, newSite, newTeam, newVisitor, origin, type Member } from '../cast.ts';

let anna: Member;
let site: SiteId;

beforeAll(async () => {
  const team = await newTeam();
  anna = await newMember('agent', [team]);
  site = await newSite(team);
});

const encode = (value: unknown) => base64url.encode(JSON.stringify(value));
const refusedAs = async (token: string) => (await call('GET', '/api/v1/session', { token })).body.code;

/** The good token's parts, to be bent. */
function bent(
  header: Record<string, unknown>,
  claims: Record<string, unknown>,
  signature = anna.access.split('.')[2],
): string {
  return [
    encode({ ...decodeProtectedHeader(anna.access), ...header }),
    encode({ ...decodeJwt(anna.access), ...claims }),
    signature,
  ].join('.');
}

/** Signed with the deployment's own key, so that only what is bent can be the reason for a refusal. */
async function signed(
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  const { kid, privateKey } = (await (await vaultOf(env)).tokenKeys()).active;
  const good = {
    sub: anna.id,
    sid: anna.session,
    iss: origin,
    aud: 'sotto:staff',
    iat: now(),
    exp: now() + 300,
    jti: 'x',
  };
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, ...header })
    .sign(privateKey);
}
/** As if the key that verifies were a shared one. */
async function keyedBy(secret: Uint8Array, alg: string): Promise<string> {
  const input = bent({ alg }, {}).split('.').slice(0, 2).join('.');
  const hash = { HS256: 'SHA-256', HS384: 'SHA-384', HS512: 'SHA-512' }[alg] ?? '';
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash }, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(input));
  return `${input}.${base64url.encode(new Uint8Array(mac))}`;
}
const now = () => Math.floor(Date.now() / 1000);

describe('S9 a token is believed only if it is exactly that kind of token', () => {
  it('the good one is', async () => {
    expect(await refusedAs(anna.access)).toBeUndefined();
    expect(await refusedAs(await signed({}))).toBeUndefined();
  });

  it.each([
    ['alg none', () => bent({ alg: 'none' }, {}, '')],
    ['alg none, signature kept', () => bent({ alg: 'none' }, {})],
    ['alg nOnE', () => bent({ alg: 'nOnE' }, {}, '')],
    ['another subject', () => bent({}, { sub: newId('person') })],
    ['a longer life', () => bent({}, { exp: 9e9 })],
    ['no signature', () => bent({}, {}, '')],
    ['an unknown key', () => bent({ kid: 'nobody' }, {})],
    ['the letters of plain base64', () => bent({}, {}, anna.access.split('.')[2]?.replace(/[-_]|$/, '+'))],
    ['padding', () => `${anna.access}==`],
    ['white space', () => ` ${anna.access}`],
    ['four parts', () => `${anna.access}.x`],
    ['nothing', () => ''],
    ['a token of 5,000 characters', () => bent({}, { x: 'x'.repeat(5_000) })],
  ])('%s is refused', async (_, make) => {
    expect(await refusedAs(make())).toBe('signed_out');
  });

  it('another spelling of the same signature is refused', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(anna.access.at(-1) ?? '');
    const twin = anna.access.slice(0, -1) + (alphabet[last ^ 1] ?? '');
    expect(base64url.decode(twin.split('.')[2] ?? '')).toEqual(
      base64url.decode(anna.access.split('.')[2] ?? ''),
    );
    expect(await refusedAs(twin)).toBe('signed_out');
  });

  it.each([
    ['another issuer', { iss: 'https://evil.test' }, {}],
    ['the visitors’ audience', { aud: 'sotto:visitor' }, {}],
    ['the tickets’ audience', { aud: 'sotto:socket' }, {}],
    ['no audience', { aud: undefined }, {}],
    ['no end', { exp: undefined }, {}],
    ['no jti', { jti: undefined }, {}],
    ['a past end', { exp: now() - 10 }, {}],
    ['a start in the future', { nbf: now() + 600 }, {}],
    ['the type of a ticket', {}, { typ: 'ticket+jwt' }],
    ['no type', {}, { typ: undefined }],
    ['another name of the algorithm', {}, { alg: 'Ed25519' }],
    ['a key that is a path', {}, { kid: '../../dev/null' }],
    ['a key that is a query', {}, { kid: "' UNION SELECT 1 --" }],
    ['a key that every object has', {}, { kid: '__proto__' }],
    ['a key that is a list', {}, { kid: ['nobody'] }],
    ['no key', {}, { kid: undefined }],
    ['no session', { sid: undefined }, {}],
    ['a subject that is no id', { sub: '../people' }, {}],
    ['a session that is not there', { sid: newId('session') }, {}],
    ['somebody else’s session', { sub: newId('person') }, {}],
  ])('%s is refused even when well signed', async (_, claims, header) => {
    expect(await refusedAs(await signed(claims, header))).toBe('signed_out');
  });

  it.each([
    ['an unknown critical extension', { crit: ['x'], x: true }],
    ['an unencoded payload', { crit: ['b64'], b64: false }],
  ])('%s is refused even when well signed', async (_, extra) => {
    const { privateKey } = (await (await vaultOf(env)).tokenKeys()).active;
    const input = `${encode({ ...decodeProtectedHeader(anna.access), ...extra })}.${anna.access.split('.')[1] ?? ''}`;
    const signature = await crypto.subtle.sign('Ed25519', privateKey, new TextEncoder().encode(input));
    expect(await refusedAs(`${input}.${base64url.encode(new Uint8Array(signature))}`)).toBe('signed_out');
  });

  it('a foreign key is refused, whether it is named, enclosed or to be fetched', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'theirs', alg: 'EdDSA', use: 'sig' };
    const elsewhere = 'https://evil.test/keys.json';
    for (const header of [
      {},
      { jwk },
      { kid: 'theirs', jwk },
      { kid: 'theirs', jku: elsewhere },
      { jku: elsewhere },
      { kid: elsewhere },
      { x5u: elsewhere },
      { x5c: [jwk.x ?? ''] },
    ]) {
      const forged = await new SignJWT(decodeJwt(anna.access))
        .setProtectedHeader({ ...decodeProtectedHeader(anna.access), alg: 'EdDSA', ...header })
        .sign(privateKey);
      expect(await refusedAs(forged)).toBe('signed_out');
    }
  });

  it('the public key is no secret to sign with', async () => {
    const keys = await (await vaultOf(env)).tokenKeys();
    const [jwk] = keys.jwks.keys;
    const publicKey = jwk && (await keys.verify(jwk.kid));
    if (publicKey === undefined) throw new Error('no key');
    const raw = base64url.decode(jwk?.x ?? '');
    const utf8 = new TextEncoder();
    const pem = await exportSPKI(publicKey);
    for (const secret of [raw, utf8.encode(jwk?.x), utf8.encode(JSON.stringify(jwk)), utf8.encode(pem)])
      for (const alg of ['HS256', 'HS384', 'HS512'])
        expect(await refusedAs(await keyedBy(secret, alg))).toBe('signed_out');
  });

  it('runs out after five minutes', async () => {
    const { token } = await new Tokens(await vaultOf(env), origin).staff(
      { sub: anna.id, sid: anna.session, amr: ['pwd', 'otp'], auth_time: now() },
      Date.now(),
    );
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * 60_000 + 1_000 });
    expect(await refusedAs(token)).toBe('signed_out');
    vi.useRealTimers();
  });

  it('no kind stands in for another', async () => {
    const tokens = new Tokens(await vaultOf(env), origin);
    const visitor = await newVisitor(site);
    const kinds = {
      staff: anna.access,
      visitor: visitor.access,
      factor: (await tokens.factor({ sub: anna.id, epoch: 0 }, Date.now())).token,
      ticket: (
        await tokens.ticket({ room: newId('conversation'), sub: anna.id, sid: anna.session }, Date.now())
      ).token,
    };
    for (const [kind, token] of Object.entries(kinds)) {
      const accepted = {
        staff: await tokens.verifyStaff(token),
        visitor: await tokens.verifyVisitor(token),
        factor: await tokens.verifyFactor(token),
        ticket: await tokens.verifyTicket(token),
      };
      expect(
        Object.entries(accepted)
          .filter(([, claims]) => claims !== undefined)
          .map(([name]) => name),
      ).toEqual([kind]);
    }
  });

  it('a visitor’s token opens no staff door', async () => {
    const visitor = await newVisitor(site);
    for (const path of ['/api/v1/session', '/api/v1/people', '/api/v1/teams', '/api/v1/sites']) {
      expect((await call('GET', path, { token: visitor.access })).body.code).toBe('not_allowed');
    }
  });
});
