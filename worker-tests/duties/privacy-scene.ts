/** Customers who ask about their own data, and those who answer them. */
import { env } from 'cloudflare:workers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect } from 'vitest';
import { RequestStore } from '../../src/duties/requests.ts';
import { RunStore } from '../../src/duties/runs/store.ts';
import { verifierKeys } from '../../src/ledger.ts';
import type { RequestId, SiteId, VisitorId } from '../../src/protocol/ids.ts';
import { readVerifierKey } from '../../src/protocol/ledger-proof.ts';
import type {
  OwnRequestAnswer,
  OwnRequestsAnswer,
  RequestAnswer,
  RequestsAnswer,
} from '../../src/protocol/privacy.ts';
import { readReceipt } from '../../src/protocol/receipt.ts';
import type { VisitorSession } from '../../src/protocol/visitors.ts';
import { begin, call, type Member, newMember } from '../cast.ts';
import { scene, type Scene } from '../chat/scene.ts';
import { asked } from '../chat/files-scene.ts';

export let here: Scene;
export let owner: Member;
export let officer: Member;
let pair: Awaited<ReturnType<typeof generateKeyPair>>;

/** To be done before each test: a site with a key, an owner, and whoever answers requests. */
export async function begins(): Promise<void> {
  here = await scene();
  owner = await newMember('owner', [here.team], 'Olivia');
  officer = await newMember('privacyOfficer', [here.team], 'Pia');
  pair = await generateKeyPair('EdDSA', { extractable: true });
  const publicKey = await exportJWK(pair.publicKey);
  await asked('POST', `/api/v1/sites/${here.site}/keys`, { token: owner.access, body: { publicKey } });
}

export type Customer = { id: VisitorId; site: SiteId; access: string; cookie: string };

/** A customer of whom the site says who they are. */
export async function vouched(name: string, address: string, sub = crypto.randomUUID()): Promise<Customer> {
  const claims = { aud: here.site, sub, jti: crypto.randomUUID(), name, email: address };
  const exp = Math.floor(Date.now() / 1000) + 300;
  const vouch = await new SignJWT({ ...claims, exp })
    .setProtectedHeader({ alg: 'EdDSA' })
    .sign(pair.privateKey);
  const reply = await asked<VisitorSession>('POST', `/api/v1/sites/${here.site}/visitor`, {
    body: { vouch },
  });
  expect(reply.status, reply.text).toBe(200);
  const cookie = reply.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return { id: reply.body.visitor.id as VisitorId, site: here.site, access: reply.body.access, cookie };
}

export const asks = (who: Customer, kind: string, wish: string | null = null) =>
  asked<OwnRequestAnswer>('POST', `/api/v1/sites/${here.site}/visitor/requests`, {
    token: who.access,
    headers: { cookie: who.cookie },
    body: { kind, wish },
  });
export const own = (who: Customer) =>
  asked<OwnRequestsAnswer>('GET', `/api/v1/sites/${here.site}/visitor/requests`, {
    token: who.access,
    headers: { cookie: who.cookie },
  });
export const opens = (of: string, kind: string, more: object = {}, token = officer.access) =>
  asked<RequestAnswer>('POST', '/api/v1/requests', {
    token,
    body: { of, kind, law: 'gdpr', how: 'They called from the number that we know.', wish: null, ...more },
  });
export const does = (
  id: string,
  what: 'extend' | 'refuse' | 'fulfil',
  body: object,
  token = officer.access,
) => asked<RequestAnswer>('POST', `/api/v1/requests/${id}/${what}`, { token, body });
export const fulfils = (id: string, token = officer.access) => does(id, 'fulfil', { answer: null }, token);
export const shown = async (id: string, token = officer.access) =>
  (await asked<RequestAnswer>('GET', `/api/v1/requests/${id}`, { token })).body.request;
export const list = async (state: 'open' | 'over') =>
  (await asked<RequestsAnswer>('GET', `/api/v1/requests?state=${state}`, { token: officer.access })).body;
export const isDone = (id: string) =>
  expect.poll(async () => (await shown(id)).state, { timeout: 20_000 }).toBe('done');
export const inDirectory = async (who: Customer) =>
  (await env.DB.prepare('SELECT id FROM conversations WHERE visitor = ?').bind(who.id).all()).results.length;
export const stands = (who: Customer, count: number) => expect.poll(() => inDirectory(who)).toBe(count);
export const beginAs = (who: Customer, words = 'Hello?') =>
  begin(who, words, crypto.randomUUID(), { 'cf-connecting-ip': `203.0.113.${count++ % 250}` });
let count = 0;

/** Begins it, and leaves it to the test to do its portions. */
export async function begun(id: string): Promise<string> {
  const run = `${id}-of-the-test`;
  const now = Date.now();
  await new RunStore(env.DB).add('erasure', run, now);
  expect(await new RequestStore(env.DB).begin(id as RequestId, run, officer.id, now)).toBe(true);
  return run;
}

/** What the receipt says, if one of the ledger's keys has signed it. */
export async function receipt(id: string) {
  const reply = await call('GET', `/receipts/${id}`);
  if (reply.status !== 200) return undefined;
  const keys = (await verifierKeys(env)).flatMap((key) => readVerifierKey(key) ?? []);
  return readReceipt(reply.text, keys);
}
