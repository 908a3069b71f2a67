import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import { inboxOf } from '../../src/chat/inbox.ts';
import type { InboxEntry } from '../../src/protocol/frames.ts';
import { type ConversationId, newId } from '../../src/protocol/ids.ts';
import { begin, call, type Ear, join, type Member, newMember, newTeam, newVisitor } from '../cast.ts';
import { act, rows, scene, type Scene, talking } from './scene.ts';

let here: Scene;
let owner: Member;
beforeEach(async () => {
  here = await scene();
  owner = await newMember('owner', [], 'Olivia');
});

const setMembers = (...people: Member[]) =>
  call('PATCH', `/api/v1/teams/${here.team}`, {
    token: owner.access,
    body: { members: people.map(({ id }) => id) },
  });
const setState = (person: Member, state: 'active' | 'disabled') =>
  call('PATCH', `/api/v1/people/${person.id}`, { token: owner.access, body: { state } });
const standing = async (id: ConversationId) =>
  (await rows(id, 'SELECT state, assignee, snoozed_until FROM conversation'))[0];
const waiting = { state: 'waiting', assignee: null, snoozed_until: null };
const entryIn = (ear: Ear, id: string, state: InboxEntry['state']) =>
  ear.until(
    () =>
      ear.heard.findLast(
        (frame) => frame.type === 'entry' && frame.entry.id === id && frame.entry.state === state,
      ),
    `${id} ${state}`,
  );
/** As if the inbox could not be reached just then. */
const unreachable = () => {
  const lost = vi.spyOn(env.Inbox, 'getByName').mockImplementation(() => {
    throw new Error('no answer');
  });
  return () => lost.mockRestore();
};

