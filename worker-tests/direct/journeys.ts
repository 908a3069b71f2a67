/**
 * What people do with Sotto, right and wrong, and what fails meanwhile. Whatever somebody could have typed holds the
 * word “marked”, so that it is found wherever it went.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { limits } from '../../src/protocol/limits.ts';
import type { Rates } from '../../src/tools/chaos/worker/faults.ts';
import { Client } from '../../src/tools/demo/client.ts';
import { codeOf, stepAt } from '../../src/tools/demo/codes.ts';
import { enrol, join, keepOwnerKey } from '../../src/tools/demo/joining.ts';
import { Line, offering } from '../../src/tools/engine/line.ts';
import type { Mailbox } from '../../src/tools/start/mail.ts';
import type { Overheard } from './overheard.ts';
import { origin } from './workerd.ts';

/** Where all of it happens. */
export type Stage = { url: URL; mail: string; mailbox: Mailbox; overheard: Overheard };
/** What is read of any answer. */
type Answer = Partial<
  Record<'team' | 'site' | 'conversation', { id: string }> &
    Record<'access' | 'token' | 'ticket' | 'secret', string>
>;
type House = { owner: string; agent: string; site: string };
type Talk = { id: string; customer: string; line: Line };

const password = 'a marked password of nobody';
const olivia = { name: 'Olivia Marked', address: 'olivia@marked.example', role: 'owner' as const };
const anna = { name: 'Anna Marked', address: 'anna@marked.example', role: 'agent' as const };
const ben = { name: 'Ben Marked', address: 'ben@marked.example', role: 'agent' as const };
const customer = 'customer@marked.example';
const forged = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJrZWQifQ.bWFya2Vk';

export async function everythingHappens(stage: Stage, setup: string): Promise<void> {
  const house = await staffComes(stage, setup);
  await signingInGoesWrong(stage, house);
  const talk = await peopleTalk(stage, house);
  await oddThingsAreSent(stage, house, talk);
  await thingsFail(stage, house, talk);
  talk.line.socket.close();
}

