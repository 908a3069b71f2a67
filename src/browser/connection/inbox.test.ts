import { describe, expect, test } from 'vitest';
import type { Colleague, InboxEntry } from '../../protocol/frames.ts';
import type { ConversationId, TeamId } from '../../protocol/ids.ts';
import { InboxClient } from './inbox.ts';
import { Stage, agent, conversationId, entry, team } from './stage.ts';

const elsewhere = 'tea_BBBBBBBBBBBBBBBBBBBBBA' as TeamId;
const named = (letter: string, version = 1): InboxEntry =>
  entry(version, { id: `con_${letter.repeat(21)}A` as ConversationId });
const colleague = (presence: Colleague['presence'], id = agent.id) => ({ id, name: 'Ada', presence });

async function started() {
  const stage = new Stage();
  const inbox = new InboxClient(team, stage, stage);
  inbox.start();
  await stage.pass(0);
  const list = (entries: InboxEntry[], { more = false, people = [] as unknown[] } = {}) =>
    stage.line().says({ type: 'list', until: stage.now() + 300_000, entries, more, people });
  const comeBack = async () => {
    await stage.pass(5_000);
    stage.line().ends(1006);
    await stage.pass(500);
  };
  const shown = () => [...(inbox.entries.value?.keys() ?? [])].map((id) => id.charAt(4)).join('');
  return { stage, inbox, list, comeBack, shown };
}

describe('the list', () => {
  test('makes it online, and an entry changes it unless it is older than what is known', async () => {
    const { stage, inbox, list } = await started();
    expect(stage.asked).toEqual([`/api/v1/teams/${team}/tickets`]);
    expect(inbox.entries.value).toBeNull();
    list([entry(3)]);
    expect(inbox.connection.value).toEqual({ is: 'online' });
    expect(inbox.complete.value).toBe(true);
    stage.line().says({ type: 'entry', entry: entry(5, { state: 'claimed' }) });
    stage.line().says({ type: 'entry', entry: entry(4, { state: 'closed' }) });
    expect(inbox.entries.value?.get(conversationId)?.state).toBe('claimed');
  });

  test('that is whole replaces what was known, since it is the truth', async () => {
    const { inbox, list, comeBack } = await started();
    list([entry(3)]);
    await comeBack();
    list([]);
    expect(inbox.entries.value?.size).toBe(0);
  });

  test('with more behind it is shown at once, and its pages are asked for one after the other', async () => {
    const { stage, inbox, list, shown } = await started();
    list([named('M')], { more: true });
    expect(shown()).toBe('M');
    expect(inbox.complete.value).toBe(false);
    stage.line().says({ type: 'page', entries: [named('B'), named('C')], more: true });
    stage.line().says({ type: 'page', entries: [named('M'), named('Q')], more: false });
    expect(
      stage
        .line()
        .framesOf('more')
        .map(({ after }) => after),
    ).toEqual([null, named('C').id]);
    expect(shown()).toBe('MBCQ');
    expect(inbox.complete.value).toBe(true);
  });

  test('after a reconnection what was known stays until all pages have come, and what they lack is gone', async () => {
    const { stage, inbox, list, comeBack, shown } = await started();
    list([named('B'), named('C'), named('D')]);
    await comeBack();
    list([named('D', 7)], { more: true });
    expect(shown()).toBe('BCD');
    stage.line().says({ type: 'entry', entry: named('E') });
    stage.line().says({ type: 'page', entries: [named('B')], more: false });
    expect([...shown()].sort().join('')).toBe('BDE');
    expect(inbox.entries.value?.get(named('D').id)?.version).toBe(7);
  });

  test('a list that comes anew, since the inbox was built anew, holds although versions went back', async () => {
    const { inbox, list } = await started();
    list([entry(9, { state: 'claimed' }), named('B')]);
    list([entry(3)]);
    expect([...(inbox.entries.value?.values() ?? [])]).toEqual([entry(3)]);
  });

  test('a page refused in haste is asked for again', async () => {
    const { stage, inbox, list } = await started();
    list([named('B')], { more: true });
    stage.line().says({ type: 'refused', code: 'too_fast', detail: '' });
    await stage.pass(2_000);
    expect(stage.line().framesOf('more')).toHaveLength(2);
    stage.line().says({ type: 'page', entries: [], more: true });
    expect(inbox.complete.value).toBe(true);
  });
});

test('what went to another team has left, and an older word does not bring it back', async () => {
  const { stage, inbox, list } = await started();
  list([entry(3)]);
  stage.line().says({ type: 'entry', entry: entry(6, { team: elsewhere }) });
  expect(inbox.entries.value?.size).toBe(0);
  stage.line().says({ type: 'entry', entry: entry(5) });
  expect(inbox.entries.value?.size).toBe(0);
  stage.line().says({ type: 'entry', entry: entry(7) });
  expect(inbox.entries.value?.size).toBe(1);
});

test('colleagues come with the list, and change as they come and go', async () => {
  const { stage, inbox, list, comeBack } = await started();
  const other = 'per_BBBBBBBBBBBBBBBBBBBBBA' as typeof agent.id;
  const presences = () => [...inbox.people.value.values()].map(({ presence }) => presence);
  list([], { people: [colleague('available'), colleague('offline', other)] });
  stage.line().says({ type: 'people', people: [colleague('away'), colleague('available', other)] });
  expect(presences()).toEqual(['away', 'available']);
  stage.line().says({ type: 'people', people: [colleague('away')] });
  expect(presences()).toEqual(['away']);
  await comeBack();
  list([], { people: [colleague('available')] });
  expect(presences()).toEqual(['available']);
});

test("one's presence is said once, and again on each new connection", async () => {
  const { stage, inbox, list, comeBack } = await started();
  inbox.setPresence('available');
  expect(stage.line().framesOf('present')).toEqual([]);
  list([]);
  inbox.setPresence('available');
  inbox.setPresence('away');
  expect(
    stage
      .line()
      .framesOf('present')
      .map(({ as }) => as),
  ).toEqual(['available', 'away']);
  await comeBack();
  list([]);
  expect(
    stage
      .line()
      .framesOf('present')
      .map(({ as }) => as),
  ).toEqual(['away']);
});
