import { env } from 'cloudflare:workers';
import { generateKeyPair, exportJWK, SignJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { ledgerOf } from '../../src/ledger.ts';
import type { ConversationsAnswer, NamesAnswer } from '../../src/protocol/bodies.ts';
import type { ConversationId, SiteId } from '../../src/protocol/ids.ts';
import { lifetimes, limits } from '../../src/protocol/limits.ts';
import type { CodeAnswer, VisitorSession } from '../../src/protocol/visitors.ts';
import { VisitorStore } from '../../src/people/visitor/store.ts';
import { begin, call, join, type Member, newMember, newSite } from '../cast.ts';
import { act, hears, scene, type Scene } from '../chat/scene.ts';
import { enters } from '../ledger/elsewhere.ts';

let here: Scene;
let owner: Member;
beforeEach(async () => {
  here = await scene();
  owner = await newMember('owner', [here.team], 'Olivia');
});
afterEach(() => {
  vi.useRealTimers();
});

let networks = 0;
/** A network of its own for each browser, so that no limit is met by chance. */
const network = () => `203.${(networks >> 8) & 255}.${networks++ & 255}.9`;
let addresses = 0;
const newAddress = () => `marked-${++addresses}@marked.example`;
const later = (by: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by });
};

/** A browser with its cookies, and who it is. */
type Browser = { site: SiteId; from: string; cookies: Map<string, string>; access: string; id: string };

const copyOf = (browser: Browser): Browser => ({ ...browser, cookies: new Map(browser.cookies) });

const cookieOf = ({ cookies }: Browser) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
const own = ({ cookies, site }: Browser) => cookies.get(`__Host-sotto-${site}`) ?? '';
/** What it holds whom a site vouches for by. */
const vouchedBy = ({ cookies, site }: Browser) => cookies.get(`__Host-sotto-${site}-vouched`);

/** It comes to the widget, and takes what it is given. */
async function comes(browser: Browser, body: object = {}, path = 'visitor', access?: string) {
  const cookie = cookieOf(browser);
  const reply = await call<VisitorSession>('POST', `/api/v1/sites/${browser.site}/${path}`, {
    ...{ body, token: access, headers: { cookie, 'cf-connecting-ip': browser.from } },
  });
  for (const line of reply.headers.getSetCookie()) {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    if (pair.length > at + 1) browser.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    else browser.cookies.delete(pair.slice(0, at));
  }
  if (reply.status === 200) {
    browser.access = reply.body.access;
    browser.id = reply.body.visitor.id;
  }
  return reply;
}

async function newBrowser(site: SiteId = here.site): Promise<Browser> {
  const browser: Browser = { site, from: network(), cookies: new Map(), access: '', id: '' };
  await comes(browser);
  return browser;
}

const beginIn = (browser: Browser, text = 'Hello?') =>
  begin(
    { id: browser.id as never, site: browser.site, access: browser.access, cookie: '' },
    text,
    undefined,
    {
      'cf-connecting-ip': browser.from,
    },
  );

const ask = (browser: Browser, path: string, address: string) =>
  call<CodeAnswer>('POST', `/api/v1${path}/codes`, {
    ...{
      token: browser.access,
      body: { address, language: 'de' },
      headers: { cookie: cookieOf(browser), 'cf-connecting-ip': browser.from },
    },
  });
const askToProve = (browser: Browser, id: ConversationId, address: string) =>
  ask(browser, `/conversations/${id}`, address);
const askToContinue = (browser: Browser, address: string) =>
  ask(browser, `/sites/${browser.site}/visitor`, address);

type Row = { id: number; mailed_at: number | null; code: number[] | null; tries: number };
const newest = async ({ id }: Browser) =>
  env.DB.prepare('SELECT * FROM visitor_codes WHERE asker = ? ORDER BY id DESC LIMIT 1')
    .bind(id)
    .first<Row>();
const isMailed = async (browser: Browser) => ((await newest(browser))?.mailed_at ?? null) !== null;
const mailIsSent = (browser: Browser) => vi.waitFor(async () => expect(await isMailed(browser)).toBe(true));

/** The code in the browser's newest mail, which is made another one that is known here. */
async function mailed(browser: Browser, address: string, code = '314159'): Promise<string> {
  await mailIsSent(browser);
  const secret = vouchedBy(browser) ?? own(browser);
  const hash = await (await vaultOf(env)).lookup('visitor-code', `${secret}.${code}.${address}`);
  await env.DB.prepare('UPDATE visitor_codes SET code = ? WHERE id = ?')
    .bind(hash, (await newest(browser))?.id)
    .run();
  return code;
}

const give = (browser: Browser, address: string, code: string) =>
  comes(browser, { address, code }, 'visitor/proof', browser.access);
const codeOf = async (reply: Promise<{ status: number; body: { code?: string } }>) =>
  (await reply).body.code ?? (await reply).status;

async function proves(browser: Browser, id: ConversationId, address: string) {
  expect((await askToProve(browser, id, address)).status).toBe(202);
  const reply = await give(browser, address, await mailed(browser, address));
  expect(reply.status).toBe(200);
  return reply.body;
}

/** Somebody who has begun a conversation and proved an address in it. */
async function proved(address = newAddress(), site?: SiteId) {
  const browser = await newBrowser(site);
  const id = await beginIn(browser);
  await proves(browser, id, address);
  return { browser, id, address };
}

