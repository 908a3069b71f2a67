import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import type { ConversationId, SiteId, TeamId } from '../../src/protocol/ids.ts';
import {
  begin,
  call,
  join,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  type Member,
  type VisitorActor,
} from '../cast.ts';

let team: TeamId;
let site: SiteId;
let agent: Member;
let visitor: VisitorActor;

beforeAll(async () => {
  team = await newTeam();
  site = await newSite(team);
  agent = await newMember('agent', [team], 'Anna');
  visitor = await newVisitor(site);
});

const claim = (id: string, by: Member) =>
  call('POST', `/api/v1/conversations/${id}/claim`, { token: by.access, body: {} });

describe('a customer and an agent', () => {
  it('hear each other, and each sender hears the own message back', async () => {
    const id = await begin(visitor, 'Is anybody there?');
    const customer = await join(id, visitor.access);
    expect((await customer.next('messages')).messages.map(({ text }) => text)).toEqual(['Is anybody there?']);

    const desk = await join(id, agent.access);
    await desk.next('messages');
    expect((await claim(id, agent)).status).toBe(200);
    const answerId = desk.post('Yes, I am Anna.', 1);
    const heard = (await customer.next('messages')).messages[0];
    expect(heard).toMatchObject({
      seq: 2,
      id: answerId,
      text: 'Yes, I am Anna.',
      from: { kind: 'staff', id: agent.id },
      scheme: 1,
    });
    expect((await desk.next('messages')).messages[0]).toEqual(heard);
  });
});
