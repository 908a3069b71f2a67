import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountOf } from '../../src/people/account.ts';
import { tokensOf } from '../../src/people/guard.ts';
import type { ConversationId } from '../../src/protocol/ids.ts';
import { lifetimes } from '../../src/protocol/limits.ts';
import { closeCodes } from '../../src/protocol/refusals.ts';
import type { Role } from '../../src/protocol/roles.ts';
import { seeAsHeader } from '../../src/protocol/see-as.ts';
import {
  accessFor,
  begin,
  call,
  type Ear,
  join,
  type Member,
  newMember,
  newTeam,
  newVisitor,
  open,
  signedIn,
  ticketFor,
} from '../cast.ts';
import { own, since, size } from '../ledger/scene.ts';
import { act, evict, hears, recorded, scene, type Scene, type Talk, talking } from './scene.ts';

let here: Scene;
let owner: Member;
beforeAll(async () => {
  here = await scene();
  owner = await newMember('owner', [], 'Olga');
});
afterEach(() => vi.useRealTimers());

function askToWatch(id: string, token: string, headers = {}) {
  return call<{ ticket: string }>('POST', `/api/v1/conversations/${id}/watch`, { token, headers, body: {} });
}

/** Somebody who sits there without being shown, their first frames taken. */
async function watcher(id: string, { access }: Pick<Member, 'access'>): Promise<Ear> {
  const { body } = await askToWatch(id, access);
  const ear = await open(id, body.ticket);
  await ear.next('welcome');
  await ear.next('messages');
  return ear;
}

/** Lets the second factor of this person's sessions have been proved too long ago. */
const longAgo = ({ id }: Member) =>
  runInDurableObject(accountOf(env, id), (_, { storage }) =>
    storage.sql.exec('UPDATE sessions SET proved_at = ?', Date.now() - lifetimes.stepUp),
  );

/** An access token of now, of the same session. */
const stillIn = ({ id, session }: Member) =>
  accessFor(id, { id: session, amr: ['pwd', 'otp'], provedAt: Date.now() });

/** Waits until all that these sockets were sent so far is there. */
const settled = (...ears: Ear[]) =>
  Promise.all(
    ears.map((ear) => {
      const before = ear.raw.filter((frame) => frame === 'pong').length;
      ear.say('ping');
      return ear.until(() =>
        ear.raw.filter((frame) => frame === 'pong').length > before ? true : undefined,
      );
    }),
  );

const refusalOf = async (ear: Ear) => (await ear.next('refused')).code;
const codeOf = async (ear: Ear) => (await ear.closed).code;

describe('the right to watch without being shown', () => {
  it('M6 P5 is refused to whoever may only read, with what they lack, and is nobody’s elsewhere', async () => {
    const { id, visitor } = await talking(here);
    const [auditor, privacy, stranger] = [
      await newMember('auditor', []),
      await newMember('privacyOfficer', []),
      await newMember('supervisor', [await newTeam('Another')]),
    ];
    for (const reader of [here.anna, here.ben, auditor, privacy]) {
      const { status, body } = await askToWatch(id, reader.access);
      expect([status, body.code]).toEqual([403, 'not_allowed']);
      expect(body.detail).toContain('watch a conversation without being shown as there (conversation.watch)');
    }
    expect((await askToWatch(id, stranger.access)).body.code).toBe('not_found');
    expect((await askToWatch(id, visitor.access)).body.code).toBe('not_allowed');
    const admin = await newMember('admin', []);
    for (const may of [here.sue, owner, admin]) expect((await askToWatch(id, may.access)).status).toBe(201);
  });

  it('M6 P8 is not widened by a role that one sees Sotto as, and narrowed by it', async () => {
    const { id } = await talking(here);
    const as = (role: Role) => ({ [seeAsHeader]: role });
    expect((await askToWatch(id, here.anna.access, as('supervisor'))).body.code).toBe('not_allowed');
    expect((await askToWatch(id, owner.access, as('auditor'))).body.code).toBe('not_allowed');
    expect((await askToWatch(id, owner.access, as('admin'))).status).toBe(201);
    // Nor does a ticket from there keep the seat.
    const ear = await watcher(id, owner);
    const { body } = await call<{ ticket: string }>('POST', `/api/v1/conversations/${id}/tickets`, {
      token: owner.access,
      headers: as('auditor'),
      body: {},
    });
    ear.say({ type: 'renew', ticket: body.ticket });
    expect(await codeOf(ear)).toBe(closeCodes.notAllowed);
  });

  it('M6 is asked for by the socket too, whatever its ticket says', async () => {
    const { id } = await talking(here);
    const claims = { room: id, sub: here.anna.id, sid: here.anna.session, silent: true } as const;
    const { token } = await (await tokensOf(env)).ticket(claims, Date.now());
    expect(await codeOf(await open(id, token))).toBe(closeCodes.notFound);
  });
});

