import { env } from 'cloudflare:workers';
import { base64url, decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose';
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
    ['a key of its own', () => bent({ jwk: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } }, {})],
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

  it('a foreign key is refused', async () => {
    const { privateKey } = await generateKeyPair('EdDSA');
    const forged = await new SignJWT(decodeJwt(anna.access))
      .setProtectedHeader({ ...decodeProtectedHeader(anna.access), alg: 'EdDSA' })
      .sign(privateKey);
    expect(await refusedAs(forged)).toBe('signed_out');
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