describe('what somebody had who may no longer have it', () => {
  it('C27 waits for the team again when they leave it: colleagues and the customer hear so, and one may claim it', async () => {
    const { id, customer } = await talking(here);
    await act('snooze', id, here.anna.access, { until: Date.now() + 60_000 });
    const inbox = await join(here.team, here.ben.access);
    await inbox.next('list');
    expect((await setMembers(here.ben, here.sue)).status).toBe(200);
    expect(await standing(id)).toEqual(waiting);
    await entryIn(inbox, id, 'waiting');
    expect((await customer.next('changed')).conversation).toMatchObject({ state: 'waiting', assignee: null });
    expect((await act('claim', id, here.ben.access)).body.conversation.assignee).toBe(here.ben.id);
  });

  it('C27 waits for the team again when they are disabled', async () => {
    const { id } = await talking(here);
    expect((await setState(here.anna, 'disabled')).status).toBe(200);
    expect(await standing(id)).toEqual(waiting);
    expect((await act('claim', id, here.ben.access)).status).toBe(200);
  });

  it('C27 stays theirs in every other team, what is closed stays as it is, and nobody else’s is touched', async () => {
    const other = await newTeam();
    const ours = await talking(here);
    const closed = await begin(await newVisitor(here.site));
    await act('claim', closed, here.anna.access);
    await act('close', closed, here.anna.access);
    const bens = await begin(await newVisitor(here.site));
    await act('claim', bens, here.ben.access);
    const owners = await begin(await newVisitor(here.site));
    await act('claim', owners, owner.access);
    await call('PATCH', `/api/v1/teams/${other}`, {
      token: owner.access,
      body: { members: [here.anna.id] },
    });
    const theirs = await begin(await newVisitor(here.site));
    await act('hand-over', theirs, owner.access, { to: other });
    await act('claim', theirs, owner.access);
    await act('hand-over', theirs, owner.access, { to: here.anna.id });
    const woken = vi.spyOn(env.Conversation, 'getByName');
    await setMembers(here.ben, here.sue);
    expect(new Set(woken.mock.calls.map(([id]) => id))).toEqual(new Set([ours.id]));
    woken.mockRestore();
    expect(await standing(ours.id)).toEqual(waiting);
    expect(await standing(closed)).toMatchObject({ state: 'closed', assignee: here.anna.id });
    expect(await standing(bens)).toMatchObject({ state: 'claimed', assignee: here.ben.id });
    expect(await standing(owners)).toMatchObject({ state: 'claimed', assignee: owner.id });
    expect(await standing(theirs)).toMatchObject({ state: 'claimed', assignee: here.anna.id });
  });

  it('C27 waits within a minute where the inbox could not be told, while somebody has it open', async () => {
    const { id } = await talking(here);
    const inbox = await join(here.team, here.ben.access);
    await inbox.next('list');
    const back = unreachable();
    await setMembers(here.ben, here.sue);
    back();
    expect(await standing(id)).toMatchObject({ state: 'claimed' });
    await evictDurableObject(inboxOf(env, here.team), { webSockets: 'hibernate' });
    expect(await runDurableObjectAlarm(inboxOf(env, here.team))).toBe(true);
    await entryIn(inbox, id, 'waiting');
    expect(await standing(id)).toEqual(waiting);
  });

  it('C27 and else as soon as somebody opens the inbox', async () => {
    const { id } = await talking(here);
    const back = unreachable();
    await setState(here.anna, 'disabled');
    back();
    expect(await standing(id)).toMatchObject({ state: 'claimed' });
    const inbox = await join(here.team, here.ben.access);
    await inbox.next('list');
    await entryIn(inbox, id, 'waiting');
  });

  it('C27 is asked for again at the next look where a conversation could not be reached', async () => {
    const { id } = await talking(here);
    const inbox = await join(here.team, here.ben.access);
    await inbox.next('list');
    await rows(id, 'ALTER TABLE conversation RENAME TO lost');
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect((await setMembers(here.ben, here.sue)).status).toBe(200);
    expect(log).toHaveBeenCalled();
    log.mockRestore();
    await rows(id, 'ALTER TABLE lost RENAME TO conversation');
    await evictDurableObject(conversationOf(env, id));
    expect(await runDurableObjectAlarm(inboxOf(env, here.team))).toBe(true);
    await entryIn(inbox, id, 'waiting');
  });

  it('C18 C27 goes back at once where they lost the right while it was handed to them, or while they claimed it', async () => {
    const { id } = await talking(here);
    const inbox = await join(here.team, here.ben.access);
    await inbox.next('list');
    const { id: person, session } = here.anna;
    const asker = {
      kind: 'staff',
      id: person,
      session,
      role: 'agent',
      grants: null,
      teams: [here.team],
    } as const;
    // What was looked up before the change, and arrives after it.
    const gone = await newMember('agent', [here.team], 'Gone');
    const recipient = {
      kind: 'person',
      id: gone.id,
      state: 'active',
      role: 'agent',
      grants: null,
      teams: [here.team],
    } as const;
    await setMembers(here.anna, here.ben, here.sue);
    const given = await conversationOf(env, id).act(asker, {
      wish: 'handOver',
      to: recipient,
      note: undefined,
    });
    expect('done' in given && given.done.assignee).toBe(gone.id);
    await entryIn(inbox, id, 'waiting');
    inbox.heard.length = 0;
    const claimed = await conversationOf(env, id).act({ ...asker, id: gone.id }, { wish: 'claim' });
    expect('done' in claimed && claimed.done.assignee).toBe(gone.id);
    await entryIn(inbox, id, 'waiting');
    expect(await standing(id)).toEqual(waiting);
  });

  it('C27 is not taken from somebody else by an inbox that is behind', async () => {
    const { id } = await talking(here);
    await act('hand-over', id, here.anna.access, { to: here.ben.id });
    await runInDurableObject(inboxOf(env, here.team), (_, { storage }) =>
      storage.sql.exec('UPDATE entries SET assignee = ? WHERE id = ?', here.anna.id, id),
    );
    await setMembers(here.ben, here.sue);
    expect(await standing(id)).toMatchObject({ state: 'claimed', assignee: here.ben.id });
    await conversationOf(env, id).giveBack(await newTeam(), here.ben.id);
    expect(await standing(id)).toMatchObject({ state: 'claimed', assignee: here.ben.id });
    await conversationOf(env, newId('conversation')).giveBack(here.team, here.anna.id);
  });
});

it('C18 I3 colleagues are told who can be handed a conversation, and that is who it can be handed to', async () => {
  const auditor = await newMember('auditor', [here.team], 'Ada');
  const { id } = await talking(here);
  await act('hand-over', id, here.anna.access, { to: here.team });
  await act('claim', id, owner.access);
  const inbox = await join(here.team, here.ben.access);
  const { people } = await inbox.next('list');
  expect(people.map(({ name, answers }) => [name, answers]).toSorted()).toEqual([
    ['Ada', false],
    ['Anna', true],
    ['Ben', true],
    ['Olivia', false],
    ['Sue', true],
  ]);
  for (const person of people) {
    const reply = await act('hand-over', id, here.sue.access, { to: person.id });
    expect([person.name, reply.status]).toEqual([person.name, person.answers ? 200 : 400]);
  }
  expect(people.some((person) => person.id === auditor.id)).toBe(true);
});