const start = Date.now() + 60_000;

/** What the staff at a desk and the customer hear, byte for byte but for the ids of the conversation. */
async function story(
  backstage: (talk: Talk, step: number) => Promise<void>,
): Promise<{ desk: string[]; customer: string[] }> {
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  const talk = await talking(here);
  const { id, visitor, customer, desk, epoch } = talk;
  let steps = 0;
  const next = async () => {
    await backstage(talk, ++steps);
    await settled(desk, customer);
    vi.setSystemTime(start + steps * 3_000);
  };
  await next();
  const ids = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  customer.post('Is anybody there?', 1, ids(1));
  await hears(desk, 'Is anybody there?');
  await next();
  const ben = await join(id, here.ben.access);
  await desk.until(() => desk.raw.find((frame) => frame.includes(here.ben.id)));
  await next();
  desk.say({ type: 'typing', on: true, kind: 'text' });
  await customer.until(() => customer.raw.find((frame) => frame.includes('"on":true')));
  desk.post('Just us.', 2, ids(2));
  await hears(customer, 'Just us.');
  await next();
  // Objects forget what they have said, in either story.
  await evict(id);
  await next();
  desk.post('As I said.', 3, ids(3));
  await hears(customer, 'As I said.');
  await next();
  const frames = desk.raw.length;
  ben.close();
  await desk.until(() => desk.raw.slice(frames).find((frame) => frame.includes('"present"')));
  await next();
  await act('tags', id, here.anna.access, { tags: ['quiet'] });
  await desk.until(() => desk.raw.find((frame) => frame.includes('"quiet"')));
  await next();
  const first = hello(customer);
  const heard = (ear: Ear) =>
    ear.raw
      .filter((frame) => frame !== 'pong')
      .map((frame) =>
        [id, visitor.id, epoch, first].reduce((text, secret, n) => text.replaceAll(secret, `ID ${n}`), frame),
      );
  for (const ear of [desk, customer]) ear.close();
  return { desk: heard(desk), customer: heard(customer) };
}

/** The id of the message that began the conversation. */
function hello({ raw }: Ear): string {
  const [, id] = /"seq":1,"id":"([0-9a-f-]{36})"/.exec(raw.join('')) ?? [];
  if (id === undefined) throw new Error('nothing was said');
  return id;
}