/** Sites that have this key. */
const vouching = new Set<SiteId>();
let pair: Awaited<ReturnType<typeof generateKeyPair>>;
beforeAll(async () => {
  pair = await generateKeyPair('EdDSA', { extractable: true });
});

/** What the site says of its customer. */
async function vouchFor(claims: object): Promise<string> {
  if (!vouching.has(here.site))
    await call('POST', `/api/v1/sites/${here.site}/keys`, {
      ...{ token: owner.access, body: { publicKey: await exportJWK(pair.publicKey) } },
    });
  vouching.add(here.site);
  return new SignJWT({ sub: 'Kim', ...claims })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setAudience(here.site)
    .setJti(crypto.randomUUID())
    .setExpirationTime('5m')
    .sign(pair.privateKey);
}

/** A browser of somebody whom the site vouches for. */
async function vouched(claims: object): Promise<Browser> {
  const browser = await newBrowser();
  expect((await comes(browser, { vouch: await vouchFor(claims) })).body.visitor.vouched).toBe(true);
  return browser;
}

/** What is done behind an answer is done by the time that the same is done behind a later one. */
async function mailIsNotSent(...browsers: Browser[]) {
  await proved(newAddress(), await newSite(here.team));
  for (const browser of browsers) expect(await isMailed(browser)).toBe(false);
}

const listed = async ({ access, from }: Browser) =>
  (
    await call<ConversationsAnswer>('GET', '/api/v1/conversations', {
      ...{ token: access, headers: { 'cf-connecting-ip': from } },
    })
  ).body.conversations.map(({ id }) => id);
const customerOf = async (id: ConversationId, who = here.anna) =>
  (await (await join(id, who.access)).next('welcome')).conversation.staff?.customer;

describe('V8 a code', () => {
  it('proves an address once, within ten minutes', async () => {
    const browser = await newBrowser();
    const id = await beginIn(browser);
    const address = newAddress();
    const asked = await askToProve(browser, id, address);
    expect(asked.status).toBe(202);
    expect(asked.body.until - Date.now()).toBeLessThanOrEqual(lifetimes.visitorCode);
    const code = await mailed(browser, address);
    later(lifetimes.visitorCode - 5_000);
    const reply = await give(browser, address, code);
    expect(reply.body.visitor).toEqual({
      id: browser.id,
      vouched: false,
      proof: { name: null, address: 'code' },
    });
    expect(await codeOf(give(browser, address, code))).toBe('code_gone');
    later(5 * 60_000);
    await comes(browser);
    await askToProve(browser, id, address);
    const another = await mailed(browser, address);
    later(lifetimes.visitorCode);
    expect(await codeOf(give(browser, address, another))).toBe('code_gone');
  });

  it('has five tries, also if twenty are made at once, and then the right one is too late', async () => {
    const browser = await newBrowser();
    const address = newAddress();
    await askToProve(browser, await beginIn(browser), address);
    const code = await mailed(browser, address);
    const wrong = Array.from({ length: 20 }, (_, n) => String(n).padStart(6, '0'));
    const answers = await Promise.all(wrong.map((each) => codeOf(give(browser, address, each))));
    expect(answers.filter((each) => each === 'wrong_code').length).toBe(limits.codeTries);
    expect(answers.filter((each) => each === 'code_gone').length).toBe(20 - limits.codeTries);
    expect(await codeOf(give(browser, address, code))).toBe('code_gone');
  });

  it('that is right counts once, also if it is given five times at once', async () => {
    const browser = await newBrowser();
    const address = newAddress();
    await askToProve(browser, await beginIn(browser), address);
    const code = await mailed(browser, address);
    const answers = await Promise.all(Array.from({ length: 5 }, () => codeOf(give(browser, address, code))));
    expect(answers.filter((each) => each === 200).length).toBe(1);
    // Whoever comes after it has an older cookie than this browser.
    for (const each of answers) expect([200, 'code_gone', 'not_allowed']).toContain(each);
  });

  it('is void once another one was asked for', async () => {
    const browser = await newBrowser();
    const id = await beginIn(browser);
    const address = newAddress();
    await askToProve(browser, id, address);
    const older = await mailed(browser, address, '111111');
    later(60_000);
    await askToProve(browser, id, address);
    const newer = await mailed(browser, address, '222222');
    expect(await codeOf(give(browser, address, older))).toBe('wrong_code');
    expect(await codeOf(give(browser, address, newer))).toBe(200);
  });

  it('is of use in the browser that asked, on its site, and for the address it came to', async () => {
    const browser = await newBrowser();
    const address = newAddress();
    await askToProve(browser, await beginIn(browser), address);
    const code = await mailed(browser, address);
    const other = await newBrowser();
    expect(await codeOf(give(other, address, code))).toBe('code_gone');
    await askToContinue(other, address);
    expect(await codeOf(give(other, address, code))).toBe('wrong_code');
    const elsewhere = { ...browser, site: await newSite(here.team) };
    expect(await codeOf(give(elsewhere, address, code))).toBe('not_found');
    expect(await codeOf(give(browser, newAddress(), code))).toBe('wrong_code');
    expect(await codeOf(give(browser, address, code))).toBe(200);
  });

  it('is of use in the browser that asked, also where another one is the same visitor', async () => {
    const { browser, address } = await proved();
    const phone = await newBrowser();
    await askToContinue(phone, address);
    await give(phone, address, await mailed(phone, address));
    later(60_000);
    await askToContinue(phone, address);
    const code = await mailed(phone, address);
    await comes(browser);
    expect(browser.id).toBe(phone.id);
    expect(await codeOf(give(browser, address, code))).toBe('wrong_code');
    expect(await codeOf(give(phone, address, code))).toBe(200);
  });

  it('is six digits, and whoever gives something else has not tried', async () => {
    const browser = await newBrowser();
    const address = newAddress();
    await askToProve(browser, await beginIn(browser), address);
    const code = await mailed(browser, address);
    for (const odd of ['', '31415', '3141592', ' 314159', '٣١٤١٥٩', 314159, null, ['314159'], { $ne: '' }])
      expect([odd, await codeOf(give(browser, address, odd as string))]).toEqual([odd, 'invalid']);
    expect(await codeOf(give(browser, address, code))).toBe(200);
  });

  it('V8 K8 lies keyed, beside an address and a network that do so too, which goes after an hour', async () => {
    const browser = await newBrowser();
    const address = newAddress();
    await askToProve(browser, await beginIn(browser), address);
    await give(browser, address, await mailed(browser, address, '271828'));
    later(3_600_001);
    await askToContinue(await newBrowser(), newAddress());
    const stored = async (table: string) =>
      (await env.DB.prepare(`SELECT * FROM ${table}`).all()).results.flatMap((row) =>
        Object.values(row).map((value) =>
          Array.isArray(value) ? new TextDecoder().decode(Uint8Array.from(value as number[])) : String(value),
        ),
      );
    for (const table of ['visitor_codes', 'visitors', 'visitor_holds']) {
      const all = await stored(table);
      expect(all.length).toBeGreaterThan(0);
      for (const secret of [/marked/i, /^271828$/, /203\.\d+\.\d+\./])
        expect(all.filter((each) => secret.test(each))).toEqual([]);
    }
    const row = await env.DB.prepare('SELECT network, code FROM visitor_codes WHERE asker = ?')
      .bind(browser.id)
      .first();
    expect(row).toEqual({ network: null, code: null });
  });
});

