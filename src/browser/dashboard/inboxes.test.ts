import { expect, test } from 'vitest';
import type { Colleague, InboxEntry } from '../../protocol/frames.ts';
import type { TeamId } from '../../protocol/ids.ts';
import { Stage, agent, entry, team } from '../connection/stage.ts';
import { Inboxes } from './inboxes.ts';

const other = 'tea_BBBBBBBBBBBBBBBBBBBBBA' as TeamId;
const colleague = (presence: Colleague['presence']) => ({ id: agent.id, name: 'Ada', presence }) as Colleague;

async function attending(...teams: string[]) {
  const stage = new Stage();
  const inboxes = new Inboxes(stage, stage);
  inboxes.attend(teams);
  await stage.pass(0);
  const lineOf = (id: string) => {
    const line = stage.lines.findLast(({ address }) => address.includes(id));
    if (line === undefined) throw new Error(`nobody attends ${id}`);
    return line;
  };
  const list = (id: string, entries: InboxEntry[], { more = false, people = [] as Colleague[] } = {}) =>
    lineOf(id).says({ type: 'list', until: stage.now() + 300_000, entries, more, people });
  return { stage, inboxes, lineOf, list };
}

test('what the teams have is shown once all of them have said it', async () => {
  const { inboxes, list } = await attending(team, other);
  list(team, [entry(1)]);
  expect(inboxes.entries.value).toBeNull();
  expect(inboxes.connection.value).toEqual({ is: 'connecting' });
  list(other, [], { more: true });
  expect(inboxes.entries.value).toHaveLength(1);
  expect(inboxes.complete.value).toBe(false);
  expect(inboxes.connection.value).toEqual({ is: 'online' });
});

test('a conversation that goes from one team to another stands there once, whichever inbox hears of it first', async () => {
  const { inboxes, lineOf, list } = await attending(team, other);
  list(team, [entry(1)]);
  list(other, []);
  const moved = entry(2, { team: other });
  lineOf(other).says({ type: 'entry', entry: moved });
  expect(inboxes.entries.value).toEqual([moved]);
  lineOf(team).says({ type: 'entry', entry: moved });
  expect(inboxes.entries.value).toEqual([moved]);
});

test('whoever is there for one of the teams is there', async () => {
  const { inboxes, list } = await attending(team, other);
  list(team, [], { people: [colleague('available')] });
  list(other, [], { people: [colleague('offline')] });
  expect(inboxes.people.value.get(agent.id)?.presence).toBe('available');
});

test('a team that is left is gone, one that one may not see any more troubles nobody, and the others go on', async () => {
  const { stage, inboxes, lineOf, list } = await attending(team, other);
  list(team, [entry(1)]);
  list(other, []);
  lineOf(other).ends(4403);
  expect(inboxes.connection.value).toEqual({ is: 'online' });
  expect(inboxes.entries.value).toHaveLength(1);
  inboxes.attend([other]);
  expect(inboxes.entries.value).toEqual([]);
  await stage.pass(0);
  expect(lineOf(team).closedBy).toBe(1000);
});

test("one's presence is said in every inbox, those that come later included", async () => {
  const { stage, inboxes, lineOf, list } = await attending(team);
  inboxes.setPresence('away');
  list(team, []);
  inboxes.attend([team, other]);
  await stage.pass(0);
  list(other, []);
  for (const id of [team, other]) {
    expect(
      lineOf(id)
        .framesOf('present')
        .map(({ as }) => as),
    ).toEqual(['away']);
  }
});