describe('whoever watches', () => {
  it('M6 C16 C21 leaves no trace in what colleagues and the customer hear, byte for byte', async () => {
    const plain = await story(() => Promise.resolve());
    expect(plain.desk.length).toBeGreaterThan(8);
    const { sue } = here;
    let ear: Ear | undefined;
    const watched = await story(async ({ id }, step) => {
      // One who has it open all the time, and others who come and go, run out of time, and are signed out.
      ear ??= await watcher(id, sue);
      for (const frame of [
        { type: 'typing', on: true, kind: 'note' },
        { type: 'typing', on: true, kind: 'text' },
        { type: 'read', seq: 1 },
      ]) {
        ear.say(frame);
        expect(await refusalOf(ear)).toBe('not_allowed');
      }
      ear.post(`Hello from step ${step}`);
      expect(await refusalOf(ear)).toBe('not_allowed');
      ear.say({ type: 'renew', ticket: await ticketFor(sue.access, id) });
      await ear.next('renewed');
      const guest = await signedIn(owner.id);
      const visit = await watcher(id, guest);
      visit.say({ type: 'page', before: 2, limit: 1 });
      await visit.next('messages');
      if (step % 2 === 0) {
        visit.close();
        await visit.closed;
      } else {
        await call('DELETE', '/api/v1/session', { token: guest.access });
        expect(await codeOf(visit)).toBe(closeCodes.signedOut);
      }
    });
    expect(watched).toEqual(plain);
    ear?.close();
    // Nor does the customer hear of what was whispered meanwhile.
    const whispered = await story(async ({ id }, step) => {
      const visit = await watcher(id, owner);
      visit.note(`Between us, step ${step}`, 1);
      await hears(visit, `Between us, step ${step}`);
      visit.close();
      await visit.closed;
    });
    expect(whispered.desk.join()).toContain('Between us, step 1');
    expect(whispered.customer).toEqual(plain.customer);
  });

  it('M6 C21 goes unheard even where their page sleeps until their time is over', async () => {
    const { id, customer, desk } = await talking(here);
    const now = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now });
    const ear = await watcher(id, here.sue);
    vi.setSystemTime(now + 4 * 60_000);
    desk.say({ type: 'renew', ticket: await ticketFor(await stillIn(here.anna), id) });
    await desk.next('renewed');
    await evict(id);
    vi.setSystemTime(now + lifetimes.staffAccess);
    customer.post('Still there?', 1);
    await hears(desk, 'Still there?');
    expect(await codeOf(ear)).toBe(closeCodes.signedOut);
    await settled(desk, customer);
    expect(desk.heard.map(({ type }) => type)).toEqual(['messages']);
  });

  it('M6 hears what is said, and who is there is told without them', async () => {
    const { id, customer, desk } = await talking(here);
    const { body } = await askToWatch(id, here.sue.access);
    const ear = await open(id, body.ticket);
    const welcome = await ear.next('welcome');
    expect(welcome.present).toEqual({ staff: [here.anna.id], visitor: true });
    expect(welcome.people.map((person) => person.id)).toEqual([here.anna.id]);
    customer.post('Do you hear me?', 1);
    await hears(ear, 'Do you hear me?');
    desk.say({ type: 'typing', on: true, kind: 'text' });
    await ear.next('typing');
  });

  it('M6 C21 is shown once where they have it open openly too, and only as long as that', async () => {
    const { id, desk } = await talking(here);
    const both = [here.anna.id, here.sue.id].toSorted();
    const silent = await watcher(id, here.sue);
    const openly = await join(id, here.sue.access);
    expect((await desk.next('present')).present.staff).toEqual(both);
    expect((await openly.next('welcome')).present?.staff).toEqual(both);
    silent.close();
    await silent.closed;
    const again = await watcher(id, here.sue);
    await settled(desk);
    expect(desk.heard.filter(({ type }) => type === 'present')).toEqual([]);
    openly.close();
    expect((await desk.next('present')).present.staff).toEqual([here.anna.id]);
    again.close();
  });

  it('M6 B2 whispers to colleagues alone, who learn whose it is though they never saw them, even after a sleep', async () => {
    const { id, visitor, customer, desk } = await talking(here);
    const ear = await watcher(id, owner);
    await evict(id);
    ear.note('Offer them a refund.', 1);
    const note = await hears(desk, 'Offer them a refund.');
    expect(note).toMatchObject({ kind: 'note', from: { kind: 'staff', id: owner.id } });
    const people = desk.heard.findIndex(({ type }) => type === 'people');
    expect(desk.heard[people]).toMatchObject({
      people: expect.arrayContaining([{ id: owner.id, name: 'Olga' }]) as unknown,
    });
    expect(people).toBeLessThan(desk.heard.findIndex(({ type }) => type === 'messages'));
    ear.note('Or two.', 1);
    await hears(desk, 'Or two.');
    expect(desk.heard.filter(({ type }) => type === 'people')).toHaveLength(1);
    const ben = await join(id, here.ben.access);
    expect((await ben.next('welcome')).present?.staff).toEqual([here.anna.id, here.ben.id].toSorted());
    desk.post('We give it back.', 1);
    await hears(customer, 'We give it back.');
    const asked = await call('GET', `/api/v1/conversations/${id}/messages`, { token: visitor.access });
    for (const text of [...customer.raw, asked.text]) expect(text).not.toMatch(/refund|Or two|Olga/);
  });

  it('M6 L8 stands in the ledger with each opening, and with their reading beside that of reading openly', async () => {
    const { id, visitor } = await talking(here);
    await recorded(id);
    const before = await size();
    const openly = await join(id, here.sue.access);
    const ears = [await watcher(id, here.sue), await watcher(id, here.sue)];
    await recorded(id);
    const entries = (await since(before)).filter(({ object }) => object === id);
    const read = { ...own(here.sue), action: 'conversation.read', object: id, subject: visitor.id };
    const facts = { head: 1, address: true, holds: false };
    const watched = { door: 'POST /conversations/:id/watch' };
    const watch = {
      ...own(here.sue),
      action: 'conversation.watch',
      object: id,
      outcome: 'done',
      facts: watched,
    };
    expect(entries.filter(({ action }) => action === 'conversation.read')).toEqual([
      expect.objectContaining({ ...read, outcome: 'done', facts }),
      expect.objectContaining({ ...read, outcome: 'done', facts: { ...facts, silent: true } }),
    ]);
    expect(entries.filter(({ action }) => action === 'conversation.watch')).toEqual([
      expect.objectContaining(watch),
      expect.objectContaining(watch),
    ]);
    for (const ear of [openly, ...ears]) ear.close();
  });
});

