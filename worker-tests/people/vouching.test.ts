import { env } from 'cloudflare:workers';
import {
  base64url,
  CompactSign,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BeginAnswer, ConversationsAnswer, NamesAnswer } from '../../src/protocol/bodies.ts';
import { newId, type SiteId, type TeamId } from '../../src/protocol/ids.ts';
import { lifetimes, limits } from '../../src/protocol/limits.ts';
import type { IdentityKeyAnswer, IdentityKeysAnswer, VisitorSession } from '../../src/protocol/visitors.ts';
import { begin, call, join, type Member, newMember, newSite, newTeam, newVisitor, shop } from '../cast.ts';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

let team: TeamId;
let site: SiteId;
let admin: Member;
let anna: Member;
let ed: Pair;

beforeAll(async () => {
  team = await newTeam();
  admin = await newMember('admin', [team]);
  anna = await newMember('agent', [team]);
  ed = await generateKeyPair('EdDSA', { extractable: true });
});

beforeEach(async () => {
  site = await newSite(team);
});

const now = () => Math.floor(Date.now() / 1000);

const addKey = (publicKey: JWK | null, token = admin.access, id: string = site) =>
  call<IdentityKeyAnswer>('POST', `/api/v1/sites/${id}/keys`, { token, body: { publicKey } });

async function addEd(id: SiteId = site): Promise<string> {
  const { body } = await addKey(await exportJWK(ed.publicKey), admin.access, id);
  return body.key.id;
}

type Claims = Record<string, unknown>;
/** What a good site says of its customer, and what is bent in it; what is undefined is left out. */
const claims = (bent: Claims = {}): Claims =>
  JSON.parse(
    JSON.stringify({ aud: site, sub: 'customer 42', jti: crypto.randomUUID(), exp: now() + 300, ...bent }),
  ) as Claims;

const signed = (
  said: Claims,
  key: Parameters<SignJWT['sign']>[0] = ed.privateKey,
  alg = 'EdDSA',
  header = {},
) => new SignJWT(said).setProtectedHeader({ alg, ...header }).sign(key);
const token = async (bent: Claims = {}) => signed(claims(bent));

/** A browser that comes with these cookies, and what its page says. */
async function comes(vouch: unknown, cookies: readonly string[] = [], id: SiteId = site) {
  const reply = await call<VisitorSession>('POST', `/api/v1/sites/${id}/visitor`, {
    body: vouch === undefined ? {} : { vouch },
    headers: { cookie: cookies.join('; '), 'cf-connecting-ip': network() },
  });
  const set = reply.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  const names = new Set(set.map((pair) => pair.split('=')[0]));
  const kept = cookies.filter((pair) => !names.has(pair.split('=')[0]));
  return { ...reply, cookies: [...kept, ...set.filter((pair) => !pair.endsWith('='))] };
}
let networks = 0;
const network = () => `203.0.${(networks >> 8) & 255}.${networks++ & 255}`;

const refusal = async (vouch: unknown, cookies?: readonly string[]) => {
  const { status, body } = await comes(vouch, cookies);
  return [status, body.code, body.detail];
};