describe('V9 whoever has proved an address', () => {
  it('is seen so by staff, at once and in what they begin later, and their own frames say nothing of it', async () => {
    const browser = await newBrowser();
    const id = await beginIn(browser);
    const typed = 'typed@example.com';
    await act('customer', id, owner.access, { name: 'Typed', address: typed });
    const [desk, customer] = [await join(id, here.anna.access), await join(id, browser.access)];
    await Promise.all([desk.next('messages'), customer.next('messages')]);
    const address = newAddress();
    await proves(browser, id, address);
    const { conversation } = await desk.next('changed');
    const seen = { name: 'Typed', address, proof: { name: null, address: 'code' } };
    expect(conversation.staff?.customer).toMatchObject(seen);
    expect(customer.raw.join()).not.toContain('changed');
    const next = await beginIn(browser, 'Again');
    expect(await customerOf(next)).toMatchObject({ ...seen, name: null });
    const names = await call<NamesAnswer>('POST', '/api/v1/customer-names', {
      ...{ token: here.anna.access, body: { ids: [id, next] } },
    });
    expect(names.body).toEqual({
      names: { [id]: 'Typed' },
      verified: [],
      proved: expect.any(Array) as string[],
    });
    expect(names.body.proved.toSorted()).toEqual([id, next].toSorted());
    await act('customer', id, owner.access, { address: typed });
    expect((await customerOf(id))?.proof).toEqual({ name: null, address: null });
  });

  it('goes on in another browser of theirs, while the first one stays where it is', async () => {
    const { browser, id, address } = await proved();
    const first = await join(id, browser.access);
    await first.next('messages');
    const phone = await newBrowser();
    expect((await askToContinue(phone, address)).status).toBe(202);
    const reply = await give(phone, address, await mailed(phone, address));
    expect(reply.body.visitor).toEqual({
      id: browser.id,
      vouched: false,
      proof: { name: null, address: 'code' },
    });
    expect(await listed(phone)).toEqual([id]);
    const second = await join(id, phone.access);
    await second.next('messages');
    second.post('I am on my phone now', 1);
    await hears(first, 'I am on my phone now');
    await comes(browser);
    await comes(phone);
    expect([await listed(browser), await listed(phone)]).toEqual([[id], [id]]);
  });

  it('V9 L7 stands in the ledger, and whoever went on as them in another browser', async () => {
    const { browser, address } = await proved();
    const phone = await newBrowser();
    const asker = phone.id;
    await askToContinue(phone, address);
    await give(phone, address, await mailed(phone, address));
    await ledgerOf(env).checkpoint();
    const { results } = await env.DB.prepare(
      `SELECT actor, leaf ->> '$.facts.wish' AS wish FROM ledger
       WHERE action = 'visitor.prove' AND coalesce(leaf ->> '$.subject', actor) = ? ORDER BY seq`,
    )
      .bind(browser.id)
      .all();
    expect(results).toEqual([
      { actor: browser.id, wish: 'prove' },
      { actor: asker, wish: 'continue' },
    ]);
  });

  it('is found on that site alone, and by nothing that was only typed', async () => {
    const { address } = await proved();
    const other = await newSite(here.team);
    const elsewhere = await newBrowser(other);
    await askToContinue(elsewhere, address);
    const typed = newAddress();
    const victim = await newBrowser();
    const id = await beginIn(victim);
    await act('customer', id, owner.access, { address: typed });
    const attacker = await newBrowser();
    await askToContinue(attacker, typed);
    await mailIsNotSent(elsewhere, attacker);
    expect(await codeOf(give(attacker, typed, '000000'))).toBe('wrong_code');
    expect(await listed(attacker)).toEqual([]);
  });

  it('is not told from nobody: in status, in body, in what becomes of tries', async () => {
    const { address } = await proved();
    const moment = Date.now() + 60_000;
    const told = async (asked: string) => {
      vi.useFakeTimers({ toFake: ['Date'], now: moment });
      const browser = await newBrowser();
      const answers: unknown[] = [];
      const answer = async (reply: Promise<{ status: number; body: unknown }>) => {
        const { status, body } = await reply;
        answers.push([status, body]);
      };
      await answer(askToContinue(browser, asked));
      await answer(askToContinue(browser, asked));
      for (let n = 0; n < limits.codeTries + 2; n++) await answer(give(browser, asked, '000000'));
      vi.useRealTimers();
      return answers;
    };
    const [known, unknown] = [await told(address), await told(newAddress())];
    expect(known).toEqual(unknown);
    expect(known.map((each) => (each as [number])[0])).toEqual([202, 429, 401, 401, 401, 401, 401, 410, 410]);
  });

  it('is the one last seen, where two proved one address in browsers of their own', async () => {
    const { id, address } = await proved();
    later(60_000);
    const last = await proved(address);
    later(120_000);
    const phone = await newBrowser();
    await askToContinue(phone, address);
    await give(phone, address, await mailed(phone, address));
    expect(await listed(phone)).toEqual([last.id]);
    expect(await listed(phone)).not.toContain(id);
  });
});

