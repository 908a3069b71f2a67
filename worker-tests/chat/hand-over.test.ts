import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { inboxOf } from '../../src/chat/inbox.ts';
import type { HistoryAnswer } from '../../src/protocol/bodies.ts';
import { limits } from '../../src/protocol/limits.ts';
import { newId, type TeamId } from '../../src/protocol/ids.ts';
import {
  begin,
  call,
  join,
  type Member,
  newMember,
  newTeam,
  newVisitor,
  open,
  ticketFor,
  type Ear,
} from '../cast.ts';
import { act, hears, places, rows, scene, type Scene, talking } from './scene.ts';

let here: Scene;
let billing: TeamId;
let carl: Member;
beforeAll(async () => {
  here = await scene();
  billing = await newTeam('Billing');
  carl = await newMember('agent', [billing], 'Carl');
});

const noted = (text = 'Please take this one.') => ({ id: crypto.randomUUID(), text });
const handOver = (id: string, by: Member, to: string, note?: object) =>
  act('hand-over', id, by.access, note === undefined ? { to } : { to, note });
const history = async (id: string, by: Member) =>
  (await call<HistoryAnswer>('GET', `/api/v1/conversations/${id}/messages`, { token: by.access })).body
    .messages;
/** The next entry of this conversation with this team. */
const entry = (inbox: Ear, id: string, team: TeamId) =>
  inbox.until(
    () =>
      inbox.heard
        .filter((frame) => frame.type === 'entry')
        .find((frame) => frame.entry.id === id && frame.entry.team === team),
    `${id} in ${team}`,
  );

describe('handing over to a colleague', () => {
  it('C18 gives it to them with a note that the customer never sees, in one commit', async () => {
    const { id, customer, desk } = await talking(here);
    const ben = await join(id, here.ben.access);
    await ben.next('messages');
    const note = noted();
    const reply = await handOver(id, here.anna, here.ben.id, note);
    expect(reply.body.conversation).toMatchObject({ state: 'claimed', assignee: here.ben.id });
    expect(await hears(ben, note.text)).toMatchObject({ seq: 1, n: 1, id: note.id, kind: 'note' });
    const { people } = await customer.next('people');
    expect(people.map(({ name }) => name).toSorted()).toEqual(['Anna', 'Ben']);
    expect((await customer.next('changed')).conversation.assignee).toBe(here.ben.id);
    expect(customer.raw.join()).not.toContain(note.text);
    ben.post('Ben here.', 1);
    await hears(customer, 'Ben here.');
    desk.post('Anna again?', 2);
    expect((await desk.next('refused')).code).toBe('not_allowed');
  });

  it('C18 goes to an active member of the team who may answer, and to nobody else', async () => {
    const { id } = await talking(here);
    const gone = await newMember('agent', [here.team], 'Gone');
    await env.DB.prepare(`UPDATE people SET state = 'disabled' WHERE id = ?`).bind(gone.id).run();
    const auditor = await newMember('auditor', [here.team], 'Ada');
    for (const to of [carl.id, gone.id, auditor.id, newId('person'), newId('team')]) {
      const note = noted();
      const reply = await handOver(id, here.anna, to, note);
      expect([reply.status, reply.body.code]).toEqual([400, 'invalid']);
      expect(reply.body.detail).toMatch(/^to: /);
    }
    expect(places(await history(id, here.anna))).toEqual(['1 Hello?']);
  });

  it('C18 is for whoever has it, and for those above; not for a colleague, a visitor or on a closed one', async () => {
    const { id, visitor } = await talking(here);
    expect((await handOver(id, here.ben, here.ben.id)).body.code).toBe('not_allowed');
    expect((await handOver(id, { ...here.anna, access: visitor.access }, here.ben.id)).body.code).toBe(
      'not_allowed',
    );
    expect((await handOver(id, carl, carl.id)).body.code).toBe('not_found');
    expect((await handOver(id, here.sue, here.ben.id)).body.conversation.assignee).toBe(here.ben.id);
    await act('close', id, here.ben.access);
    expect((await handOver(id, here.ben, here.anna.id, noted())).body.code).toBe('conversation_closed');
    expect(places(await history(id, here.ben))).toEqual(['1 Hello?']);
  });

  it('C18 a note that was written before is no hand-over: nothing is called done that was not', async () => {
    const { id, desk } = await talking(here);
    const note = noted();
    desk.note(note.text, 1, note.id);
    await hears(desk, note.text);
    const reply = await handOver(id, here.anna, here.ben.id, note);
    expect([reply.status, reply.body.code]).toEqual([409, 'id_reused']);
  });

  it('C2 C18 said again by the note’s id is done already, with another text it is refused', async () => {
    const { id } = await talking(here);
    const note = noted();
    await handOver(id, here.anna, here.ben.id, note);
    await evictDurableObject(conversationOf(env, id));
    const again = await handOver(id, here.anna, here.ben.id, note);
    expect([again.status, again.body.conversation.assignee]).toEqual([200, here.ben.id]);
    await handOver(id, here.ben, here.sue.id);
    expect((await handOver(id, here.anna, here.ben.id, note)).body.conversation.assignee).toBe(here.sue.id);
    expect((await handOver(id, here.anna, here.ben.id, { ...note, text: 'Else.' })).body.code).toBe(
      'id_reused',
    );
    expect(places(await history(id, here.anna))).toEqual(['1 Hello?', `1.1 ${note.text}`]);
  });

  it('C18 without room for the note changes nothing', async () => {
    const { id } = await talking(here);
    await runInDurableObject(conversationOf(env, id), (_, { storage }) => {
      const more = `INSERT INTO messages SELECT position + ?, 'note', 1, author, at, 0, x'' FROM messages`;
      storage.sql.exec(more, limits.notesPerMessage);
    });
    await evictDurableObject(conversationOf(env, id));
    expect((await handOver(id, here.anna, here.ben.id, noted())).body.code).toBe('no_room');
    expect(await rows(id, 'SELECT assignee FROM conversation')).toEqual([{ assignee: here.anna.id }]);
  });
});

