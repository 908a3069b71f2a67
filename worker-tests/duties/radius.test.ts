/** What somebody has seen between two times, against what the test knows that they have. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { doingsOf, ledgerOf, quarter } from '../../src/ledger.ts';
import { TileBucket } from '../../src/ledger/store.ts';
import { customersOf } from '../../src/duties/radius.ts';
import { kinds } from '../../src/duties/radius/seen.ts';
import { staffOf } from '../../src/people/guard.ts';
import { enter } from '../../src/people/recording.ts';
import type { RadiusAnswer } from '../../src/protocol/containment.ts';
import { type ConversationId, type FileId, newId } from '../../src/protocol/ids.ts';
import { type Action, actions, permissions } from '../../src/protocol/permissions.ts';
import { lifetimes } from '../../src/protocol/limits.ts';
import type { UploadAnswer } from '../../src/protocol/file-bodies.ts';
import {
  begin,
  call,
  join,
  type Member,
  newMember,
  newVisitor,
  signedIn,
  type VisitorActor,
} from '../cast.ts';
import { act, recorded, scene, type Scene } from '../chat/scene.ts';
import { since, size } from '../ledger/scene.ts';

let here: Scene;
let owner: Member;
beforeEach(async () => {
  here = await scene();
  owner = await newMember('owner', [here.team], 'Olivia');
});
afterEach(() => void vi.useRealTimers());

const ask = <T = Record<string, unknown>>(
  who: { access: string },
  method: string,
  path: string,
  body?: unknown,
) => call<T>(method, `/api/v1${path}`, { token: who.access, body });
const radius = (from: number, to: number, who: { access: string } = owner, person = here.anna.id) =>
  ask<RadiusAnswer>(who, 'POST', '/radius', { person, from, to });
const seen = async (from: number, to: number) => {
  const { things } = (await radius(from, to)).body;
  return things.map(({ kind, object, certain }) => `${kind} ${object}${certain ? '' : '?'}`).toSorted();
};
const reads = (id: ConversationId, who: { access: string } = here.anna) =>
  ask(who, 'GET', `/conversations/${id}/messages`);

async function customers(count: number): Promise<{ visitor: VisitorActor; id: ConversationId }[]> {
  const all = [];
  for (let n = 0; n < count; n++) {
    const visitor = await newVisitor(here.site, { 'cf-connecting-ip': `198.51.100.${n}` });
    const id = await begin(visitor, `Hello ${n}`, crypto.randomUUID());
    all.push({ visitor, id });
  }
  return all;
}

async function sentFile({ visitor, id }: { visitor: VisitorActor; id: ConversationId }): Promise<FileId> {
  const files = `/conversations/${id}/files`;
  const upload = { id: crypto.randomUUID(), name: 'a.txt', bytes: 5, sensitive: false };
  const { file } = (await ask<UploadAnswer>(visitor, 'POST', files, upload)).body.upload;
  const headers = { 'content-type': 'application/octet-stream' };
  await call('PUT', `/api/v1${files}/${file}/parts/0`, { token: visitor.access, raw: 'Hello', headers });
  await ask(visitor, 'POST', `${files}/${file}/finish`, {});
  // It is scanned now, and not when the platform comes to it.
  await runDurableObjectAlarm(conversationOf(env, id));
  await ask(owner, 'POST', `${files}/${file}/release`, { reason: 'It is ours.' });
  return file;
}

describe('N30 what somebody has seen', () => {
  it('N30 is exactly what they read and opened, at a socket or over HTTP, and nothing else', async () => {
    const [read, sat, opened, unread, tried] = await customers(5);
    if (!read || !sat || !opened || !unread || !tried) throw new Error('too few customers');
    const file = await sentFile(opened);
    const from = Date.now();
    await reads(read.id);
    await reads(read.id);
    const room = await join(sat.id, here.anna.access);
    await room.next('welcome');
    await ask(here.anna, 'POST', `/conversations/${opened.id}/files/${file}/open`, { as: 'show' });
    // Refused, and so not seen; and what a colleague saw is not hers.
    expect(
      (await ask(here.anna, 'POST', `/conversations/${tried.id}/files/${newId('file')}/open`, { as: 'show' }))
        .status,
    ).toBe(404);
    await reads(unread.id, here.ben);
    await Promise.all([read, sat].map(({ id }) => recorded(id)));
    const { body } = await radius(from, Date.now());
    expect(body.things.map(({ kind, object, visitor, certain }) => [kind, object, visitor, certain])).toEqual(
      [
        ['read', read.id, read.visitor.id, true],
        ['read', sat.id, sat.visitor.id, true],
        ['file', file, opened.visitor.id, true],
      ],
    );
    expect(body.things.at(-1)?.conversation).toBe(opened.id);
    expect(body.counts).toEqual({ customers: 3, conversations: 2, files: 1 });
    expect(body.customers.map(({ visitor }) => visitor)).toEqual(
      [read, sat, opened].map(({ visitor }) => visitor.id),
    );
    expect(body.more).toBe(0);
  });

  it('N30 has whoever sits there when a note or a customer’s name and address are news', async () => {
    const [handed, named, proved] = await customers(3);
    if (!handed || !named || !proved) throw new Error('too few customers');
    const all = [handed, named, proved];
    const now = (Math.floor(Date.now() / quarter) + 10) * quarter;
    vi.useFakeTimers({ toFake: ['Date'], now: now - 60_000 });
    const anna = await signedIn(here.anna.id);
    const ben = await signedIn(here.ben.id);
    for (const { id } of all) await act('claim', id, ben.access);
    for (const { id } of all) await (await join(id, anna.access)).next('welcome');
    for (const { id } of all) await recorded(id);
    // In the next quarter of an hour she says nothing and asks for nothing.
    vi.setSystemTime(now);
    await act('hand-over', handed.id, ben.access, {
      to: here.sue.id,
      note: { id: crypto.randomUUID(), text: 'They are cross.' },
    });
    await act('customer', named.id, ben.access, { name: 'Mia' });
    await conversationOf(env, proved.id).customerProved(proved.visitor.id, 'mia@example.com');
    for (const { id } of all) await recorded(id);
    const { body } = await radius(now, now, await signedIn(owner.id));
    expect(body.things.map(({ object, certain }) => [object, certain]).toSorted()).toEqual(
      all.map(({ id }) => [id, true]).toSorted(),
    );
  });

  it('N30 says what was taken along, to whom else something was done, and which lists they saw', async () => {
    const [one] = await customers(1);
    if (!one) throw new Error('no customer');
    const from = Date.now();
    const copy = newId('copy');
    const by = { actor: here.anna.id, session: here.anna.session };
    await enter(env, {
      ...by,
      action: 'copy.open',
      object: copy,
      subject: one.visitor.id,
      facts: { backstage: true },
    });
    await enter(env, { ...by, action: 'ledger.export', facts: { format: 'csv' } });
    await enter(env, { ...by, action: 'people.change', object: here.ben.id });
    await ask(here.anna, 'POST', '/customer-names', { ids: [one.id] });
    const { body } = await radius(from, Date.now());
    expect(body.things).toMatchObject([
      { kind: 'copy', object: one.visitor.id, conversation: null, certain: true },
    ]);
    expect(body.staff).toEqual([here.ben.id]);
    expect(body.lists.map(({ action }) => action).toSorted()).toEqual(['conversation.list', 'ledger.export']);
  });

  it('N30 every action that is recorded and shows anything of anybody is known for it', () => {
    const conversation = ['watch', 'claim', 'handOver', 'close', 'reopen', 'hold'].map(
      (what) => `conversation.${what}`,
    );
    const acts = [
      ...conversation,
      ...['file.release', 'customer.change', 'customer.copy', 'visitor.ban'],
      ...['message.delete', 'message.redact', 'replies.change', 'inbox.rebuild'],
      ...['people.invite', 'people.change', 'people.endSessions', 'people.reset', 'owners.makeKey'],
      ...['roles.change', 'teams.create', 'teams.change', 'sites.create', 'sites.change'],
      ...['organisation.change', 'keys.rotate', 'backup.begin', 'backup.putBack', 'privacy.change'],
      ...['training.assign', 'checks.run', 'alarms.answer', 'incident.declare'],
    ];
    const isRecorded = (action: Action) => ['always', 'quarterly'].includes(permissions[action].recorded);
    const judged = [...Object.keys(kinds), ...acts];
    expect(actions.filter((action) => isRecorded(action) && !judged.includes(action))).toEqual([]);
    // What is entered once a quarter of an hour is something that was looked at.
    const looks = actions.filter((action) => permissions[action].recorded === 'quarterly');
    expect(looks.filter((action) => kinds[action]?.isFolded !== true)).toEqual([]);
    expect(acts.filter((action) => action in kinds)).toEqual([]);
  });

  it('N30 incidents that were looked at or worked on are among the lists', async () => {
    const from = Date.now();
    await ask(owner, 'GET', '/incidents?state=open');
    await enter(env, { actor: owner.id, session: owner.session, action: 'incident.lead' });
    const other = await newMember('owner', [], 'Otto');
    const { lists } = (await radius(from, Date.now(), other, owner.id)).body;
    expect(lists.map(({ action }) => action).toSorted()).toEqual(['incident.lead', 'incident.see']);
  });

  it('N31 may reach into the time from the quarter of an hour before it, and is possible then', async () => {
    const [before, possible, edge, inside, after] = await customers(5);
    if (!before || !possible || !edge || !inside || !after) throw new Error('too few customers');
    const begins = (Math.floor(Date.now() / quarter) + 10) * quarter;
    const [from, to] = [begins + 60_000, begins + 3 * quarter];
    const readAt = async ({ id }: { id: ConversationId }, now: number) => {
      vi.useFakeTimers({ toFake: ['Date'], now });
      await reads(id, await signedIn(here.anna.id));
      await recorded(id);
    };
    await readAt(before, begins - 1);
    await readAt(possible, from - 1);
    await readAt(edge, from);
    await readAt(inside, to);
    await readAt(after, to + 1);
    vi.setSystemTime(to + 2);
    const fresh = await signedIn(owner.id);
    const { body } = await radius(from, to, fresh);
    expect(body.things.map(({ object, certain, first }) => [object, certain, first])).toEqual([
      [possible.id, false, from - 1],
      [edge.id, true, from],
      [inside.id, true, to],
    ]);
    // One that was folded into an entry before is certain once another entry says so.
    await readAt(possible, to);
    const again = await radius(from, to, await signedIn(owner.id));
    expect(again.body.things.find(({ object }) => object === possible.id)?.certain).toBe(true);
  });

  it('N31 is possible where it is not known what became of it, and exact where each time is entered', async () => {
    const [one] = await customers(1);
    if (!one) throw new Error('no customer');
    const at = Date.now();
    const [file, failed] = [newId('file'), newId('file')];
    const opened = {
      actor: here.anna.id,
      action: 'file.open',
      object: file,
      subject: one.visitor.id,
    } as const;
    await ledgerOf(env).append([
      { ...opened, id: crypto.randomUUID(), at, outcome: 'unknown' },
      { ...opened, id: crypto.randomUUID(), at, outcome: 'failed', object: failed },
      { ...opened, id: crypto.randomUUID(), at, outcome: 'refused', object: newId('file') },
    ]);
    expect(await seen(at, at)).toEqual([`file ${file}?`, `file ${failed}?`].toSorted());
    const over = at + lifetimes.fileLink + 1;
    expect(await seen(over, over)).toEqual([]);
  });

  it('N31 is possible as long as the link is good by which it was opened before', async () => {
    const [one] = await customers(1);
    if (!one) throw new Error('no customer');
    const at = Date.now();
    const [file, copy] = [newId('file'), newId('copy')];
    const by = { at, actor: here.anna.id, subject: one.visitor.id, outcome: 'done' } as const;
    await ledgerOf(env).append([
      { ...by, id: crypto.randomUUID(), action: 'file.open', object: file },
      { ...by, id: crypto.randomUUID(), action: 'copy.open', object: copy },
    ]);
    const both = [`copy ${one.visitor.id}`, `file ${file}`];
    expect(await seen(at, at)).toEqual(both);
    for (const later of [at + 1, at + lifetimes.fileLink])
      expect(await seen(later, later)).toEqual(both.map((thing) => `${thing}?`));
    const over = at + lifetimes.fileLink + 1;
    expect(await seen(over, over)).toEqual([]);
  });

  it('N32 is found in the archive too, and where it was entered late', async () => {
    const [old, late] = await customers(2);
    if (!old || !late) throw new Error('too few customers');
    const from = Date.now();
    await reads(old.id);
    await recorded(old.id);
    const by = { actor: here.anna.id, outcome: 'done' } as const;
    const fill = async () => {
      for (let n = 0; n < 10; n++)
        await ledgerOf(env).append(
          Array.from({ length: 100 }, () => ({
            ...{ id: crypto.randomUUID(), at: from, actor: here.ben.id, action: 'teams.create' },
            outcome: 'done' as const,
          })),
        );
    };
    await fill();
    const to = Date.now();
    // Thirteen months later what was told late of then is entered, and goes to the archive behind all else.
    vi.useFakeTimers({ toFake: ['Date'], now: to + lifetimes.ledgerInDatabase + 100 * quarter });
    const told = { ...by, id: crypto.randomUUID(), at: from + 1, action: 'conversation.read' };
    await ledgerOf(env).append([{ ...told, object: late.id, subject: late.visitor.id }]);
    await fill();
    await ledgerOf(env).checkpoint();
    await ledgerOf(env).archive();
    const inDatabase = await env.DB.prepare('SELECT COUNT(*) AS n FROM ledger WHERE actor = ?')
      .bind(here.anna.id)
      .first<{ n: number }>();
    expect(inDatabase?.n).toBe(0);
    const { body } = await radius(from, to, await signedIn(owner.id));
    expect(new Set(body.things.map(({ object }) => object))).toEqual(new Set([old.id, late.id]));
    // More than one answer bears is refused, and what is older than a checkpoint that was kept is left out.
    const looked = (since: number) =>
      Array.fromAsync(doingsOf(env, here.anna.id, { from: since, to: since + quarter }, 1));
    await expect(looked(from)).rejects.toThrow(/^from: /);
    const archive = await env.DB.prepare('SELECT before FROM ledger_archive').first<number>('before');
    await new TileBucket(env.LEDGER).keepCheckpoint(archive ?? 0, 'kept');
    expect((await looked(to + 12 * quarter)).flat()).toEqual([]);
  });
});

describe('N33 the list of whom to tell', () => {
  it('N33 names customers by what is proved or said of them, for those who may see addresses', async () => {
    const [one] = await customers(1);
    if (!one) throw new Error('no customer');
    const from = Date.now();
    await act('claim', one.id, here.anna.access);
    await act('customer', one.id, here.anna.access, { name: '=Mia', address: 'mia@example.com' });
    await recorded(one.id);
    const to = Date.now();
    const mine = (await radius(from, to)).body.customers;
    expect(mine).toEqual([
      { visitor: one.visitor.id, certain: true, name: '=Mia', address: 'mia@example.com' },
    ]);
    await ask(owner, 'PUT', `/visitors/${one.id}/restriction`, { on: true, reason: 'They have asked.' });
    expect((await radius(from, to)).body.customers[0]?.address).toBe('mia@example.com');
    const rights = { 'incident.contain': 'all', 'ledger.read': 'all' };
    const made = await ask<{ role: { id: string } }>(owner, 'POST', '/roles', {
      name: crypto.randomUUID(),
      grants: rights,
    });
    const officer = await newMember(made.body.role.id as never, []);
    expect((await radius(from, to, officer)).body.customers).toEqual([
      { visitor: one.visitor.id, certain: true, name: null, address: null },
    ]);
  });

  it('N33 of some hundred customers the database is asked a few times, and each stands with all that was seen', async () => {
    const things = Array.from({ length: 900 }, (_, n) => ({
      ...({ kind: 'copy', object: `vis_${n % 300}`, conversation: null, visitor: `vis_${n % 300}` } as const),
      ...{ certain: n >= 300, first: n, last: n, times: 1 },
    }));
    let asked = 0;
    const DB = new Proxy(env.DB, {
      get: (db, name: keyof D1Database) => {
        if (name === 'prepare') asked += 1;
        return db[name].bind(db) as unknown;
      },
    });
    const headers = { authorization: `Bearer ${owner.access}` };
    const asker = await staffOf(env, new Request('https://sotto.test/', { headers }));
    const all = await Array.fromAsync(customersOf({ ...env, DB }, asker, things));
    expect(all.flat().map(({ customer, theirs }) => [customer.certain, theirs.length])).toEqual(
      Array(300).fill([true, 3]),
    );
    expect(asked).toBe(6);
  });

  it('N33 is a file that no spreadsheet takes for a formula, or one object a line, and stands in the ledger', async () => {
    const [one, two] = await customers(2);
    if (!one || !two) throw new Error('too few customers');
    const from = Date.now();
    await act('claim', one.id, here.anna.access);
    await act('customer', one.id, here.anna.access, { name: '=Mia' });
    await reads(two.id);
    await Promise.all([one, two].map(({ id }) => recorded(id)));
    const span = { person: here.anna.id, from, to: Date.now() };
    const before = await size();
    const csv = await call('POST', '/api/v1/radius/export', {
      token: owner.access,
      body: { ...span, format: 'csv' },
    });
    const [head, ...lines] = csv.text.trim().split('\r\n');
    expect(head).toBe('visitor,name,address,certain,kind,object,conversation,first,last,times');
    expect(lines.map((line) => line.split(',').slice(0, 6))).toEqual([
      [one.visitor.id, "'=Mia", '', 'yes', 'read', one.id],
      [two.visitor.id, '', '', 'yes', 'read', two.id],
    ]);
    const ndjson = await call('POST', '/api/v1/radius/export', {
      token: owner.access,
      body: { ...span, format: 'ndjson' },
    });
    expect(
      ndjson.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { visitor: one.visitor.id, name: '=Mia', object: one.id, certain: true },
      { visitor: two.visitor.id, name: null, object: two.id, certain: true },
    ]);
    const entry = {
      action: 'incident.contain',
      object: here.anna.id,
      subject: here.anna.id,
      outcome: 'done',
    };
    const facts = { door: 'POST /radius/export', from: span.from, to: span.to, seen: 2 };
    expect(await since(before)).toMatchObject([
      { ...entry, facts: { ...facts, format: 'csv' } },
      { ...entry, facts: { ...facts, format: 'ndjson' } },
    ]);
  });

  it('N33 is for nobody without the right, a second factor, and somebody to ask about', async () => {
    expect((await radius(0, 1, here.sue)).body.code).toBe('not_allowed');
    expect((await radius(2, 1)).body.code).toBe('invalid');
    expect((await radius(0, 1, owner, newId('person'))).body.code).toBe('not_found');
    await runInDurableObject(env.Account.getByName(owner.id), (_, { storage }) =>
      storage.sql.exec('UPDATE sessions SET proved_at = 0'),
    );
    expect((await radius(0, 1)).body.code).toBe('step_up_needed');
  });
});