describe('whom a site vouches for', () => {
  it('V1 is the same visitor in each of their browsers, and finds what they said there', async () => {
    await addEd();
    const [phone, desk] = [await comes(await token()), await comes(await token())];
    expect(phone.body.visitor).toEqual({
      id: desk.body.visitor.id,
      vouched: true,
      proof: { name: null, address: null },
    });
    const id = await begin({
      id: phone.body.visitor.id as never,
      site,
      access: phone.body.access,
      cookie: '',
    });
    const { body } = await call<ConversationsAnswer>('GET', '/api/v1/conversations', {
      token: desk.body.access,
    });
    expect(body.conversations.map((each) => each.id)).toEqual([id]);
  });

  it('V1 is somebody else on another site, and whoever else the site names is somebody else', async () => {
    await addEd();
    const other = await newSite(team);
    await addEd(other);
    const here = (await comes(await token())).body.visitor.id;
    const there = (await comes(await signed(claims({ aud: other })), [], other)).body.visitor.id;
    const neighbour = (await comes(await token({ sub: 'customer 43' }))).body.visitor.id;
    const spelt = (await comes(await token({ sub: 'Customer 42' }))).body.visitor.id;
    expect(new Set([here, there, neighbour, spelt]).size).toBe(4);
  });

  it('V1 stays so by the cookie, which alone is of no use elsewhere', async () => {
    await addEd();
    const first = await comes(await token());
    const later = await comes(undefined, first.cookies);
    expect(later.body.visitor).toEqual(first.body.visitor);
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly.*Secure.*SameSite=None.*Partitioned/);
    const [cookie = ''] = first.cookies;
    const [, secret = ''] = cookie.split('=');
    const own = await comes(undefined, [`__Host-sotto-${site}=${secret}`]);
    expect(own.body.visitor).toMatchObject({ vouched: false });
    expect(own.body.visitor.id).not.toBe(first.body.visitor.id);
    const other = await newSite(team);
    const elsewhere = await comes(undefined, [`__Host-sotto-${other}-vouched=${secret}`], other);
    expect(elsewhere.body.visitor.vouched).toBe(false);
  });

  it('V4 is nobody once the page says so, and so is whoever copied the cookie', async () => {
    await addEd();
    const { cookies, body } = await comes(await token());
    const out = await comes(null, cookies);
    expect(out.body.visitor.vouched).toBe(false);
    expect(out.body.visitor.id).not.toBe(body.visitor.id);
    expect(out.cookies.some((pair) => pair.includes('-vouched'))).toBe(false);
    expect((await comes(undefined, cookies)).body.visitor.vouched).toBe(false);
    expect((await comes(await token(), out.cookies)).body.visitor.id).toBe(body.visitor.id);
  });

  it('V4 gives way to whom the page names next, and the browser’s own chats stay its own', async () => {
    await addEd();
    const own = await comes(undefined);
    const kim = await comes(await token(), own.cookies);
    const lee = await comes(await token({ sub: 'Lee' }), kim.cookies);
    expect(new Set([own, kim, lee].map(({ body }) => body.visitor.id)).size).toBe(3);
    expect((await comes(undefined, kim.cookies)).body.visitor.vouched).toBe(false);
    expect((await comes(undefined, lee.cookies)).body.visitor.id).toBe(lee.body.visitor.id);
    expect((await comes(null, lee.cookies)).body.visitor.id).toBe(own.body.visitor.id);
  });

  it('V4 W7 is forgotten with all that the browser held', async () => {
    await addEd();
    const own = await comes(undefined);
    const { cookies, body } = await comes(await token(), own.cookies);
    const path = `/api/v1/sites/${site}/visitor`;
    const gone = await call('DELETE', path, { headers: { cookie: cookies.join('; ') } });
    expect(gone.headers.getSetCookie().length).toBe(2);
    const back = await comes(undefined, cookies.slice(1));
    expect([body.visitor.id, own.body.visitor.id]).not.toContain(back.body.visitor.id);
  });

  it('V1 nothing is stored of a visitor for whom nobody vouched', async () => {
    const count = async () =>
      (await env.DB.prepare('SELECT COUNT(*) AS n FROM visitors').first<{ n: number }>())?.n;
    const before = await count();
    await begin(await newVisitor(site, { 'cf-connecting-ip': network() }));
    await comes('not a token');
    expect(await count()).toBe(before);
  });
});