describe('handing over to another team', () => {
  it('C18 puts it into that team’s queue, and who may no longer read it is out in the same turn (incident 24)', async () => {
    const { id, customer, desk } = await talking(here);
    const admin = await join(id, (await newMember('admin', [], 'Adam')).access);
    const note = noted('Ours no more.');
    const reply = await handOver(id, here.anna, billing, note);
    expect(reply.body.conversation).toMatchObject({
      state: 'waiting',
      assignee: null,
      staff: { team: billing },
    });
    expect((await desk.closed).code).toBe(4403);
    expect(desk.texts).toEqual([]);
    await hears(admin, note.text);
    expect((await customer.next('changed')).conversation).toMatchObject({ state: 'waiting', assignee: null });
    expect((await act('claim', id, here.anna.access)).body.code).toBe('not_found');
    expect((await (await join(id, here.anna.access)).closed).code).toBe(4404);
    await act('claim', id, carl.access);
    const carls = await join(id, carl.access);
    expect(places((await carls.next('messages')).messages)).toEqual(['1 Hello?', `1.1 ${note.text}`]);
  });

  it('C18 what still waited to be stored from somebody who is out is not stored', async () => {
    const { id, desk } = await talking(here);
    await runInDurableObject(conversationOf(env, id), async (instance, state) => {
      const isAnnas = (socket: WebSocket) =>
        JSON.stringify(socket.deserializeAttachment()).includes(here.anna.session);
      const socket = state.getWebSockets().find(isAnnas);
      if (socket === undefined) throw new Error('Anna is not there');
      // The first goes at once, the second waits for the next commit.
      for (const text of ['in time', 'too late']) {
        const posts = [{ id: crypto.randomUUID(), since: 1, kind: 'note', text }];
        instance.webSocketMessage(socket, JSON.stringify({ type: 'post', posts }));
        await Promise.resolve();
      }
      const { id: person, session } = here.anna;
      const asker = {
        kind: 'staff',
        id: person,
        session,
        role: 'agent',
        grants: null,
        teams: [here.team],
      } as const;
      await instance.act(asker, { wish: 'handOver', to: { kind: 'team', id: billing }, note: undefined });
    });
    expect((await desk.closed).code).toBe(4403);
    expect(places(await history(id, carl))).toEqual(['1 Hello?', '1.1 in time']);
  });

  it('W4 C18 nobody slips in who was on the way in when it left', async () => {
    const { id, customer } = await talking(here);
    const admin = await newMember('admin', [], 'Adam');
    const ticket = await ticketFor(here.ben.access, id);
    // Sealing waits, and behind it, in their turn: the hand-over, then whoever was let in before it.
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<undefined>();
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    vi.spyOn(crypto.subtle, 'encrypt').mockImplementationOnce(async (...sealed) => {
      await mayGoOn;
      return encrypt(...sealed);
    });
    customer.post('in the meantime', 1);
    const leaving = handOver(id, admin, billing);
    await scheduler.wait(200);
    const coming = open(id, ticket);
    await scheduler.wait(200);
    goOn(undefined);
    expect((await leaving).status).toBe(200);
    const ben = await coming;
    expect((await ben.closed).code).toBe(4403);
    expect(ben.heard).toEqual([]);
  });

  it('C11 C18 is told to both inboxes and to the directory', async () => {
    const [ours, theirs] = [await join(here.team, here.anna.access), await join(billing, carl.access)];
    const { id } = await talking(here);
    await entry(ours, id, here.team);
    await handOver(id, here.anna, billing);
    await entry(ours, id, billing);
    await entry(theirs, id, billing);
    const directory = () =>
      env.DB.prepare('SELECT team, state FROM conversations WHERE id = ?').bind(id).first();
    expect(await directory()).toEqual({ team: billing, state: 'waiting' });
    expect(await rows(id, 'SELECT former_teams FROM conversation')).toEqual([{ former_teams: '[]' }]);
  });

  it('C9 C11 C18 a telling that was lost with the process is made up for by the alarm, in both inboxes', async () => {
    const { id } = await talking(here);
    const version = async () =>
      Number((await rows(id, 'SELECT changes + 1 AS version FROM conversation'))[0]?.['version']);
    const before = await version();
    await handOver(id, here.anna, billing);
    // As if the process had died between the commit and the telling.
    await rows(
      id,
      'UPDATE conversation SET former_teams = ?',
      JSON.stringify([{ team: here.team, version: await version() }]),
    );
    const lost = (team: TeamId, query: string) =>
      runInDurableObject(inboxOf(env, team), (_, { storage }) => storage.sql.exec(query, id).toArray());
    await lost(billing, 'DELETE FROM entries WHERE id = ?');
    await lost(here.team, `UPDATE entries SET team = '${here.team}', version = ${before} WHERE id = ?`);
    await env.DB.prepare('DELETE FROM conversations WHERE id = ?').bind(id).run();
    await evictDurableObject(conversationOf(env, id));
    expect(await runDurableObjectAlarm(conversationOf(env, id))).toBe(true);
    const query = 'SELECT team FROM entries WHERE id = ?';
    expect([await lost(billing, query), await lost(here.team, query)]).toEqual([
      [{ team: billing }],
      [{ team: billing }],
    ]);
    expect(await env.DB.prepare('SELECT team FROM conversations WHERE id = ?').bind(id).first('team')).toBe(
      billing,
    );
    expect(await rows(id, 'SELECT former_teams FROM conversation')).toEqual([{ former_teams: '[]' }]);
  });

  it('C18 I2 a team that hears late that one has left hears nothing of what became of it', async () => {
    const { id } = await talking(here);
    await handOver(id, here.anna, billing);
    await act('claim', id, carl.access);
    const version = Number(
      (await rows(id, 'SELECT changes + 1 AS version FROM conversation'))[0]?.['version'],
    );
    await rows(
      id,
      'UPDATE conversation SET former_teams = ?',
      JSON.stringify([{ team: here.team, version }]),
    );
    await runInDurableObject(inboxOf(env, here.team), (_, { storage }) =>
      storage.sql.exec('DELETE FROM entries WHERE id = ?', id),
    );
    await evictDurableObject(conversationOf(env, id));
    const [ours, theirs] = [await join(here.team, here.anna.access), await join(billing, carl.access)];
    await theirs.next('list');
    await conversationOf(env, id).retell();
    const left = { state: 'waiting', assignee: null, snoozedUntil: null, waitingSince: null };
    expect((await entry(ours, id, billing)).entry).toMatchObject(left);
    expect(ours.raw.join()).not.toContain(carl.id);
    await act('close', id, carl.access);
    expect((await entry(theirs, id, billing)).entry).toMatchObject({ state: 'closed', assignee: carl.id });
  });

  it('C18 and back again leaves it in one queue', async () => {
    const { id } = await talking(here);
    const admin = await newMember('admin', [], 'Adam');
    for (const team of [billing, here.team, billing, here.team]) await handOver(id, admin, team);
    const teamIn = (team: TeamId) =>
      runInDurableObject(inboxOf(env, team), (_, { storage }) =>
        storage.sql.exec('SELECT team FROM entries WHERE id = ?', id).toArray(),
      );
    expect([await teamIn(here.team), await teamIn(billing)]).toEqual([
      [{ team: here.team }],
      [{ team: here.team }],
    ]);
  });

  it('C18 to its own team’s queue gives it back', async () => {
    const { id } = await talking(here);
    const reply = await handOver(id, here.anna, here.team);
    expect(reply.body.conversation).toMatchObject({ state: 'waiting', assignee: null });
    expect((await act('claim', id, here.ben.access)).status).toBe(200);
  });
});

it('C11 a conversation that is asked tells inbox and directory again, whatever they knew', async () => {
  const id = await begin(await newVisitor(here.site));
  await runInDurableObject(inboxOf(env, here.team), (_, { storage }) =>
    storage.sql.exec('DELETE FROM entries WHERE id = ?', id),
  );
  // It may know more than the conversation, which a restore has taken back.
  await env.DB.prepare(`UPDATE conversations SET state = 'closed', team = ?, version = 99 WHERE id = ?`)
    .bind(billing, id)
    .run();
  await conversationOf(env, id).retell();
  const inbox = await join(here.team, here.anna.access);
  expect((await inbox.next('list')).entries.find((entry) => entry.id === id)).toMatchObject({
    state: 'waiting',
  });
  const row = env.DB.prepare('SELECT state, team FROM conversations WHERE id = ?').bind(id);
  expect(await row.first()).toEqual({ state: 'waiting', team: here.team });
  await conversationOf(env, newId('conversation')).retell();
});
