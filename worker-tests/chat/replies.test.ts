import { beforeEach, describe, expect, it } from 'vitest';
import { env } from 'cloudflare:workers';
import type { CannedReply, RepliesAnswer, ReplyAnswer } from '../../src/protocol/bodies.ts';
import { changeReply } from '../../src/chat/replies.ts';
import type { Staff } from '../../src/people/permission.ts';
import { newId, type TeamId } from '../../src/protocol/ids.ts';
import { call, newMember, newSite, newTeam, newVisitor, type Member } from '../cast.ts';

let team: TeamId;
let other: TeamId;
let owner: Member;
let supervisor: Member;
let agent: Member;

beforeEach(async () => {
  await env.DB.prepare('DELETE FROM replies').run();
  team = await newTeam();
  other = await newTeam();
  owner = await newMember('owner', []);
  supervisor = await newMember('supervisor', [team]);
  agent = await newMember('agent', [team]);
});

const add = (who: Member, body: unknown) =>
  call<ReplyAnswer>('POST', '/api/v1/replies', { token: who.access, body });
const change = (who: Member, id: string, body: unknown) =>
  call<ReplyAnswer>('PATCH', `/api/v1/replies/${id}`, { token: who.access, body });
const drop = (who: Member, id: string) => call('DELETE', `/api/v1/replies/${id}`, { token: who.access });
const list = async (who: Member) =>
  (await call<RepliesAnswer>('GET', '/api/v1/replies', { token: who.access })).body.replies;

async function added(shortcut: string, of: TeamId | null): Promise<CannedReply> {
  const reply = await add(owner, { team: of, shortcut, text: `The text of ${shortcut}` });
  expect(reply.status).toBe(201);
  return reply.body.reply;
}