describe('a token', () => {
  const unsigned = [403, 'vouch_refused', 'No key of this site has signed this.'];

  it('V2 is believed if a key of the site has signed it, by that key’s own algorithm', async () => {
    for (const alg of ['EdDSA', 'ES256', 'RS256']) {
      const place = await newSite(team);
      const pair = await generateKeyPair(alg, { extractable: true });
      const added = await addKey(
        { ...(await exportJWK(pair.publicKey)), kid: 'x', use: 'sig' },
        undefined,
        place,
      );
      expect([added.status, added.body.key.alg, added.body.secret]).toEqual([201, alg, null]);
      const good = await signed(claims({ aud: place }), pair.privateKey, alg, { kid: 'any', typ: 'JWT' });
      expect((await comes(good, [], place)).body.visitor.vouched).toBe(true);
    }
    const { secret } = (await addKey(null)).body;
    expect(secret).toMatch(/^[\w-]{43}$/);
    const shared = new TextEncoder().encode(secret ?? '');
    expect((await comes(await signed(claims(), shared, 'HS256'))).body.visitor.vouched).toBe(true);
  });

  it('V2 without a signature, with another’s, or with the public key for a secret is refused', async () => {
    await addEd();
    const pair = await generateKeyPair('RS256', { extractable: true });
    await addKey(await exportJWK(pair.publicKey));
    const stranger = await generateKeyPair('EdDSA');
    const jwk = await exportJWK(ed.publicKey);
    const publicly = [
      new TextEncoder().encode(await exportSPKI(pair.publicKey)),
      new TextEncoder().encode(JSON.stringify(await exportJWK(pair.publicKey))),
      base64url.decode(jwk.x ?? ''),
      new TextEncoder().encode(jwk.x),
    ];
    const good = await token();
    const [head = '', body = '', mark = ''] = good.split('.');
    const other = base64url.encode(JSON.stringify(claims({ sub: 'the victim' })));
    const forged = [
      new UnsecuredJWT(claims()).encode().replace(/\.$/, '.AAAA'),
      await signed(claims(), stranger.privateKey),
      await signed(claims(), stranger.privateKey, 'EdDSA', { jwk: await exportJWK(stranger.publicKey) }),
      ...(await Promise.all(publicly.map((key) => signed(claims(), key, 'HS256')))),
      `${head}.${other}.${mark}`,
      `${head}.${body}.${mark.slice(0, -4)}AAAA`,
      `${base64url.encode('{"alg":"none"}')}.${body}.AAAA`,
      `${base64url.encode('{"alg":"RS256"}')}.${body}.${mark}`,
    ];
    for (const vouch of forged) expect(await refusal(vouch)).toEqual(unsigned);
    expect((await comes(good)).status).toBe(200);
  });

  it.each([
    ['nothing', ''],
    ['a word', 'undefined'],
    ['two dots', '..'],
    ['two parts', 'a.b'],
    ['four parts', 'a.b.c.d'],
    ['a page', '<!doctype html><title>Sign in</title>'],
    ['no base64url', 'é.é.é'],
    ['too long', 'x'.repeat(limits.tokenLength + 1)],
  ])('V2 that is %s is refused', async (_, vouch) => {
    await addEd();
    expect(await refusal(vouch)).toEqual([403, 'vouch_refused', 'This is not a signed token.']);
  });

  it('V2 has one spelling', async () => {
    await addEd();
    const good = await token();
    for (const bent of [`${good}=`, ` ${good}`, `${good}\n`, good.replace('.', '=.'), `${good}.`])
      expect((await comes(bent)).body.code).toBe('vouch_refused');
    expect((await comes(good.slice(0, -4))).body.code).toBe('vouch_refused');
    for (const odd of [1, true, {}, [good]]) expect((await comes(odd)).body.code).toBe('invalid');
  });

  it.each<[string, Claims, string]>([
    ['for another site', { aud: newId('site') }, 'aud: not the id of this site'],
    ['for several', { aud: 'SEVERAL' }, 'aud: not the id of this site'],
    ['for nobody', { aud: undefined }, 'aud: not the id of this site'],
    ['of nobody', { sub: undefined }, 'sub: missing, or does not fit'],
    ['with an empty subject', { sub: '' }, 'sub: missing, or does not fit'],
    ['with a huge subject', { sub: 'x'.repeat(limits.subjectLength + 1) }, 'sub: missing, or does not fit'],
    ['with a number for a subject', { sub: 42 }, 'sub: missing, or does not fit'],
    ['with null for a subject', { sub: null }, 'sub: missing, or does not fit'],
    ['without an id', { jti: undefined }, 'jti: missing, or does not fit'],
    ['with an empty id', { jti: '' }, 'jti: missing, or does not fit'],
    ['that has expired', { exp: -60 }, 'exp: in the past'],
    ['that lasts too long', { exp: 660 }, 'exp: more than ten minutes ahead'],
    ['that never ends', { exp: 1e12 }, 'exp: more than ten minutes ahead'],
    ['that is not good yet', { nbf: 300 }, 'This is not a token as it should be.'],
  ])('V2 %s is refused, and says why', async (_, { exp, nbf, ...bent }, detail) => {
    await addEd();
    const times = {
      ...(exp === undefined ? {} : { exp: now() + Number(exp) }),
      ...(nbf === undefined ? {} : { nbf: now() + Number(nbf) }),
    };
    const aud = bent['aud'] === 'SEVERAL' ? { aud: [site, newId('site')] } : {};
    expect(await refusal(await token({ ...bent, ...times, ...aud }))).toEqual([403, 'vouch_refused', detail]);
  });

  it('V2 without an end is refused', async () => {
    await addEd();
    const { exp: _, ...endless } = claims();
    for (const said of [endless, { ...endless, exp: 1.5e9 + 0.5 }, { ...endless, exp: 'never' }])
      expect((await refusal(await signed(said)))[1]).toBe('vouch_refused');
  });

  it('V2 that is no object, or asks for what nobody knows, is refused', async () => {
    await addEd();
    const sign = (text: string, header: object = {}) =>
      new CompactSign(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'EdDSA', ...header })
        .sign(ed.privateKey, { crit: { odd: true } });
    const odd = [
      await sign('[]'),
      await sign('"text"'),
      await sign('not JSON'),
      await sign(JSON.stringify(claims()), { crit: ['odd'], odd: 1 }),
    ];
    for (const vouch of odd)
      expect(await refusal(vouch)).toEqual([403, 'vouch_refused', 'This is not a token as it should be.']);
  });

  it('V2 of another site is of no use, also where both have the same key', async () => {
    await addEd();
    const other = await newSite(team);
    await addEd(other);
    const theirs = await signed(claims({ aud: other }));
    expect(await refusal(theirs)).toEqual([403, 'vouch_refused', 'aud: not the id of this site']);
    const keyless = await newSite(team);
    const reply = await comes(await signed(claims({ aud: keyless })), [], keyless);
    expect(reply.body.code).toBe('vouch_refused');
  });

  it('V3 serves one browser, which may repeat it, until it runs out', async () => {
    await addEd();
    const vouch = await token();
    const first = await comes(vouch);
    expect((await comes(vouch, first.cookies)).body.visitor.id).toBe(first.body.visitor.id);
    const used = [403, 'vouch_refused', 'Another browser has brought this token.'];
    expect(await refusal(vouch)).toEqual(used);
    const other = await comes(await token());
    expect(await refusal(vouch, other.cookies)).toEqual(used);
    // Whom the page signed out is not signed in again by what lies in its cache.
    const out = await comes(null, first.cookies);
    expect(await refusal(vouch, out.cookies)).toEqual(used);
    const sibling = await signed({ ...claims(), jti: 'another', sub: 'customer 42' });
    expect((await comes(sibling)).status).toBe(200);
    expect(await refusal(await token({ jti: 'another', sub: 'Lee' }))).toEqual(used);
  });

  it('V3 that twenty browsers bring at once serves one of them', async () => {
    await addEd();
    const vouch = await token();
    const replies = await Promise.all(Array.from({ length: 20 }, () => comes(vouch)));
    expect(replies.filter(({ status }) => status === 200).length).toBe(1);
    expect(replies.filter(({ body }) => body.code === 'vouch_refused').length).toBe(19);
  });

  it('V3 is forgotten once it has run out, when it is believed no more', async () => {
    await addEd();
    const vouch = await token({ exp: now() + 10 });
    await comes(vouch);
    const kept = async () =>
      (
        await env.DB.prepare('SELECT COUNT(*) AS n FROM vouches WHERE until < ?')
          .bind(Date.now())
          .first<{ n: number }>()
      )?.n;
    vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ['Date'] });
    try {
      expect((await comes(vouch)).body.detail).toBe('exp: in the past');
      expect(await kept()).toBeGreaterThan(0);
      await comes(await token());
      expect(await kept()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('V1 the hold on whom it named ends a month after their last visit', async () => {
    await addEd();
    const { cookies, body } = await comes(await token());
    const day = 86_400_000;
    for (const days of [20, 45, 76]) {
      vi.useFakeTimers({ now: Date.now() + days * day, toFake: ['Date'] });
      const { visitor } = (await comes(undefined, cookies)).body;
      vi.useRealTimers();
      expect([days, visitor.id === body.visitor.id]).toEqual([days, days < 76]);
    }
    expect(lifetimes.visitorHold).toBe(30 * day);
  });
});

describe('what is proved', () => {
  const named = { name: 'Kim MARKED', email: 'Kim@MARKED.example' };
  const begun = async (access: string, customer: object = {}) => {
    const body = { id: crypto.randomUUID(), text: 'Hello', customer };
    const reply = await call<BeginAnswer>('POST', '/api/v1/conversations', { token: access, body });
    return { status: reply.status, id: reply.body.conversation.id };
  };
  const customerOf = async (id: string) =>
    (await (await join(id, anna.access)).next('welcome')).conversation.staff?.customer;

  it('V5 is what the site said, whatever is typed, and staff are shown who answers for it', async () => {
    await addEd();
    const { body } = await comes(await token(named));
    expect(body.visitor.proof).toEqual({ name: 'site', address: 'site' });
    const { id } = await begun(body.access, { name: 'Somebody else', address: 'other@example.com' });
    const proved = { name: 'Kim MARKED', address: 'kim@marked.example' };
    expect(await customerOf(id)).toMatchObject({ ...proved, proof: { name: 'site', address: 'site' } });
    const typed = (await begun((await comes(undefined)).body.access, proved)).id;
    expect(await customerOf(typed)).toMatchObject({ ...proved, proof: { name: null, address: null } });
    const names = await call<NamesAnswer>('POST', '/api/v1/customer-names', {
      token: anna.access,
      body: { ids: [id, typed] },
    });
    expect(names.body).toEqual({
      names: { [id]: 'Kim MARKED', [typed]: 'Kim MARKED' },
      verified: [id],
      proved: [],
    });
    for (const lie of [{ proof: { name: 'site', address: 'site' } }, { verified: true }]) {
      const sent = { id: crypto.randomUUID(), text: 'Hello', customer: { ...proved, ...lie } };
      const reply = await call('POST', '/api/v1/conversations', { token: body.access, body: sent });
      expect(reply.body.code).toBe('invalid');
    }
  });

  it('V5 of each of the two is told apart, and what the site does not say is typed', async () => {
    await addEd();
    const { access } = (await comes(await token({ email: named.email }))).body;
    const { id } = await begun(access, { name: 'Typed', address: 'other@example.com' });
    expect(await customerOf(id)).toMatchObject({
      name: 'Typed',
      address: 'kim@marked.example',
      proof: { name: null, address: 'site' },
    });
  });

  it('V5 answers the site’s own questions', async () => {
    await addEd();
    const settings = {
      questions: [
        { kind: 'name' as const, label: {}, required: true },
        { kind: 'address' as const, label: {}, required: true },
      ],
    };
    const asking = await newSite(team, [shop], settings);
    await addEd(asking);
    const { access } = (await comes(await signed(claims({ ...named, aud: asking })), [], asking)).body;
    expect((await begun(access)).status).toBe(201);
  });

  it('V5 is not what staff write in its place, which has no badge', async () => {
    await addEd();
    const { access } = (await comes(await token(named))).body;
    const { id } = await begun(access);
    const write = (change: object) =>
      call('PATCH', `/api/v1/conversations/${id}/customer`, { token: admin.access, body: change });
    await write({ name: 'Kim MARKED' });
    expect((await customerOf(id))?.proof).toEqual({ name: 'site', address: 'site' });
    await write({ address: 'somebody@example.com' });
    expect(await customerOf(id)).toMatchObject({
      address: 'somebody@example.com',
      proof: { name: 'site', address: null },
    });
    await write({ name: 'Kim Lee' });
    await write({ name: 'Kim MARKED', address: 'kim@marked.example' });
    expect((await customerOf(id))?.proof).toEqual({ name: null, address: null });
  });

  it('V5 is the newest that the site said, and what does not fit keeps nobody from writing', async () => {
    await addEd();
    await comes(await token(named));
    const odd = await comes(await token({ name: `\u202e${'x'.repeat(500)}`, email: 'nowhere' }));
    expect(odd.body.visitor).toMatchObject({ vouched: true, proof: { name: null, address: null } });
    const renamed = await comes(await token({ name: 'Kim Lee' }));
    expect(await customerOf((await begun(renamed.body.access)).id)).toMatchObject({ name: 'Kim Lee' });
  });

  it('V5 K6 K8 lies sealed, under a key of which there is a copy', async () => {
    await addEd();
    const { id } = (await comes(await token({ ...named, sub: 'MARKED-42', jti: 'MARKED-jti' }))).body.visitor;
    const { secret } = (await addKey(null)).body;
    const tables = ['visitors', 'visitor_holds', 'vouches', 'site_keys'];
    for (const table of tables) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      expect(results.length).toBeGreaterThan(0);
      const stored = results.flatMap((row) =>
        Object.values(row).map((value) =>
          Array.isArray(value) ? new TextDecoder().decode(Uint8Array.from(value as number[])) : String(value),
        ),
      );
      expect(stored.join().toLowerCase()).not.toContain('marked');
      expect(stored.join()).not.toContain(secret);
    }
    expect(await env.KEYS.head(`visitor/${id}`)).not.toBeNull();
  });

  it('V6 a typed identity opens or merges nobody’s chat (incident row 11)', async () => {
    await addEd();
    const victim = await comes(await token({ ...named, sub: 'victim' }));
    const chat = (await begun(victim.body.access)).id;
    const attacker = await comes(undefined);
    const typed = { name: 'Kim MARKED', address: 'kim@marked.example' };
    const own = (await begun(attacker.body.access, typed)).id;
    const listed = async (access: string) =>
      (
        await call<ConversationsAnswer>('GET', '/api/v1/conversations', { token: access })
      ).body.conversations.map(({ id }) => id);
    const earlier = async (id: string, access: string) =>
      (await call<ConversationsAnswer>('GET', `/api/v1/conversations/${id}/earlier`, { token: access })).body
        .conversations;
    expect(await listed(attacker.body.access)).toEqual([own]);
    expect(await listed(victim.body.access)).toEqual([chat]);
    expect(await earlier(own, attacker.body.access)).toEqual([]);
    // Nor do staff find one by the other.
    expect(await earlier(own, anna.access)).toEqual([]);
    expect(await earlier(chat, anna.access)).toEqual([]);
    expect(await customerOf(own)).toMatchObject({ ...typed, proof: { name: null, address: null } });
    // What a contact is changed to afterwards finds nobody either.
    const path = `/api/v1/conversations/${own}/customer`;
    await call('PATCH', path, { token: admin.access, body: typed });
    expect(await earlier(own, anna.access)).toEqual([]);
    for (const vouch of ['', 'x', victim.body.visitor.id, 'victim', '0'.repeat(64)])
      expect((await comes(vouch, attacker.cookies)).body.code).toBe('vouch_refused');
    const truncated = (await token({ sub: 'victim' })).slice(0, -1);
    expect((await comes(truncated, attacker.cookies)).body.code).toBe('vouch_refused');
    expect((await comes(undefined, attacker.cookies)).body.visitor.id).toBe(attacker.body.visitor.id);
    for (const what of ['messages', 'earlier'])
      expect(
        (await call('GET', `/api/v1/conversations/${chat}/${what}`, { token: attacker.body.access })).body
          .code,
      ).toBe('not_found');
  });

  it('V6 two customers with one address stay two', async () => {
    await addEd();
    const [kim, lee] = [
      await comes(await token({ ...named, sub: 'Kim' })),
      await comes(await token({ ...named, sub: 'Lee' })),
    ];
    await begun(kim.body.access);
    const { body } = await call<ConversationsAnswer>('GET', '/api/v1/conversations', {
      token: lee.body.access,
    });
    expect(body.conversations).toEqual([]);
  });
});

