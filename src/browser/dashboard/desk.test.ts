import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Site } from '../../protocol/bodies.ts';
import { builtInRoles } from '../../protocol/permissions.ts';
import type { Myself } from '../../protocol/sign-in.ts';
import type { InboxEntry } from '../../protocol/frames.ts';
import { ApiError } from '../api.ts';
import { Queue } from '../connection.ts';
import {
  Stage,
  agent,
  conversationId,
  entry,
  message,
  messages,
  team,
  visitor,
  welcome,
  soon,
} from '../connection/stage.ts';
import { Activity } from './activity.ts';
import { Desk } from './desk.ts';
import type { News } from './news.ts';
import type { Session } from './session.ts';

const other = 'tea_BBBBBBBBBBBBBBBBBBBBBA';
const ada = {
  ...{ id: agent.id, name: 'Ada', role: 'agent', teams: [team] },
  grants: builtInRoles.agent,
} as unknown as Myself;
const mine = { state: 'claimed', assignee: agent.id as never } as const;

beforeEach(() => {
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', { visibilityState: 'visible' });
  vi.stubGlobal('navigator', {});
});
afterEach(() => vi.unstubAllGlobals());

/** A desk whose inboxes have all said their lists. */
async function sitting(person: Myself, entries: InboxEntry[] = []) {
  const stage = new Stage();
  const known: Record<string, object> = {
    '/api/v1/teams': { teams: [team, other].map((id) => ({ id, name: id })) },
    '/api/v1/sites': { sites: [] },
    '/api/v1/replies': { replies: [] },
  };
  const api = Object.assign(stage, { get: (path: string) => Promise.resolve(known[path]) });
  const queue = new Queue(person.id, 'A'.repeat(43), stage);
  const activity = new Activity(stage, () => {});
  const desk = new Desk(person, { activity, api, queue } as unknown as Session, stage);
  await stage.pass(0);
  const lineOf = (id: string) => stage.lines.findLast(({ address }) => address.includes(id));
  const attended = () => [team, other].filter((id) => lineOf(id) !== undefined);
  for (const id of attended()) {
    const own = entries.filter((each) => each.team === id);
    lineOf(id)?.says({ type: 'list', until: stage.now() + 300_000, entries: own, more: false, people: [] });
  }
  const heard: News['is'][] = [];
  desk.onNews(({ is }) => heard.push(is) > 0);
  return { stage, desk, lineOf, attended, heard };
}

describe('the inboxes', () => {
  test('are those of their own teams for agents, and of all teams for whoever may see all', async () => {
    expect((await sitting(ada)).attended()).toEqual([team]);
    const owner = await sitting({ ...ada, grants: builtInRoles.owner });
    expect(owner.attended()).toEqual([team, other]);
    expect(owner.desk.entries.value).toEqual([]);
  });

  test('are counted in one place, and what is put off waits for nobody', async () => {
    const { desk } = await sitting(ada, [
      entry(1, { id: 'con_1' as never }),
      entry(1, { id: 'con_2' as never, snoozedUntil: Date.now() + 600_000 }),
      entry(1, { id: 'con_3' as never, ...mine }),
    ]);
    expect(desk.counts.value).toEqual({ mine: 1, waiting: 1, all: 3 });
  });

  test('hear that somebody is there', async () => {
    const { desk, lineOf } = await sitting(ada);
    desk.presence.choose('away');
    expect(
      lineOf(team)
        ?.framesOf('present')
        .map(({ as }) => as),
    ).toEqual(['available', 'away']);
  });
});

test('D92 what a site masks is not known until its site is', async () => {
  const { desk } = await sitting(ada);
  expect([desk.masks(undefined), desk.masks('sit_1')]).toEqual([null, null]);
  const settings = { masking: { cards: false, ibans: true, nationalIds: false, secrets: true } };
  desk.sites.value = new Map([['sit_1', { id: 'sit_1', settings } as unknown as Site]]);
  expect([desk.masks(undefined), desk.masks('sit_1')]).toEqual([null, ['iban', 'secret']]);
});

test('a conversation can be handed to those of its own team who could answer in it', async () => {
  const { desk, lineOf } = await sitting({ ...ada, teams: [team, other] } as unknown as Myself);
  const colleague = (name: string, answers: boolean) => ({
    id: `per_${name}`,
    name,
    presence: 'away',
    answers,
  });
  const says = (id: string, ...people: object[]) => lineOf(id)?.says({ type: 'people', people });
  says(team, colleague('Ben', true), colleague('Ines the auditor', false));
  says(other, colleague('Ben', true), colleague('Carl', true));
  const names = (id: string) => desk.answering(id).map(({ name }) => name);
  expect([names(team), names(other), names('another')]).toEqual([['Ben'], ['Ben', 'Carl'], []]);
});

test('a conversation that was shut and is told of again opens by itself, once for each telling', async () => {
  const { stage, desk, lineOf } = await sitting(ada);
  const gone = () => new ApiError('not_found', 404, '');
  stage.refusals.push(gone());
  desk.rooms.select(conversationId);
  const stopped = { is: 'stopped', reason: 'not_found' };
  await soon(() => expect(desk.rooms.current.value?.client.connection.value).toEqual(stopped));
  const tickets = () => stage.asked.filter((path) => path.includes(conversationId)).length;
  expect(tickets()).toBe(1);
  stage.refusals.push(gone());
  lineOf(team)?.says({ type: 'entry', entry: entry(1) });
  await stage.pass(60_000);
  expect(desk.rooms.current.value?.client.connection.value).toEqual(stopped);
  expect(tickets()).toBe(2);
  lineOf(team)?.says({ type: 'entry', entry: entry(2) });
  await stage.pass(0);
  expect(tickets()).toBe(3);
  expect(lineOf(conversationId)).toBeDefined();
});

describe('news', () => {
  test('of the queue reach whoever listens', async () => {
    const { lineOf, heard } = await sitting(ada);
    lineOf(team)?.says({ type: 'entry', entry: entry(1) });
    await soon(() => expect(heard).toEqual(['waiting']));
  });

  test('of an open conversation are each of its messages, and not its line in the list as well', async () => {
    const { stage, desk, lineOf, heard } = await sitting(ada, [entry(1, mine)]);
    desk.rooms.select(conversationId);
    await stage.pass(0);
    const you = { from: agent, until: stage.now() + 300_000 };
    const conversation = { ...welcome(0).conversation, ...mine };
    lineOf(conversationId)?.says(welcome(1, { you, conversation }));
    lineOf(conversationId)?.says(messages(1, 1));
    for (const seq of [2, 3])
      lineOf(conversationId)?.says({ type: 'messages', messages: [message(seq, { from: visitor })] });
    lineOf(team)?.says({ type: 'entry', entry: entry(2, { ...mine, waitingSince: 5 }) });
    await soon(() => expect(heard).toEqual(['written', 'written']));
  });
});

test('what waits in this browser is counted over all tabs, drafts apart', async () => {
  const { stage, desk } = await sitting(ada);
  expect(await desk.unsent()).toBe(0);
  desk.rooms.select(conversationId);
  desk.rooms.current.value?.client.post('one');
  await soon(async () => expect(await desk.unsent()).toBe(1));
  expect(stage.browser.rows.size).toBe(1);
});
