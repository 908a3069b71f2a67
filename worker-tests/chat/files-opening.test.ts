import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { vaultOf } from '../../src/config.ts';
import { accountOf } from '../../src/people/account.ts';
import { rememberProved } from '../../src/people/visitor/facts.ts';
import { VisitorStore } from '../../src/people/visitor/store.ts';
import { readLeaf } from '../../src/protocol/ledger-proof.ts';
import { lifetimes } from '../../src/protocol/limits.ts';
import { accessFor, begin, call, type Member, newSite, newVisitor, signedIn } from '../cast.ts';
import { aMinuteLater, own, since, size } from '../ledger/scene.ts';
import {
  asked,
  begins,
  bucket,
  cookieOf,
  filesOf,
  here,
  hold,
  later,
  load,
  mark,
  open,
  owner,
  release,
  released,
  rings,
  rules,
  scanned,
  send,
  talk,
  text,
} from './files-scene.ts';
import { evict, rows } from './scene.ts';

beforeEach(begins);
afterEach(() => {
  vi.useRealTimers();
});

/** A new token of a session whose second factor is as old as it is. */
const longProved = ({ id, session }: Member) =>
  accessFor(id, { id: session, amr: ['pwd', 'otp'], provedAt: Date.now() });

describe('opening a file', () => {
  it('F43 gives the browser that asked a link to that file alone, for some minutes', async () => {
    const file = await released(text(mark));
    const other = await released(text('another'));
    const opened = await open(here.anna.access, file);
    const { address, until } = opened.body;
    const cookie = cookieOf(opened);
    expect(opened.headers.get('set-cookie')).toMatch(
      /^__Secure-sotto-file=[^;]+; .*Path=\/files\/con_[\w-]{22}\/fil_[\w-]{22};.* HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(until - Date.now()).toBeLessThanOrEqual(lifetimes.fileLink);
    expect(await (await load(address, { cookie })).text()).toBe(mark);
    const otherAddress = address.replace(file, other);
    for (const [path, headers] of [
      [address, {}],
      [address, { cookie: cookie.slice(0, -3) }],
      [otherAddress, { cookie }],
      [address.replace('con_', 'con_A').slice(0, -1), { cookie }],
      [address, { cookie, 'sec-fetch-site': 'cross-site' }],
      [address, { cookie, 'sec-fetch-site': 'same-site' }],
    ] as const) {
      const answer = await load(path, headers);
      expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([404, 'not_found']);
    }
    later(lifetimes.fileLink + 1_000);
    await accountOf(env, here.anna.id).use(here.anna.session, 0);
    expect((await load(address, { cookie })).status).toBe(404);
  });

  it('F43 gives a link that ends with the session, the right or the ban of whoever has it', async () => {
    const file = await released(text(mark));
    const session = await signedIn(here.anna.id);
    const opened = await open(session.access, file);
    const cookie = cookieOf(opened);
    const { address } = opened.body;
    expect((await load(address, { cookie })).status).toBe(200);
    await asked('DELETE', '/api/v1/session', { token: session.access, body: {} });
    later(2_000);
    expect((await load(address, { cookie })).status).toBe(404);
    const bens = await open(here.ben.access, file);
    const custom = await open(talk.visitor.access, file);
    expect((await load(bens.body.address, { cookie: cookieOf(bens) })).status).toBe(200);
    const change = { token: owner.access, body: { role: 'auditor' } };
    expect((await asked('PATCH', `/api/v1/people/${here.ben.id}`, change)).status).toBe(200);
    later(2_000);
    expect((await load(bens.body.address, { cookie: cookieOf(bens) })).status).toBe(403);
    expect((await load(custom.body.address, { cookie: cookieOf(custom) })).status).toBe(200);
    const ban = await asked('POST', `/api/v1/conversations/${talk.id}/bans`, {
      token: here.sue.access,
      body: { kind: 'visitor', reason: 'Abuse.', lasts: 3_600_000 },
    });
    expect(ban.status, ban.text).toBe(201);
    later(2_000);
    expect((await load(custom.body.address, { cookie: cookieOf(custom) })).status).toBe(404);
  });

  it('F44 answers so that nothing of it runs, stays or is taken for something else', async () => {
    const name = 'Rechnung "März"\u202etxt.exe.txt';
    const file = await released(text('not a page <script>alert(1)</script>'), { name });
    const opened = await open(here.anna.access, file);
    const { headers } = await load(opened.body.address, { cookie: cookieOf(opened) });
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; frame-ancestors 'self'",
    );
    const disposition = headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^inline; filename=/);
    expect(disposition).not.toMatch(/[\r\n\u202e]/);
    const saved = await open(here.anna.access, file, { as: 'save' });
    const answer = await load(saved.body.address, { cookie: cookieOf(saved) });
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; /);
  });

  it('F44 gives the part of it that is asked for', async () => {
    const bytes = Uint8Array.from({ length: 40_000 }, (_, n) => 32 + (n % 90));
    const file = await released(bytes);
    const opened = await open(here.anna.access, file);
    const part = (range: string) => load(opened.body.address, { cookie: cookieOf(opened), range });
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 1],
      ['bytes=16383-16385', 16_383, 16_386],
      ['bytes=39990-', 39_990, 40_000],
      ['bytes=-5', 39_995, 40_000],
      ['bytes=0-999999', 0, 40_000],
    ] as const) {
      const answer = await part(range);
      expect([answer.status, answer.headers.get('content-range')]).toEqual([
        206,
        `bytes ${from}-${to - 1}/40000`,
      ]);
      expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes.subarray(from, to));
    }
    expect((await part('bytes=40000-')).status).toBe(416);
    for (const range of ['bytes=5-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])
      expect((await part(range)).status).toBe(200);
  });

  it('F41 is closed until it was scanned, and where that can’t be done until somebody lets it be opened', async () => {
    const file = await send(talk.visitor.access, text(mark));
    await scanned(here.anna.access, file);
    for (const token of [here.anna.access, talk.visitor.access])
      expect((await open(token, file)).body.code).toBe('file_unscanned');
    expect((await release(file, here.sue.access)).body.code).toBe('not_allowed');
    const before = await size();
    expect((await release(file)).status).toBe(200);
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...{ ...own(owner), action: 'file.release', object: file, subject: talk.visitor.id, outcome: 'done' },
        facts: expect.objectContaining({ conversation: talk.id }) as unknown,
      }),
    );
    for (const ear of [talk.customer, talk.desk])
      expect(
        await ear.until(() =>
          ear.heard.find((each) => each.type === 'file' && each.file.state === 'released'),
        ),
      ).toMatchObject({ seq: 2, file: { id: file } });
    for (const token of [here.anna.access, talk.visitor.access])
      expect((await open(token, file)).status).toBe(200);
  });

  it('F41 F42 F45 needs a second factor that is new for what lets it be opened, and for a hold', async () => {
    const file = await send(talk.visitor.access, text(mark));
    await scanned(here.anna.access, file);
    later(lifetimes.stepUp + 1_000);
    const access = await longProved(owner);
    expect((await release(file, access)).body.code).toBe('step_up_needed');
    expect((await hold(true, access)).body.code).toBe('step_up_needed');
  });

  it('F42 of a sensitive file takes a reason and a new second factor, and both stand in the ledger', async () => {
    const file = await released(text(mark), { sensitive: true });
    expect((await filesOf(here.anna.access))[0]?.file.about?.sensitive).toEqual(['sender']);
    expect((await open(here.anna.access, file)).body.code).toBe('reason_needed');
    const before = await size();
    const reason = 'To check the address.';
    expect((await open(here.anna.access, file, { reason })).status).toBe(200);
    expect(await since(before)).toContainEqual(
      expect.objectContaining({
        ...{
          ...own(here.anna),
          action: 'file.open',
          object: file,
          subject: talk.visitor.id,
          outcome: 'done',
        },
        facts: {
          ...{ door: 'POST /conversations/:id/files/:file/open', conversation: talk.id, as: 'show' },
          sensitive: ['sender'],
        },
        // Why somebody looked is about the customer, and goes with them.
        details: expect.objectContaining({ of: talk.visitor.id }) as unknown,
      }),
    );
    // Whoever sent it sees it as they like.
    expect((await open(talk.visitor.access, file)).status).toBe(200);
    later(lifetimes.stepUp + 1_000);
    const meanwhile = await size();
    expect((await open(await longProved(here.anna), file, { reason })).body.code).toBe('step_up_needed');
    await aMinuteLater();
    await size();
    const query = 'SELECT leaf FROM ledger WHERE seq >= ? ORDER BY seq';
    const { results } = await env.DB.prepare(query).bind(meanwhile).all<{ leaf: string }>();
    const entries = results.map(({ leaf }) => readLeaf(leaf));
    const tried = entries.filter((entry) => entry?.outcome === 'refused' && entry.object === file);
    // From where is theirs who tried, and never in the copy of the customer whose file it is.
    expect(tried).toMatchObject([{ subject: talk.visitor.id, details: { of: here.anna.id } }]);
  });

  it('M6 by whoever watches without being shown stands in the ledger as silent, and by whoever is shown does not', async () => {
    const file = await released(text(mark));
    const opened = async () => {
      const before = await size();
      expect((await open(owner.access, file)).status).toBe(200);
      return (await since(before)).find(({ action }) => action === 'file.open')?.facts?.['silent'];
    };
    expect(await opened()).toBeUndefined();
    const seat = {
      id: crypto.randomUUID(),
      room: talk.id,
      session: owner.session,
      until: Date.now() + 60_000,
    };
    await accountOf(env, owner.id).takeSeat({ ...seat, silent: true });
    expect(await opened()).toBe(true);
  });

  it('F42 covers what is called like a paper that is nobody’s business, and all of a site that says so', async () => {
    const called = await send(talk.visitor.access, text(mark), { name: 'Reisepass Mustermann.txt' });
    const files = await filesOf(here.anna.access);
    expect(files.find(({ file }) => file.id === called)?.file.about?.sensitive).toEqual(['identity']);
    const site = await newSite(here.team, undefined, { files: { ...rules, sensitive: 'all' } });
    const visitor = await newVisitor(site);
    const id = await begin(visitor);
    await send(visitor.access, text(mark), {}, id);
    expect((await filesOf(here.anna.access, id))[0]?.file.about?.sensitive).toEqual(['site']);
  });

  it('F48 is for as many files within an hour as the role’s budget, then for a new second factor', async () => {
    later(2_000);
    const limit = { fileBudgets: { agent: 2 } };
    const set = await asked('PATCH', '/api/v1/organisation', { token: owner.access, body: limit });
    expect(set.status).toBe(200);
    later(2_000);
    const files = [];
    for (let n = 0; n < 3; n++) files.push(await released(text(`file ${n}`)));
    const [one = '', two = '', three = ''] = files;
    for (const file of [one, two, one]) expect((await open(here.anna.access, file)).status).toBe(200);
    expect((await open(here.anna.access, three)).body.code).toBe('step_up_needed');
    vi.setSystemTime(Date.now() + 1);
    expect(
      await accountOf(env, here.anna.id).stepUp(here.anna.session, { by: 'totp', step: 2_000_000 }),
    ).toBe(true);
    expect((await open(here.anna.access, three)).status).toBe(200);
    // Conversations have a budget of their own.
    const other = await begin(await newVisitor(here.site));
    expect((await filesOf(here.anna.access, other)).length).toBe(0);
    await asked('PATCH', '/api/v1/organisation', {
      token: owner.access,
      body: { fileBudgets: { agent: 20 } },
    });
  });

  it('F47 takes a mailed code of customers where their site says so, in that browser and just now', async () => {
    const site = await newSite(here.team, undefined, { files: { ...rules, code: true } });
    const visitor = await newVisitor(site);
    const id = await begin(visitor);
    const file = await send(visitor.access, text(mark), {}, id);
    await scanned(here.anna.access, file, 'unscanned', id);
    await release(file, owner.access, id);
    expect((await open(visitor.access, file, {}, id)).body.code).toBe('code_needed');
    const secret = visitor.cookie;
    const opens = () =>
      call('POST', `/api/v1/conversations/${id}/files/${file}/open`, {
        token: visitor.access,
        body: { as: 'show' },
        headers: { cookie: secret },
      });
    expect((await opens()).body.code).toBe('code_needed');
    const store = new VisitorStore(env.DB);
    const held = secret.split('=')[1] ?? '';
    const hash = await (await vaultOf(env)).lookup('own hold', `${site}.${held}`);
    await rememberProved(env, { id: visitor.id, site }, 'c@example.com', Date.now());
    await store.addHold(
      { hold: hash, visitor: visitor.id, key: null, provedAt: Date.now() },
      { hold: undefined },
      Date.now(),
    );
    expect((await opens()).status).toBe(200);
    await env.DB.prepare('UPDATE visitor_holds SET proved_at = ? WHERE visitor = ?')
      .bind(Date.now() - lifetimes.visitorStepUp - 1_000, visitor.id)
      .run();
    expect((await opens()).body.code).toBe('code_needed');
  });
});