describe('a site’s keys', () => {
  const keys = (token = admin.access, id: string = site) =>
    call<IdentityKeysAnswer>('GET', `/api/v1/sites/${id}/keys`, { token });
  const drop = (key: string, token = admin.access, id: string = site) =>
    call('DELETE', `/api/v1/sites/${id}/keys/${key}`, { token });

  it('V7 are two at most, and a secret is shown once', async () => {
    const edKey = await addEd();
    const { body } = await addKey(null);
    expect((await addKey(null)).body.code).toBe('no_room');
    const listed = await keys();
    expect(listed.body.keys.map(({ id, alg }) => [id, alg])).toEqual(
      expect.arrayContaining([
        [edKey, 'EdDSA'],
        [body.key.id, 'HS256'],
      ]),
    );
    expect(listed.body.keys.find(({ id }) => id === edKey)?.thumbprint).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(listed.body)).not.toContain(body.secret);
    const many = await newSite(team);
    const added = await Promise.all(Array.from({ length: 6 }, () => addKey(null, admin.access, many)));
    expect(added.filter(({ status }) => status === 201).length).toBe(limits.identityKeys);
  });

  it('V7 that are removed are believed no more, and whom they vouched for is nobody', async () => {
    const key = await addEd();
    const { cookies, body } = await comes(await token());
    expect((await drop(key)).status).toBe(200);
    expect((await comes(await token(), cookies)).body.code).toBe('vouch_refused');
    expect((await comes(undefined, cookies)).body.visitor.vouched).toBe(false);
    expect((await drop(key)).body.code).toBe('not_found');
    await addEd();
    expect((await comes(await token())).body.visitor.id).toBe(body.visitor.id);
  });

  it('V7 one takes the other’s place, and nobody notices', async () => {
    const old = await addEd();
    const { cookies, body } = await comes(await token());
    const shared = new TextEncoder().encode((await addKey(null)).body.secret ?? '');
    const again = await comes(await signed(claims(), shared, 'HS256'), cookies);
    expect([again.body.visitor.id, again.cookies]).toEqual([body.visitor.id, cookies]);
    await drop(old);
    expect((await comes(undefined, cookies)).body.visitor.id).toBe(body.visitor.id);
  });

  it('V7 that are none, weak or private are refused, and no part of them is repeated', async () => {
    const rsa = await generateKeyPair('RS256', { extractable: true });
    const ec = await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey);
    const own = await exportJWK(ed.privateKey);
    const wrong: unknown[] = [
      own,
      await exportJWK(rsa.privateKey),
      { kty: 'oct', k: 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U' },
      { ...ec, x: ec.y },
      { ...ec, crv: 'P-384' },
      { ...(await exportJWK(rsa.publicKey)), n: 'AQAB' },
      { ...(await exportJWK(rsa.publicKey)), e: 'AQ' },
      { kty: 'OKP', crv: 'X25519', x: own.x },
      { kty: 'OKP', crv: 'Ed25519', x: 'short' },
      {},
      [],
      'text',
      1,
    ];
    for (const key of wrong) {
      const reply = await addKey(key as JWK);
      expect([reply.status, reply.body.code]).toEqual([400, 'invalid']);
      expect(reply.body.detail).not.toContain(own.d);
    }
    expect((await addKey(own)).body.detail).toBe('publicKey: holds a private key');
    expect((await keys()).body.keys).toEqual([]);
  });

  it('V7 are changed by those who have the right, each on its own site', async () => {
    const key = await addEd();
    const other = await newSite(team);
    expect((await drop(key, admin.access, other)).body.code).toBe('not_found');
    expect((await addKey(null, admin.access, newId('site'))).body.code).toBe('not_found');
    for (const role of ['supervisor', 'agent', 'auditor'] as const) {
      const { access } = await newMember(role, [team]);
      const asked = [await addKey(null, access), await drop(key, access), await keys(access)];
      expect(asked.map(({ body }) => body.code)).toEqual(['not_allowed', 'not_allowed', 'not_allowed']);
    }
    expect((await keys()).body.keys.length).toBe(1);
  });
});
