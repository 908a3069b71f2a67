import { expect, test } from 'vitest';
import type { InboxEntry } from '../../protocol/frames.ts';
import { InboxClient } from './inbox.ts';
import { Stage, conversationId } from './stage.ts';

const entry = (version: number, state: InboxEntry['state'] = 'waiting'): InboxEntry => ({
  id: conversationId,
  site: 'sit_AAAAAAAAAAAAAAAAAAAAAA' as InboxEntry['site'],
  state,
  assignee: null,
  waitingSince: null,
  startedAt: 1,
  changedAt: 1,
  version,
});

test('a list makes it online, and an entry changes it unless it is older than what is known', async () => {
  const stage = new Stage();
  const inbox = new InboxClient('tea_AAAAAAAAAAAAAAAAAAAAAA', stage, stage);
  inbox.start();
  await stage.pass(0);
  expect(stage.asked).toEqual(['/api/v1/teams/tea_AAAAAAAAAAAAAAAAAAAAAA/tickets']);
  expect(inbox.entries.value).toBeNull();
  stage.line().says({ type: 'list', until: stage.now() + 300_000, entries: [entry(3)] });
  expect(inbox.connection.value).toEqual({ is: 'online' });
  stage.line().says({ type: 'entry', entry: entry(5, 'claimed') });
  stage.line().says({ type: 'entry', entry: entry(4, 'closed') });
  expect(inbox.entries.value?.get(conversationId)?.state).toBe('claimed');
});

test('a new list replaces what was known, since it is the whole truth', async () => {
  const stage = new Stage();
  const inbox = new InboxClient('tea_AAAAAAAAAAAAAAAAAAAAAA', stage, stage);
  inbox.start();
  await stage.pass(0);
  stage.line().says({ type: 'list', until: stage.now() + 300_000, entries: [entry(3)] });
  stage.line().ends(1006);
  await stage.pass(500);
  stage.line().says({ type: 'list', until: stage.now() + 300_000, entries: [] });
  expect(inbox.entries.value?.size).toBe(0);
});