/** Set-up, invitations, both factors, the owner key, a forgotten password, another address. */
async function staffComes(stage: Stage, setup: string): Promise<House> {
  const client = new Client(stage.url.origin, origin);
  const { name, address } = olivia;
  const wish = { owner: { name, address, password }, team: { name: 'Marked team' } };
  const { team } = await client.post<Answer>('/setup', wish, setup);
  const { access } = (await enrol(client, olivia, password)).session;
  await keepOwnerKey(client, access);
  await client.post('/session/refresh', {});
  const shop = { name: 'Marked shop', team: team?.id, origins: ['https://marked.test'] };
  const { site } = await client.post<Answer>('/sites', shop, access);
  const teams = [team?.id ?? ''];
  const { session } = await join(new Client(stage.url.origin, origin), stage.mailbox, anna, teams, access);
  const { person } = await join(new Client(stage.url.origin, origin), stage.mailbox, ben, teams, access);
  await ask(stage, 'POST', '/resets', { body: { address: ben.address } });
  const token = await mailed(stage, ben.address, /#\/reset\/(\S+)/);
  const renewed = 'a new marked password';
  await ask(stage, 'POST', '/resets/redeem', { body: { token, password: renewed } });
  const again = await ask(stage, 'POST', '/sign-in', { body: { address: ben.address, password: renewed } });
  // Used already or not: it is one that would have let in.
  const code = codeOf(person.uri, stepAt(Date.now()));
  await ask(stage, 'POST', '/sign-in/totp', { token: again.token, body: { code } });
  await ask(stage, 'POST', '/me/address', { token: access, body: { address: 'new@marked.example' } });
  return { owner: access, agent: session.access, site: site?.id ?? '' };
}

async function signingInGoesWrong(stage: Stage, { owner }: House): Promise<void> {
  const { address } = olivia;
  await ask(stage, 'POST', '/sign-in', { body: { address, password: 'a wrong marked password' } });
  await ask(stage, 'POST', '/sign-in', { body: { address: 'nobody@marked.example', password } });
  const { token } = await ask(stage, 'POST', '/sign-in', { body: { address, password } });
  await ask(stage, 'POST', '/sign-in/totp', { token, body: { code: '271828' } });
  const code = limits.recoveryAlphabet.slice(0, limits.recoveryCodeLength);
  await ask(stage, 'POST', '/sign-in/recovery', { token, body: { code } });
  const key = limits.recoveryAlphabet.repeat(2).slice(0, limits.ownerKeyLength);
  await ask(stage, 'POST', '/sign-in/owner-key', { token, body: { key } });
  const wrong = `per_${'marked'.repeat(3)}markA.${'marked_'.repeat(6)}A`;
  for (const door of ['/invitations/redeem', '/resets/redeem'])
    await ask(stage, 'POST', door, { body: { token: wrong, password } });
  await ask(stage, 'GET', '/session', { token: forged });
  await ask(stage, 'POST', '/me/step-up', { token: owner, body: { code: '271828' } });
  await ask(stage, 'POST', '/me/password', { token: owner, body: { current: 'wrong and marked', password } });
}

/** A customer for whom their site vouches, one who proves an address, and what is said, noted, removed and banned. */
async function peopleTalk(stage: Stage, { owner, agent, site }: House): Promise<Talk> {
  const { secret = '' } = await ask(stage, 'POST', `/sites/${site}/keys`, {
    ...{ token: owner, body: { publicKey: null } },
  });
  const said = { sub: 'marked customer', name: 'Vera Marked', email: 'vera@marked.example' };
  const vouch = await new SignJWT({ ...said, jti: randomUUID() })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(site)
    .setExpirationTime('5 minutes')
    .sign(new TextEncoder().encode(secret));
  for (const each of [vouch, forged])
    await ask(stage, 'POST', `/sites/${site}/visitor`, { body: { vouch: each } });

  const browser = new Client(stage.url.origin, origin);
  const { access = '' } = await browser.post<Answer>(`/sites/${site}/visitor`, {});
  const first = {
    ...{ id: randomUUID(), text: 'a marked first message', page: 'https://marked.test/marked-page' },
    customer: { name: 'Casey Marked', address: customer },
  };
  const { conversation } = await browser.post<Answer>('/conversations', first, access);
  const id = conversation?.id ?? '';
  const door = `/conversations/${id}`;
  await browser.post(`${door}/codes`, { address: customer, language: 'en' }, access);
  const code = await mailed(stage, customer, /^(\d{6}) /m);
  const proof = `/sites/${site}/visitor/proof`;
  await browser.post(proof, { address: customer, code: '271828' }, access).catch(() => undefined);
  const proved = await browser.post<Answer>(proof, { address: customer, code }, access);

  await ask(stage, 'POST', `${door}/claim`, { token: agent, body: {} });
  const line = await enter(stage, id, agent);
  for (const kind of ['text', 'note'])
    line.say(
      JSON.stringify({
        type: 'post',
        posts: [{ id: randomUUID(), since: 1, kind, text: `a marked ${kind}` }],
      }),
    );
  const acts: [method: string, act: string, body: object, token?: string | undefined][] = [
    ['PUT', 'tags', { tags: ['marked tag'] }],
    ['PATCH', 'customer', { name: 'Renamed Marked', address: 'renamed@marked.example' }],
    ['PUT', 'rating', { score: 2, comment: 'a marked comment' }, proved.access],
    ['POST', 'bans', { kind: 'visitor', reason: 'a marked reason', lasts: 60_000 }, owner],
  ];
  for (const [method, act, body, token = agent] of acts)
    await ask(stage, method, `${door}/${act}`, { token, body });
  const network = { kind: 'network', target: '203.0.113.0/24', reason: 'another marked one', lasts: 60_000 };
  await ask(stage, 'POST', '/bans', { token: owner, body: network });
  const reply = { team: null, shortcut: 'marked-shortcut', text: 'a marked reply' };
  await ask(stage, 'POST', '/replies', { token: owner, body: reply });
  for (const list of ['/people', '/visitors', '/bans', '/sites', `${door}/messages`, '/me/sign-in'])
    await ask(stage, 'GET', list, { token: owner });
  return { id, customer: access, line };
}

/** What does not fit, and what stands where nothing should. */
async function oddThingsAreSent(stage: Stage, { owner }: House, { id, line }: Talk): Promise<void> {
  const door = `/conversations/${id}`;
  await ask(stage, 'POST', '/teams', { token: owner, raw: '{"marked": not JSON' });
  await ask(stage, 'POST', '/teams', { token: owner, body: { name: { marked: 'marked' } } });
  await ask(stage, 'POST', '/teams', { token: owner, body: { 'marked field': 'marked' } });
  await ask(stage, 'POST', '/teams', { token: owner, raw: `"${'marked'.repeat(limits.bodyBytes)}"` });
  await ask(stage, 'GET', `/marked-address/marked@marked.example?marked=${forged}`);
  await ask(stage, 'GET', `${door}/messages?before=marked&marked=marked`, { token: owner });
  await ask(stage, 'POST', '/conversations/marked/claim', { token: owner, body: {} });
  await ask(stage, 'DELETE', '/me/sessions/marked%0a%7B%22kind%22%3A1%7D', { token: owner });
  for (const odd of [
    '{"marked": not JSON',
    '{"type":"marked"}',
    '{"type":"post","posts":[{"text":"marked"}]}',
  ])
    line.say(odd);
  const address = `/api/v1${door}/socket?after=0&epoch=marked`;
  const stranger = await Line.open(stage.url, address, offering(forged));
  await stranger.close();
}

/** Objects, the database and the key store fail in turn while people go on. */
async function thingsFail(stage: Stage, house: House, { id, customer: access, line }: Talk): Promise<void> {
  const faults: Partial<Rates>[] = [{ write: 1 }, { transaction: 1 }, { collapse: 1 }, { remote: 1 }];
  for (const rates of faults) {
    await order(stage, rates);
    const post = { id: randomUUID(), since: 1, kind: 'note', text: 'a marked note in vain' };
    if (line.ended === undefined) line.say(JSON.stringify({ type: 'post', posts: [post] }));
    const doings: [method: string, address: string, body: object, token?: string][] = [
      ['POST', '/sign-in', { address: olivia.address, password }],
      ['POST', '/resets', { address: olivia.address }],
      ['POST', '/teams', { name: 'Marked in vain' }, house.owner],
      ['PATCH', `/conversations/${id}/customer`, { name: 'Marked in vain' }, house.owner],
      ['PUT', `/conversations/${id}/tags`, { tags: ['marked in vain'] }, house.owner],
      ['POST', `/conversations/${id}/tickets`, {}, house.owner],
      ['POST', '/conversations', { id: randomUUID(), text: 'marked in vain' }, access],
      ['POST', `/sites/${house.site}/visitor`, {}],
    ];
    for (const [method, address, body, token] of doings) await ask(stage, method, address, { token, body });
    await order(stage, {});
    // What is still waited for, an alarm or something after an answer, fails or is done by then.
    await sleep(2_000);
  }
  await enter(stage, id, house.owner);
}

async function order({ url }: Stage, rates: Partial<Rates>): Promise<void> {
  const none: Rates = { write: 0, transaction: 0, collapse: 0, remote: 0 };
  const body = JSON.stringify({ fail: { ...none, ...rates }, forMs: 60_000, seed: 1 });
  await (await fetch(new URL('/chaos', url), { method: 'POST', body })).text();
}

async function enter(stage: Stage, id: string, token: string): Promise<Line> {
  const { ticket = '' } = await ask(stage, 'POST', `/conversations/${id}/tickets`, { token, body: {} });
  const line = await Line.open(stage.url, `/api/v1/conversations/${id}/socket`, offering(ticket));
  line.hears = (frame) => stage.overheard.hearText(frame);
  return line;
}

type Said = { token?: string | undefined; body?: unknown; raw?: string };

/** Asks, and takes whatever is answered. */
async function ask({ url }: Stage, method: string, address: string, said: Said = {}): Promise<Answer> {
  const { token, body, raw = body === undefined ? null : JSON.stringify(body) } = said;
  const response = await fetch(new URL(`/api/v1${address}`, url), {
    method,
    headers: {
      origin,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(raw === null ? {} : { 'content-type': 'application/json' }),
    },
    body: raw,
  });
  return (await response.json().catch(() => ({}))) as Answer;
}

/** What is found in the newest mail to this address that has it. */
async function mailed({ mail }: Stage, to: string, what: RegExp): Promise<string> {
  for (let waited = 0; waited < 10_000; waited += 100) {
    const names = readdirSync(mail).filter((name) => name.includes(to));
    for (const name of names.toSorted().toReversed()) {
      const found = what.exec(readFileSync(path.join(mail, name), 'utf8'))?.[1];
      if (found !== undefined) return found;
    }
    await sleep(100);
  }
  throw new Error(`no such mail to ${to}`);
}