describe('V10 codes are mailed', () => {
  it('to whom a visitor likes only from a conversation of their own', async () => {
    const browser = await newBrowser();
    const theirs = await beginIn(await newBrowser());
    expect(await codeOf(askToProve(browser, theirs, newAddress()))).toBe('not_found');
    const named = await call('POST', `/api/v1/conversations/${theirs}/codes`, {
      ...{ token: here.anna.access, body: { address: newAddress() } },
    });
    expect(named.body.code).toBe('not_allowed');
  });

  it('to one who asks less and less often, of twenty times at once one', async () => {
    const browser = await newBrowser();
    const id = await beginIn(browser);
    const asked = await Promise.all(
      Array.from({ length: 20 }, () => codeOf(askToProve(browser, id, newAddress()))),
    );
    expect(asked.filter((each) => each === 202).length).toBe(1);
    expect(asked.filter((each) => each === 'too_fast').length).toBe(19);
    for (const wait of [30_000, 60_000, 120_000]) {
      later(wait - 5_000);
      expect(await codeOf(askToProve(browser, id, newAddress()))).toBe('too_fast');
      later(10_000);
      await comes(browser);
      expect(await codeOf(askToProve(browser, id, newAddress()))).toBe(202);
    }
  });

  it('to one address less and less often, whoever asks, without a word of it', async () => {
    const address = newAddress();
    const asker = async () => {
      const browser = await newBrowser();
      expect((await askToProve(browser, await beginIn(browser), address)).status).toBe(202);
      return browser;
    };
    for (let n = 0; n < 3; n++) await mailIsSent(await asker());
    await mailIsNotSent(await asker());
    later(31_000);
    await mailIsSent(await asker());
    later(31_000);
    await mailIsNotSent(await asker());
    // That is so on this site alone.
    const elsewhere = await newBrowser(await newSite(here.team));
    await askToProve(elsewhere, await beginIn(elsewhere), address);
    await mailIsSent(elsewhere);
    later(31_000);
    await mailIsSent(await asker());
  });

  it('at most so many times an hour for one network, which of IPv6 is a /48', async () => {
    const asks = async (from: string) =>
      codeOf(askToContinue({ ...(await newBrowser()), from }, newAddress()));
    for (let n = 0; n < limits.codesPerNetwork; n++)
      expect(await asks(`2001:db8:1:${n.toString(16)}::1`)).toBe(202);
    expect(await asks('2001:db8:1:ffff::1')).toBe('too_fast');
    expect(await asks('2001:db8:2::1')).toBe(202);
    later(3_600_000);
    expect(await asks('2001:db8:1:ffff::1')).toBe(202);
  });

  const asked = async (wish: 'prove' | 'continue', site: SiteId, length: number) => {
    const insert = `INSERT INTO visitor_codes (asker, site, wish, address, asked_at)
      VALUES ('somebody', ?, ?, X'00', ?)`;
    const row = env.DB.prepare(insert).bind(site, wish, Date.now());
    await env.DB.batch(Array.from({ length }, () => row));
  };

  it.each(['prove', 'continue'] as const)(
    'at most so many times an hour for one site to %s, and what else is asked for there still goes',
    async (wish) => {
      const { address, browser } = await proved();
      later(60_000);
      await asked(wish, here.site, limits.codesPerSite);
      const phone = await newBrowser();
      expect((await askToContinue(phone, address)).status).toBe(202);
      expect((await askToProve(browser, await beginIn(browser), address)).status).toBe(202);
      await mailIsSent(wish === 'prove' ? phone : browser);
      await mailIsNotSent(wish === 'prove' ? browser : phone);
    },
  );

  it('V9 V10 and what is left of that for a site tells nobody whether an address was found', async () => {
    const left = async (site: SiteId, address: string) => {
      const mine = await proved(newAddress(), site);
      await asked('continue', site, limits.codesPerSite - 1);
      await askToContinue(await newBrowser(site), address);
      const last = await newBrowser(site);
      await askToContinue(last, mine.address);
      await mailIsNotSent(last);
    };
    const { address } = await proved();
    await left(here.site, address);
    await left(await newSite(here.team), address);
  });
});