describe('a watch', () => {
  let id: ConversationId;
  let sam: Member;
  beforeEach(async () => {
    const { site, team } = here;
    id = await begin(await newVisitor(site));
    sam = await newMember('supervisor', [team], 'Sam');
  });

  it('M7 S12 begins with a second factor proved just now', async () => {
    await longAgo(sam);
    const { status, body } = await askToWatch(id, sam.access);
    expect([status, body.code]).toEqual([403, 'step_up_needed']);
    expect((await askToWatch(id, (await signedIn(sam.id)).access)).status).toBe(201);
  });

  it('M7 goes on by renewals without another proof, not shown as before', async () => {
    const ben = await join(id, here.ben.access);
    await ben.next('welcome');
    const ear = await watcher(id, sam);
    await longAgo(sam);
    const begun = Date.now();
    for (const minutes of [4, 8, 12]) {
      vi.useFakeTimers({ toFake: ['Date'], now: begun + minutes * 60_000 });
      ear.say({ type: 'renew', ticket: await ticketFor(await stillIn(sam), id) });
      expect((await ear.next('renewed')).until).toBe(Date.now() + lifetimes.staffAccess);
      ben.say({ type: 'renew', ticket: await ticketFor(await stillIn(here.ben), id) });
      await ben.next('renewed');
    }
    const late = await join(id, await stillIn(here.anna));
    expect((await late.next('welcome')).present?.staff).toEqual([here.anna.id, here.ben.id].toSorted());
  });

  it('M7 is taken up again without another proof within its seat’s time, by its session and there alone', async () => {
    const other = await begin(await newVisitor(here.site));
    const elsewhere = { ...sam, ...(await signedIn(sam.id)) };
    const ear = await watcher(id, sam);
    await longAgo(sam);
    ear.close();
    await ear.closed;
    const codes = async () =>
      Promise.all(
        [[id, sam] as const, [id, elsewhere] as const, [other, sam] as const].map(
          async ([room, who]) => (await askToWatch(room, await stillIn(who))).body.code ?? 'yes',
        ),
      );
    expect(await codes()).toEqual(['yes', 'step_up_needed', 'step_up_needed']);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + lifetimes.staffAccess });
    expect(await codes()).toEqual(Array.from({ length: 3 }, () => 'step_up_needed'));
  });

  it('M7 W3 is neither begun nor ended by a renewal', async () => {
    const ben = await join(id, here.ben.access);
    await ben.next('welcome');
    const openly = await join(id, sam.access);
    await ben.next('present');
    openly.say({ type: 'renew', ticket: (await askToWatch(id, sam.access)).body.ticket });
    expect(await refusalOf(openly)).toBe('signed_out');
    const silent = await watcher(id, sam);
    silent.say({ type: 'renew', ticket: (await askToWatch(id, sam.access)).body.ticket });
    expect(await refusalOf(silent)).toBe('signed_out');
    openly.close();
    expect((await ben.next('present')).present.staff).toEqual([here.ben.id]);
    silent.close();
  });

  it('M7 W4 ends at once with the right to it, and with the right to read', async () => {
    const change = (body: object) => call('PATCH', `/api/v1/people/${sam.id}`, { token: owner.access, body });
    const first = await watcher(id, sam);
    const other = await newTeam('Another');
    await act('hand-over', id, owner.access, { to: other });
    expect(await codeOf(first)).toBe(closeCodes.notAllowed);
    await act('hand-over', id, owner.access, { to: here.team });
    const second = await watcher(id, sam);
    expect((await change({ role: 'agent' })).status).toBe(200);
    expect(await codeOf(second)).toBe(closeCodes.signedOut);
    // Without a new sign-in and with the time of the seat not over, and yet.
    const asked = async () => (await askToWatch(id, sam.access)).body.code;
    await expect.poll(asked, { timeout: 5_000 }).toBe('not_allowed');
    const openly = await join(id, sam.access);
    expect((await openly.next('welcome')).present?.staff).toEqual([sam.id]);
  });
});