describe('canned replies', () => {
  it('T5 are seen by the staff of their team, those of all teams by everybody', async () => {
    const ours = await added('ours', team);
    const theirs = await added('theirs', other);
    const all = await added('all', null);
    for (const who of [agent, supervisor]) expect(await list(who)).toEqual([all, ours]);
    for (const who of [owner, await newMember('admin', []), await newMember('auditor', [])])
      expect(await list(who)).toEqual([all, ours, theirs]);
    expect(await list(await newMember('agent', []))).toEqual([all]);
    const visitor = await newVisitor(await newSite(team));
    const asVisitor = await call('GET', '/api/v1/replies', { token: visitor.access });
    expect(asVisitor.body.code).toBe('not_allowed');
  });

  it('T5 are kept exactly as they were written', async () => {
    const text = '  Hello {name},\r\n\n**thanks** <b>\u0000</b> مرحبا 😀 ';
    await add(owner, { team, shortcut: 'grüße_1-a', text });
    expect(await list(agent)).toMatchObject([{ team, shortcut: 'grüße_1-a', text }]);
  });

  it('T5 supervisors change those of their teams, and those of all teams are for owners and admins', async () => {
    const ours = await added('ours', team);
    const theirs = await added('theirs', other);
    const all = await added('all', null);
    const fresh = (of: TeamId | null) => ({ team: of, shortcut: 'fresh', text: 'x' });

    expect((await add(supervisor, fresh(team))).status).toBe(201);
    expect((await add(supervisor, fresh(other))).body.code).toBe('not_allowed');
    expect((await add(supervisor, fresh(null))).body.code).toBe('not_allowed');
    expect((await change(supervisor, ours.id, { text: 'new' })).body.reply).toEqual({ ...ours, text: 'new' });
    expect((await change(supervisor, ours.id, { team: other })).body.code).toBe('not_allowed');
    expect((await change(supervisor, ours.id, { team: null })).body.code).toBe('not_allowed');
    expect((await change(supervisor, all.id, { text: 'new' })).body.code).toBe('not_allowed');
    for (const id of [theirs.id, newId('reply'), 'x']) {
      expect((await change(supervisor, id, { text: 'new' })).body.code).toBe('not_found');
      expect((await drop(supervisor, id)).body.code).toBe('not_found');
    }
    for (const who of [agent, await newMember('auditor', [team])]) {
      expect((await add(who, fresh(team))).body.code).toBe('not_allowed');
      expect((await change(who, ours.id, { text: 'mine' })).body.code).toBe('not_allowed');
      expect((await drop(who, ours.id)).body.code).toBe('not_allowed');
    }
    const admin = await newMember('admin', []);
    expect((await change(admin, all.id, { team: other, shortcut: 'two' })).body.reply).toEqual({
      ...all,
      team: other,
      shortcut: 'two',
    });
    expect((await drop(supervisor, ours.id)).status).toBe(200);
    expect((await drop(supervisor, ours.id)).body.code).toBe('not_found');
    expect((await list(owner)).map(({ id }) => id)).not.toContain(ours.id);
  });

  it('T5 a shortcut stands for one reply of a team', async () => {
    const hello = await added('hello', team);
    await added('hello', other);
    await added('hello', null);
    for (const of of [team, null]) {
      const again = await add(owner, { team: of, shortcut: 'hello', text: 'x' });
      expect([again.status, again.body.code]).toEqual([409, 'shortcut_taken']);
    }
    const bye = await added('bye', team);
    expect((await change(owner, bye.id, { shortcut: 'hello' })).body.code).toBe('shortcut_taken');
    expect((await change(owner, hello.id, { team: other })).body.code).toBe('shortcut_taken');
    expect((await change(owner, hello.id, { shortcut: 'hello' })).body.reply).toEqual(hello);
    const both = await Promise.all([1, 2].map((n) => add(owner, { team, shortcut: 'race', text: `${n}` })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect((await list(owner)).filter(({ shortcut }) => shortcut === 'bye')).toEqual([bye]);
  });

  /** Changes one as this member of staff; another change comes after it was looked at and before it is written. */
  const changeLate = (
    { id, session }: Member,
    rights: Pick<Staff, 'role' | 'teams'>,
    reply: CannedReply,
    meanwhile: object,
  ) => {
    const { promise: isChanged, resolve } = Promise.withResolvers<unknown>();
    const slow = new Proxy(env.DB, {
      get: (db, name) => {
        const method = (Reflect.get(db, name) as (...given: unknown[]) => unknown).bind(db);
        if (name !== 'prepare') return method;
        return (query: string) => {
          const statement = method(query) as D1PreparedStatement;
          if (!query.startsWith('UPDATE')) return statement;
          const bind = (...values: unknown[]) => ({
            first: async () => {
              resolve(change(owner, reply.id, meanwhile));
              await isChanged;
              return statement.bind(...values).first();
            },
          });
          return { bind };
        };
      },
    });
    const staff = { kind: 'staff', id, session, grants: null, ...rights } as const;
    return changeReply({ ...env, DB: slow }, staff, reply.id, { text: 'late' });
  };

  it('T5 of two changes at once each leaves what the other changed', async () => {
    const hello = await added('hello', team);
    const both = { ...hello, text: 'late', shortcut: 'another' };
    const asSupervisor = { role: 'supervisor', teams: [team] } as const;
    expect(await changeLate(supervisor, asSupervisor, hello, { shortcut: 'another' })).toEqual(both);
    expect(await list(owner)).toEqual([both]);
  });

  it('T5 one that went elsewhere in the meantime is changed only by who may change it there', async () => {
    const hello = await added('hello', team);
    const asSupervisor = { role: 'supervisor', teams: [team] } as const;
    await expect(changeLate(supervisor, asSupervisor, hello, { team: other })).rejects.toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
    expect(await list(owner)).toEqual([{ ...hello, team: other }]);
    const late = await changeLate(owner, { role: 'owner', teams: [] }, hello, { team });
    expect([late.text, late.team]).toEqual(['late', team]);
  });

  it.each<[string, Record<string, unknown>, string?]>([
    ['a team that is not there', { team: newId('team') }, 'team: there is no such team'],
    ['no team at all', { team: undefined }],
    ['two words', { shortcut: 'two words' }],
    ['a slash', { shortcut: '/hello' }],
    ['no shortcut', { shortcut: '' }],
    ['a long shortcut', { shortcut: 'x'.repeat(33) }],
    ['no text', { text: '' }],
    ['a text that is too long', { text: 'x'.repeat(16 * 1024 + 1) }],
    ['an unknown field', { html: '<b>' }],
  ])('T5 refuse %s', async (_, fields, detail) => {
    const reply = await add(owner, { team, shortcut: 'hello', text: 'Hello!', ...fields });
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid']);
    if (detail !== undefined) expect(reply.body.detail).toBe(detail);
    expect(await list(owner)).toEqual([]);
  });
});