describe('V11 a proof', () => {
  const forgets = (browser: Browser) =>
    call('DELETE', `/api/v1/sites/${browser.site}/visitor`, { headers: { cookie: cookieOf(browser) } });

  it('gives the browser a new secret, and the one before is nobody', async () => {
    const browser = await newBrowser();
    const id = await beginIn(browser);
    const copied = copyOf(browser);
    const address = newAddress();
    await proves(browser, id, address);
    expect(own(browser)).not.toBe(own(copied));
    expect((await comes(copied)).body.visitor.id).not.toBe(browser.id);
    expect(await listed(copied)).toEqual([]);
    expect((await comes(browser)).body.visitor.proof.address).toBe('code');
    expect(await listed(browser)).toEqual([id]);
    // Nor is it the one that a site's word is held by.
    const bent: Browser = {
      ...browser,
      cookies: new Map([[`__Host-sotto-${browser.site}-vouched`, own(browser)]]),
    };
    expect((await comes(bent)).body.visitor).toMatchObject({ vouched: false, proof: { address: null } });
    // A further proof renews it, and another browser keeps its own.
    const held = copyOf(browser);
    later(60_000);
    await proves(browser, id, address);
    expect(await listed(browser)).toEqual([id]);
    expect((await comes(held)).body.visitor.id).not.toBe(browser.id);
  });

  it('leaves other browsers their own, and a browser that forgets is nobody', async () => {
    const { browser, id, address } = await proved();
    const phone = await newBrowser();
    await askToContinue(phone, address);
    await give(phone, address, await mailed(phone, address));
    const copied = copyOf(browser);
    await forgets(browser);
    await comes(copied);
    expect(await listed(copied)).toEqual([]);
    await comes(phone);
    expect(await listed(phone)).toEqual([id]);
  });

  it('leaves nothing to whoever has a token from before it, with the cookie from before or with none', async () => {
    const browser = await newBrowser();
    const id = await beginIn(browser);
    const [copied, bare] = [copyOf(browser), { ...browser, cookies: new Map<string, string>() }];
    await proves(browser, id, newAddress());
    later(60_000);
    for (const thief of [copied, bare]) {
      expect(await codeOf(askToProve(thief, id, newAddress()))).toBe('not_allowed');
      expect(await codeOf(askToContinue(thief, newAddress()))).toBe('not_allowed');
    }
    // Nor is a code of use to them that this browser has asked for; and they use up none of its tries.
    const address = newAddress();
    await askToProve(browser, id, address);
    const code = await mailed(browser, address);
    for (let n = 0; n < limits.codeTries; n++)
      for (const thief of [copied, bare])
        expect(await codeOf(give(thief, address, code))).toBe('not_allowed');
    expect(await codeOf(give(browser, address, code))).toBe(200);
  });

  it('is nobody’s once this browser has forgotten itself', async () => {
    const browser = await newBrowser();
    const id = await beginIn(browser);
    await forgets(browser);
    browser.cookies.clear();
    expect(await codeOf(askToProve(browser, id, newAddress()))).toBe('not_allowed');
  });

  it('leaves nobody the secret of whom a browser was before it went on as somebody else', async () => {
    const { address } = await proved();
    const phone = await newBrowser();
    await beginIn(phone, 'Said before');
    const copied = copyOf(phone);
    await askToContinue(phone, address);
    expect((await give(phone, address, await mailed(phone, address))).status).toBe(200);
    const before = copied.id;
    expect((await comes(copied)).body.visitor.id).not.toBe(before);
    expect(await listed(copied)).toEqual([]);
  });

  it('of another address begins anew: neither reads what the other writes from then on', async () => {
    const { browser, id, address } = await proved();
    const home = await newBrowser();
    await askToContinue(home, address);
    await give(home, address, await mailed(home, address));
    const first = browser.id;
    later(60_000);
    await comes(browser);
    const second = newAddress();
    await proves(browser, id, second);
    expect(browser.id).not.toBe(first);
    const next = await beginIn(browser, 'Said by another person');
    await comes(home);
    expect([await listed(browser), await listed(home)]).toEqual([[next], [id]]);
    expect((await customerOf(id))?.address).toBe(address);
    expect((await customerOf(next))?.address).toBe(second);
    // Each goes on by their own address, and this browser as the second person alone.
    const phone = await newBrowser();
    await askToContinue(phone, second);
    await give(phone, second, await mailed(phone, second));
    expect(await listed(phone)).toEqual([next]);
    expect((await comes(browser)).body.visitor.id).toBe(phone.id);
  });

  it('V4 V11 that a browser has dropped does not come back by a renewal that had begun', async () => {
    const { browser } = await proved();
    const hold = await (await vaultOf(env)).lookup('own hold', `${browser.site}.${own(browser)}`);
    const store = new VisitorStore(env.DB);
    const tomorrow = Date.now() + 2 * 86_400_000;
    const held = await store.holdOf(hold, tomorrow);
    if (held === undefined) throw new Error('nobody is held');
    expect(await store.renewHold(held, tomorrow)).toBe(true);
    await store.dropHold(hold);
    expect(await store.renewHold(held, tomorrow)).toBe(false);
    expect(await store.holdOf(hold, tomorrow)).toBeUndefined();
  });

  it('keeps a browser that its page says nothing of, and ends a month after the last visit', async () => {
    const { browser } = await proved();
    expect((await comes(browser, { vouch: null })).body.visitor.proof.address).toBe('code');
    const { id } = browser;
    later(lifetimes.visitorHold - 60_000);
    expect((await comes(browser)).body.visitor.id).toBe(id);
    later(lifetimes.visitorHold + 60_000);
    expect((await comes(browser)).body.visitor.id).not.toBe(id);
  });

  it('makes nobody whom a site vouches for, nor takes anything from them', async () => {
    const address = newAddress();
    const kim = await vouched({ email: address });
    const chat = await beginIn(kim);
    const attacker = await newBrowser();
    await askToContinue(attacker, address);
    await mailIsNotSent(attacker);
    const { browser } = await proved(address);
    expect(await listed(browser)).not.toContain(chat);
    expect((await customerOf(chat))?.proof).toEqual({ name: null, address: 'site' });
  });
});

