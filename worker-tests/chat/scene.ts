/** One team's room as most tests of conversations find it: two agents, a supervisor, and customers who come in. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { conversationOf } from '../../src/chat/conversation.ts';
import type { Colleague, ConversationView, Message } from '../../src/protocol/frames.ts';
import type { ConversationId, SiteId, TeamId } from '../../src/protocol/ids.ts';
import {
  begin,
  call,
  type Ear,
  join,
  type Member,
  newMember,
  newSite,
  newTeam,
  newVisitor,
  type VisitorActor,
} from '../cast.ts';

export type Scene = { team: TeamId; site: SiteId; anna: Member; ben: Member; sue: Member };

export async function scene(): Promise<Scene> {
  const team = await newTeam();
  const [anna, ben] = [await newMember('agent', [team], 'Anna'), await newMember('agent', [team], 'Ben')];
  return { team, site: await newSite(team), anna, ben, sue: await newMember('supervisor', [team], 'Sue') };
}

type Answer = { conversation: ConversationView };
const verbs = { tags: 'PUT', rating: 'PUT', customer: 'PATCH' } as const;

/** Does something with a conversation over HTTP. */
export function act(wish: string, id: string, token: string, body: object = {}) {
  const verb = wish in verbs ? verbs[wish as keyof typeof verbs] : 'POST';
  return call<Answer>(verb, `/api/v1/conversations/${id}/${wish}`, { token, body });
}

export type Talk = { id: ConversationId; visitor: VisitorActor; customer: Ear; desk: Ear; epoch: string };

/** A conversation that Anna has claimed, and both sides' sockets with their first frames taken. */
export async function talking({ site, anna }: Scene): Promise<Talk> {
  const visitor = await newVisitor(site);
  const id = await begin(visitor);
  await act('claim', id, anna.access);
  const customer = await join(id, visitor.access);
  const { epoch } = await customer.next('welcome');
  await customer.next('messages');
  const desk = await join(id, anna.access);
  await desk.next('welcome');
  await desk.next('messages');
  return { id, visitor, customer, desk, epoch };
}

/** The next message with this text. */
export function hears(ear: Ear, text: string): Promise<Message> {
  return ear.until(
    () =>
      ear.heard
        .flatMap((frame) => (frame.type === 'messages' ? frame.messages : []))
        .find((message) => message.text === text),
    text,
  );
}

/** By name, where everybody is. */
export const whereabouts = (people: readonly Colleague[]): Record<string, string> =>
  Object.fromEntries(people.map(({ name, presence }) => [name ?? 'nobody', presence]));

/** Waits until this is what the socket heard last of everybody. */
export async function hearsOf(ear: Ear, expected: Record<string, string>): Promise<void> {
  const wanted = JSON.stringify(Object.entries(expected).toSorted());
  await ear.until(() => {
    const last = ear.heard.findLast((frame) => frame.type === 'people');
    if (last === undefined) return undefined;
    return (
      JSON.stringify(Object.entries(whereabouts(last.people as Colleague[])).toSorted()) === wanted ||
      undefined
    );
  }, wanted);
}

/** Since when a customer waits, as the team's list says; undefined if the conversation is not in it. */
export async function waitingSince(
  { team, anna }: Scene,
  id: ConversationId,
): Promise<number | null | undefined> {
  const ear = await join(team, anna.access);
  const { entries } = await ear.next('list');
  ear.close();
  return entries.find((entry) => entry.id === id)?.waitingSince;
}

/** Where messages stand and what they say, shortly. */
export const places = (messages: readonly Message[]) =>
  messages.map(({ seq, n, text }) => `${seq}${n === undefined ? '' : `.${n}`} ${text}`);

/** Waits until the ledger has heard of all that happened here so far. */
export async function recorded(id: ConversationId): Promise<void> {
  await expect.poll(() => rows(id, 'SELECT id FROM entries')).toEqual([]);
}

export const evict = (id: ConversationId) => evictDurableObject(conversationOf(env, id));

/** The rows of a query in the conversation's own database. */
export function rows(id: ConversationId, query: string, ...bindings: (string | number)[]) {
  return runInDurableObject(conversationOf(env, id), (_, { storage }) =>
    storage.sql.exec(query, ...bindings).toArray(),
  );
}