describe('the end of a file', () => {
  const dayMs = 86_400_000;
  const stateOf = async (file: string) =>
    (await filesOf(talk.visitor.access)).find((each) => each.file.id === file)?.file;

  it('F45 comes after as many days as its site says: its key is destroyed, and then all the rest', async () => {
    const file = await released(text(mark));
    const opened = await open(talk.visitor.access, file);
    expect((await stateOf(file))?.until).toBeGreaterThan(Date.now() + 29 * dayMs);
    expect(await env.KEYS.get(`file/${talk.id}/${file}`)).not.toBeNull();
    await rows(talk.id, 'UPDATE files SET until = 1');
    await evict(talk.id);
    await rings();
    const [row] = await rows(talk.id, 'SELECT record, about, manifest, parts, swept FROM files');
    expect(row).toMatchObject({ parts: '[]', swept: 1 });
    for (const sealed of ['record', 'about', 'manifest'])
      expect((row?.[sealed] as ArrayBuffer | undefined)?.byteLength).toBe(0);
    expect(await bucket()).toEqual([]);
    expect(await env.KEYS.get(`file/${talk.id}/${file}`)).toBeNull();
    const answer = await load(opened.body.address, { cookie: cookieOf(opened) });
    expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([410, 'file_gone']);
    expect(await stateOf(file)).toMatchObject({ state: 'gone', end: 'expired', about: null });
    for (const ear of [talk.customer, talk.desk])
      await ear.until(() => ear.heard.find((each) => each.type === 'file' && each.file.state === 'gone'));
  });

  it('F45 comes at once where somebody would open it and no alarm was first, unless a hold keeps it', async () => {
    const file = await released(text(mark));
    const opened = await open(talk.visitor.access, file);
    await rows(talk.id, 'UPDATE files SET until = 1');
    await rows(talk.id, 'UPDATE conversation SET hold_by = visitor');
    await evict(talk.id);
    const loads = () => load(opened.body.address, { cookie: cookieOf(opened) });
    expect((await loads()).status).toBe(200);
    await rows(talk.id, 'UPDATE conversation SET hold_by = NULL');
    await evict(talk.id);
    expect((await loads()).status).toBe(410);
    expect(await stateOf(file)).toMatchObject({ state: 'gone', end: 'expired', about: null });
    expect(await bucket()).toEqual([]);
  });

  it('F45 comes with its message, when that is taken back or destroyed', async () => {
    const file = await released(text(mark));
    const removed = await asked('POST', `/api/v1/conversations/${talk.id}/removals`, {
      token: here.sue.access,
      body: { seq: 2, how: 'redacted' },
    });
    expect(removed.status).toBe(200);
    expect(await rings()).toBe(true);
    expect(await bucket()).toEqual([]);
    expect((await open(here.anna.access, file)).body.code).toBe('file_gone');
    expect(await stateOf(file)).toMatchObject({ state: 'gone', end: 'removed', about: null });
  });

  it('F46 waits while a legal hold is on the conversation, and nothing in it can be taken away', async () => {
    await released(text(mark));
    expect((await hold(true, here.sue.access)).body.code).toBe('not_allowed');
    expect((await hold(true)).status).toBe(200);
    // A customer hears nothing of it.
    expect(talk.customer.heard.filter((frame) => frame.type === 'changed')).toEqual([]);
    const removal = { seq: 2, how: 'redacted' };
    const path = `/api/v1/conversations/${talk.id}/removals`;
    expect((await asked('POST', path, { token: here.sue.access, body: removal })).body.code).toBe('on_hold');
    later(31 * dayMs);
    await rings();
    expect(await bucket()).toHaveLength(1);
    await expireHold();
    await rings();
    expect(await bucket()).toEqual([]);
  });
});

/** Ends the hold as the route would, whose session would be over by now. */
async function expireHold() {
  const asker = {
    kind: 'staff',
    id: owner.id,
    session: owner.session,
    role: 'owner',
    grants: null,
    teams: [here.team],
  };
  await conversationOf(env, talk.id).act(asker as never, { wish: 'hold', on: false });
}