describe('V16 whom a site vouches for', () => {
  const keptOf = async (browser: Browser) => {
    const hold = await (await vaultOf(env)).lookup('hold', `${browser.site}.${vouchedBy(browser) ?? ''}`);
    return new VisitorStore(env.DB).holdOf(hold, Date.now());
  };
  const provedAt = async (browser: Browser) => (await keptOf(browser))?.provedAt;
  /** They have proved an address in a conversation of their own. */
  async function steppedUp(claims: object, address: string) {
    const browser = await vouched(claims);
    const id = await beginIn(browser);
    await proves(browser, id, address);
    return { browser, id };
  }

  it('proves the address that their site names, in this browser, and stays who they are', async () => {
    const address = newAddress();
    const claims = { name: 'Kim', email: address.toUpperCase() };
    const kim = await vouched(claims);
    const [desk, { id }] = [await vouched(claims), kim];
    const chat = await beginIn(kim);
    expect([desk.id, await provedAt(kim)]).toEqual([id, null]);
    const before = Date.now();
    expect((await proves(kim, chat, address)).visitor).toEqual({
      ...{ id, vouched: true, proof: { name: 'site', address: 'site' } },
    });
    expect(await provedAt(kim)).toBeGreaterThanOrEqual(before);
    expect(await provedAt(desk)).toBeNull();
    expect(await listed(kim)).toEqual([chat]);
    expect(await customerOf(chat)).toMatchObject({
      ...{ name: 'Kim', address, proof: { name: 'site', address: 'site' } },
    });
    const next = await beginIn(kim, 'Again');
    expect((await customerOf(next))?.proof).toEqual({ name: 'site', address: 'site' });
  });

  it('V10 has no code mailed to another address, without a word of it', async () => {
    const address = newAddress();
    const kim = await vouched({ email: address });
    const chat = await beginIn(kim);
    const other = newAddress();
    const answers = [];
    for (const asked of [other, address]) {
      const { status, body } = await askToProve(kim, chat, asked);
      answers.push([status, Object.keys(body)]);
      if (asked === other) await mailIsNotSent(kim);
      else await mailIsSent(kim);
      later(60_000);
    }
    expect(answers[0]).toEqual(answers[1]);
    later(180_000);
    await askToProve(kim, chat, other);
    expect(await codeOf(give(kim, other, '314159'))).toBe('wrong_code');
    expect(await provedAt(kim)).toBeNull();
  });

  it('and of whom it names no address proves one that they name, which is theirs from then on', async () => {
    const address = newAddress();
    const claims = { name: 'Kim', sub: 'Kim' };
    const kim = await vouched(claims);
    const chat = await beginIn(kim);
    expect((await proves(kim, chat, address)).visitor).toMatchObject({
      ...{ vouched: true, proof: { name: 'site', address: 'code' } },
    });
    const seen = { name: 'Kim', address, proof: { name: 'site', address: 'code' } };
    expect(await customerOf(chat)).toMatchObject(seen);
    later(60_000);
    // It stays so when the site says it anew, and in their other browsers.
    await comes(kim, { vouch: await vouchFor({ ...claims, name: 'Kim Lee' }) });
    const desk = await vouched(claims);
    expect(await customerOf(await beginIn(desk))).toMatchObject(seen);
    await askToProve(desk, chat, newAddress());
    await mailIsNotSent(desk);
    later(60_000);
    await comes(kim);
    await askToProve(desk, chat, address);
    await mailIsSent(desk);
    expect(await provedAt(kim)).toBeGreaterThan(0);
  });

  it('has proved nothing any more once the site names another address', async () => {
    const [address, next] = [newAddress(), newAddress()];
    const { browser: kim, id: chat } = await steppedUp({ sub: 'Kim' }, address);
    // That the site names the one that was proved changes nothing but who answers for it.
    const said = await comes(kim, { vouch: await vouchFor({ sub: 'Kim', email: address }) });
    expect(said.body.visitor.proof.address).toBe('site');
    expect(await provedAt(kim)).toBeGreaterThan(0);
    later(60_000);
    await askToProve(kim, chat, address);
    const code = await mailed(kim, address);
    await comes(kim, { vouch: await vouchFor({ sub: 'Kim', email: next }) });
    expect(await provedAt(kim)).toBeNull();
    expect(await codeOf(give(kim, address, code))).toBe('code_gone');
    expect(await provedAt(kim)).toBeNull();
    later(120_000);
    await comes(kim);
    expect((await proves(kim, chat, next)).visitor.proof.address).toBe('site');
    expect(await provedAt(kim)).toBeGreaterThan(0);
    // Nor is it theirs still when the site has named one and names none.
    await comes(kim, { vouch: await vouchFor({ sub: 'Kim' }) });
    expect([await provedAt(kim), (await comes(kim)).body.visitor.proof.address]).toEqual([null, null]);
  });

  it('becomes nobody else, and nobody becomes them', async () => {
    const address = newAddress();
    const theirs = await proved(address);
    const { browser: kim, id: chat } = await steppedUp({ sub: 'Kim' }, address);
    expect(await codeOf(askToContinue(kim, address))).toBe('not_allowed');
    expect(await listed(kim)).toEqual([chat]);
    // By the same address another browser finds who has proved it by themselves.
    later(60_000);
    const phone = await newBrowser();
    await askToContinue(phone, address);
    await give(phone, address, await mailed(phone, address));
    expect(await listed(phone)).toEqual([theirs.id]);
    const alone = newAddress();
    await steppedUp({ sub: 'Lee' }, alone);
    const attacker = await newBrowser();
    await askToContinue(attacker, alone);
    await mailIsNotSent(attacker);
    // What a browser was by itself is as it was.
    later(60_000);
    const { browser } = await proved();
    const [before, id] = [own(browser), browser.id];
    await comes(browser, { vouch: await vouchFor({ email: address }) });
    await proves(browser, await beginIn(browser), address);
    expect(own(browser)).toBe(before);
    expect((await comes(browser, { vouch: null })).body.visitor).toMatchObject({ id, vouched: false });
  });

  it('is held by a new secret, and the one before is nobody', async () => {
    const address = newAddress();
    const vouch = await vouchFor({ email: address });
    const kim = await newBrowser();
    await comes(kim, { vouch });
    const chat = await beginIn(kim);
    const [copied, { id }] = [copyOf(kim), kim];
    await proves(kim, chat, address);
    expect(vouchedBy(kim)).not.toBe(vouchedBy(copied));
    expect((await comes(copyOf(copied))).body.visitor.vouched).toBe(false);
    expect(await codeOf(comes(copyOf(copied), { vouch }))).toBe('vouch_refused');
    // What was still on its way with it takes nothing from the browser.
    const late = await askToProve(copied, chat, address);
    expect([late.body, late.headers.getSetCookie()]).toMatchObject([{ code: 'not_allowed' }, []]);
    // V3: what the page says goes on to serve this browser, and what it proved is as new as it was.
    const at = await provedAt(kim);
    later(60_000);
    for (const body of [{ vouch }, {}, { vouch: await vouchFor({ email: address }) }]) {
      expect((await comes(kim, body)).body.visitor).toMatchObject({ id, vouched: true });
      expect(await provedAt(kim)).toBe(at);
    }
  });

  it('V8 is not whoever has their token alone, or another browser of theirs with a code of this one', async () => {
    const address = newAddress();
    const kim = await vouched({ sub: 'Kim', email: address });
    const chat = await beginIn(kim);
    const desk = await vouched({ sub: 'Kim', email: address });
    const none = { ...kim, cookies: new Map<string, string>() };
    const alone = { ...kim, cookies: new Map([[`__Host-sotto-${kim.site}`, own(kim)]]) };
    // Nor is the one secret of use as the other.
    const bent = {
      ...kim,
      cookies: new Map([[`__Host-sotto-${kim.site}`, vouchedBy(kim) ?? '']]),
    };
    for (const thief of [none, alone, bent])
      expect(await codeOf(askToProve(thief, chat, address))).toBe('not_allowed');
    expect((await askToProve(kim, chat, address)).status).toBe(202);
    const code = await mailed(kim, address);
    for (let n = 0; n < limits.codeTries; n++)
      for (const thief of [none, alone, bent])
        expect(await codeOf(give(thief, address, code))).toBe('not_allowed');
    expect(await codeOf(give(desk, address, code))).toBe('wrong_code');
    const answers = await Promise.all(Array.from({ length: 5 }, () => codeOf(give(kim, address, code))));
    expect(answers.filter((each) => each === 200).length).toBe(1);
    expect(await provedAt(desk)).toBeNull();
  });

  it('V10 waits as others do, whichever of their browsers asks, and tries as often', async () => {
    const address = newAddress();
    const kim = await vouched({ sub: 'Kim', email: address });
    const chat = await beginIn(kim);
    const desk = await vouched({ sub: 'Kim', email: address });
    const asked = await Promise.all(
      [kim, desk, kim, desk].map((browser) => codeOf(askToProve(browser, chat, address))),
    );
    expect(asked.toSorted()).toEqual([202, 'too_fast', 'too_fast', 'too_fast']);
    await mailIsSent(kim);
    const wrong = await Promise.all(
      [kim, desk].flatMap((browser) =>
        Array.from({ length: 5 }, () => codeOf(give(browser, address, '000000'))),
      ),
    );
    expect(wrong.filter((each) => each === 'wrong_code').length).toBe(limits.codeTries);
    expect(wrong.filter((each) => each === 'code_gone').length).toBe(10 - limits.codeTries);
  });

  it('V4 V7 has proved nothing once they were signed out, or the key that vouched is gone', async () => {
    const address = newAddress();
    const claims = { sub: 'Kim', email: address };
    const { browser: kim, id: chat } = await steppedUp(claims, address);
    const { id } = kim;
    await comes(kim, { vouch: null });
    await comes(kim, { vouch: await vouchFor(claims) });
    expect([kim.id, await provedAt(kim)]).toEqual([id, null]);
    later(60_000);
    await askToProve(kim, chat, address);
    const code = await mailed(kim, address);
    const held = copyOf(kim);
    await comes(kim, { vouch: await vouchFor({ sub: 'Lee' }) });
    expect(await codeOf(give(held, address, code))).toBe('not_allowed');
    await comes(kim, { vouch: await vouchFor(claims) });
    later(120_000);
    await comes(kim);
    await proves(kim, chat, address);
    await env.DB.prepare('DELETE FROM site_keys WHERE site = ?').bind(here.site).run();
    expect(await keptOf(kim)).toBeUndefined();
    expect(await codeOf(askToProve(kim, chat, address))).toBe('not_allowed');
  });

  it('V4 is not held again by a code that was being given back when they were signed out', async () => {
    const address = newAddress();
    const kim = await vouched({ email: address });
    const { hold } = (await keptOf(kim)) ?? {};
    if (hold === undefined) throw new Error('nobody is held');
    const lookup = await (await vaultOf(env)).lookup('visitor-address', address);
    const store = new VisitorStore(env.DB);
    const next = crypto.getRandomValues(new Uint8Array(32));
    await store.dropHold(hold);
    expect(await store.stepUp(hold, next, lookup, Date.now())).toBe(false);
    expect(await store.holdOf(next, Date.now())).toBeUndefined();
  });

  it('V14 is out with an address that they have proved', async () => {
    const address = newAddress();
    const { browser: kim, id: chat } = await steppedUp({ name: 'Kim' }, address);
    const banned = await call('POST', `/api/v1/conversations/${chat}/bans`, {
      ...{ token: owner.access, body: { kind: 'address', reason: 'Threats', lasts: 3_600_000 } },
    });
    expect(banned.status).toBe(201);
    expect(await codeOf(comes(kim))).toBe('banned');
  });
});

describe('V12 V14 somebody who is banned', () => {
  const ban = (address: string) =>
    call<{ ban: { id: string } }>('POST', '/api/v1/bans', {
      ...{
        token: owner.access,
        body: { kind: 'address', target: address, reason: 'Threats', lasts: 3_600_000 },
      },
    });

  it('is out in every browser once the address that they proved is, and comes in by no code', async () => {
    const { browser, id, address } = await proved();
    const room = await join(id, browser.access);
    await room.next('welcome');
    const asked = await newBrowser();
    await askToContinue(asked, address);
    const code = await mailed(asked, address);
    const byConversation = await call('POST', `/api/v1/conversations/${id}/bans`, {
      ...{ token: owner.access, body: { kind: 'address', reason: 'Threats', lasts: 3_600_000 } },
    });
    expect(byConversation.status).toBe(201);
    expect((await room.closed).code).toBe(4403);
    expect(await codeOf(comes(browser))).toBe('banned');
    expect(await codeOf(give(asked, address, code))).toBe('banned');
    expect(await listed(asked)).toEqual([]);
    const another = await newBrowser();
    await askToContinue(another, address);
    const stranger = await newBrowser();
    await askToProve(stranger, await beginIn(stranger), address);
    await mailIsNotSent(another, stranger);
  });

  it('does not prove an address that was banned while the code was on its way', async () => {
    const browser = await newBrowser();
    const id = await beginIn(browser);
    const address = newAddress();
    await askToProve(browser, id, address);
    const code = await mailed(browser, address);
    expect((await ban(address)).status).toBe(201);
    expect(await codeOf(give(browser, address, code))).toBe('banned');
    expect((await customerOf(id))?.proof).toEqual({ name: null, address: null });
  });
});

it('L7 what was done at the doors that are passed here alone stands in the ledger', () =>
  enters('people/codes.test.ts'));
