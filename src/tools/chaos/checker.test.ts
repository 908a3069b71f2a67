import { describe, expect, it } from 'vitest';
import type { InboxEntry, Message } from '../../protocol/frames.ts';
import { newId } from '../../protocol/ids.ts';
import { check } from './checker.ts';
import { leafBytes, leafHash, leafText, tilesOf } from '../../protocol/ledger-proof.ts';
import type { ActRecord, ClientRecord, ConversationRecord, Evidence, LedgerRecord } from './evidence.ts';

/** What a test may bend. */
type Loose<Thing> = { -readonly [Key in keyof Thing]: Loose<Thing[Key]> };

const visitor = newId('visitor');
const agent = newId('person');
const [con, site, team] = [newId('conversation'), newId('site'), newId('team')];
const epoch = 'epoch-2';

function message(seq: number, n: number, by: 'visitor' | 'staff', text: string): Message {
  return {
    seq,
    ...(n === 0 ? {} : { n }),
    id: `${seq}.${n}`,
    at: 1_000 + seq * 10 + n,
    from: by === 'visitor' ? { kind: 'visitor', id: visitor } : { kind: 'staff', id: agent },
    kind: n === 0 ? 'text' : 'note',
    scheme: 1,
    text,
  };
}

function client(name: string, audience: 'visitor' | 'staff', own: Message[], view: Message[]): ClientRecord {
  return {
    ...{ name, conversation: con, audience, author: audience === 'visitor' ? visitor : agent, ordered: true },
    said: own.flatMap(({ id, kind, text }) => (kind === 'file' ? [] : [{ id, kind, text }])),
    acknowledged: own.map(({ id, seq, n = 0 }) => ({ id, seq, n, life: seq })),
    ...{ refused: [], doubtful: [], unsent: [], complaints: [] },
    saw: [{ epoch, messages: view }],
  };
}

/** What the agent did, each with an entry of when it was asked. */
const acts = ['conversation.claim', 'conversation.handOver', 'conversation.close'];
const actAt = (place: number): ActRecord => {
  const asked = 100 * (place + 1);
  return { action: acts[place] ?? '', actor: agent, tried: asked - 50, asked, answered: asked + 20, life: 3 };
};

/** That the agent read it, two entries more, and what they did. */
function ledger(): LedgerRecord {
  const entry = (seq: number, action: string, at = seq) =>
    leafText({ id: `${seq}`, at, actor: agent, action, object: con, outcome: 'done' });
  const rows = ['conversation.read', 'x', 'y', ...acts].map((action, seq) => ({
    seq,
    leaf: entry(seq, action, seq < 3 ? seq : actAt(seq - 3).asked + 10),
  }));
  return { rows, head: headOver(rows), waiting: 0 };
}

function headOver(rows: LedgerRecord['rows']): LedgerRecord['head'] {
  const { edge } = tilesOf(rows.map(({ leaf }) => leafHash(leafBytes(leaf))));
  const root = [...edge.root()] as unknown as Uint8Array;
  return { origin: 'x', size: rows.length, root };
}

/** Five messages and a note, and nothing wrong with any of it; bent by the test. */
function evidence(bend: (all: Loose<Evidence>) => void = () => undefined): Evidence {
  const history = [
    message(1, 0, 'visitor', 'one'),
    message(2, 0, 'staff', 'two'),
    message(2, 1, 'staff', 'a note'),
    message(3, 0, 'visitor', 'three'),
    message(4, 0, 'visitor', 'four'),
    message(5, 0, 'visitor', 'five'),
  ];
  const shown = history.filter(({ kind }) => kind === 'text');
  const standing = { state: 'claimed', assignee: agent, snoozedUntil: null, epoch, changes: 2, head: 5 };
  const conversation: ConversationRecord = {
    id: con,
    history: { epoch, messages: history },
    shown: { epoch, messages: shown },
    standing,
    rollbacks: [],
    removals: [],
    acts: acts.map((_, place) => actAt(place)),
  };
  const entry: InboxEntry = {
    ...{ id: con, site, team, state: 'claimed', assignee: agent, snoozedUntil: null, startedAt: 0 },
    ...{ changedAt: 0, waitingSince: 1_030, version: 7 },
  };
  const by = (id: string) => history.filter(({ from }) => from.id === id);
  const all: Evidence = {
    conversations: [conversation],
    clients: [
      client('customer', 'visitor', by(visitor), shown),
      client('agent', 'staff', by(agent), history),
      client('second tab', 'visitor', [], shown),
    ],
    inboxes: [{ name: 'inbox', entries: [entry], complaints: [] }],
    directory: [{ id: con, state: 'claimed', assignee: agent, version: 2 }],
    ledger: ledger(),
  };
  // Each has its own copy of what it saw, so that one can be bent without the others.
  const own = JSON.parse(JSON.stringify(all)) as Loose<Evidence>;
  bend(own);
  return own as unknown as Evidence;
}

const found = (bend: (all: Loose<Evidence>) => void) => [
  ...new Set(check(evidence(bend)).map(({ kind }) => kind)),
];
/** From everybody's sight, so that nobody's differs. */
function everywhere({ conversations, clients }: Loose<Evidence>, bend: (messages: Loose<Message>[]) => void) {
  for (const { history, shown } of conversations) [history, shown].map(({ messages }) => bend(messages));
  for (const { saw } of clients) for (const { messages } of saw) bend(messages);
}
const at = (messages: Loose<Message>[], id: string) => {
  const index = messages.findIndex((each) => each.id === id);
  const one = messages[index];
  return { index, one };
};

describe('the checker', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(check(evidence())).toEqual([]);
  });

  it('finds what was acknowledged and is gone, from the end and from the middle', () => {
    const drop = (id: string) => (all: Loose<Evidence>) =>
      everywhere(all, (messages) => {
        const { index } = at(messages, id);
        if (index >= 0) messages.splice(index, 1);
      });
    expect(found(drop('5.0'))).toEqual(['lost']);
    expect(found(drop('4.0'))).toEqual(['lost']);
    expect(found(drop('2.1'))).toEqual(['lost']);
  });

  it('excuses what a rollback took, and nothing from before its copy', () => {
    const back = (to: number, from: number) => (all: Loose<Evidence>) => {
      everywhere(all, (messages) => {
        messages.pop();
      });
      for (const each of all.conversations) {
        each.rollbacks.push({ to, from });
        each.standing.head = 4;
      }
      for (const inbox of all.inboxes) for (const entry of inbox.entries) entry.version = 6;
    };
    expect(found(back(4, 5))).toEqual([]);
    expect(found(back(5, 6))).toEqual(['lost']);
    expect(found(back(2, 4))).toEqual(['lost']);
  });

  it('finds a message that is there twice', () => {
    expect(
      found((all) =>
        everywhere(all, (messages) => {
          const { one } = at(messages, '5.0');
          if (one !== undefined) messages.push({ ...one, seq: 6 });
        }),
      ),
    ).toContain('doubled');
  });

  it('finds two of one author whose places are swapped, and a time that runs backwards', () => {
    const swap = (all: Loose<Evidence>) => {
      everywhere(all, (messages) => {
        const [three, four] = [at(messages, '3.0').one, at(messages, '4.0').one];
        if (three === undefined || four === undefined) return;
        [three.id, four.id] = [four.id, three.id];
        [three.text, four.text] = [four.text, three.text];
      });
      for (const { acknowledged } of all.clients) for (const each of acknowledged) each.seq = null;
    };
    expect(found(swap)).toEqual(['out of order']);
    const back = (all: Loose<Evidence>) =>
      everywhere(all, (messages) => {
        const { one } = at(messages, '4.0');
        if (one !== undefined) one.at = 1_001;
      });
    expect(found(back)).toEqual(['out of order']);
  });

  it('does not ask for an order of whoever does not keep one', () => {
    const words = (all: Loose<Evidence>) => all.clients[0]?.said.reverse();
    expect(found((all) => void words(all))).toEqual(['out of order']);
    const careless = (all: Loose<Evidence>) => {
      words(all);
      for (const each of all.clients) each.ordered = false;
    };
    expect(found(careless)).toEqual([]);
    const doubtful = (all: Loose<Evidence>) => {
      words(all);
      for (const each of all.clients) each.doubtful.push('1.0', '3.0', '4.0');
    };
    expect(found(doubtful)).toEqual([]);
  });

  it('finds a text that is not what was said, an author who did not say it, and a refused one that is there', () => {
    const bent = (bend: (one: Loose<Message>) => void) => (all: Loose<Evidence>) =>
      everywhere(all, (messages) => {
        const { one } = at(messages, '4.0');
        if (one !== undefined) bend(one);
      });
    expect(found(bent((one) => (one.text = 'another')))).toEqual(['changed']);
    expect(found(bent((one) => (one.from = { kind: 'staff', id: agent })))).toContain('changed');
    expect(found((all) => all.clients[0]?.refused.push('4.0'))).toEqual(['changed']);
  });

  it('finds a message that has moved since it was acknowledged', () => {
    expect(
      found((all) => {
        const word = all.clients[0]?.acknowledged[1];
        if (word !== undefined) word.seq = 2;
      }),
    ).toEqual(['changed']);
  });

  it('finds a removal that nobody asked for, and one that was undone', () => {
    const removed = { how: 'redacted' as const, at: 2_000 };
    const remove = (all: Loose<Evidence>) =>
      everywhere(all, (messages) => {
        const { one } = at(messages, '4.0');
        if (one !== undefined) Object.assign(one, { text: '', removed });
      });
    expect(found(remove)).toEqual(['changed']);
    const asked = (all: Loose<Evidence>) => all.conversations[0]?.removals.push({ seq: 4, n: 0, life: 5 });
    expect(found((all) => void asked(all))).toEqual(['lost']);
    const both = (all: Loose<Evidence>) => {
      remove(all);
      asked(all);
    };
    expect(found(both)).toEqual([]);
  });

  it('finds a note that a visitor saw, in passing or in the end', () => {
    const leak = (all: Loose<Evidence>, client: number, view: number) => {
      const note = all.conversations[0]?.history.messages[2];
      if (note !== undefined) all.clients[client]?.saw[view]?.messages.splice(2, 0, note);
    };
    expect(found((all) => leak(all, 0, 0))).toContain('shown to the wrong one');
    const earlier = (all: Loose<Evidence>) => {
      all.clients[2]?.saw.unshift({ epoch: 'epoch-1', messages: [] });
      leak(all, 2, 0);
    };
    expect(found(earlier)).toEqual(['shown to the wrong one']);
    const shown = (all: Loose<Evidence>) => {
      const note = all.conversations[0]?.history.messages[2];
      if (note !== undefined) all.conversations[0]?.shown.messages.push(note);
    };
    expect(found(shown)).toContain('shown to the wrong one');
  });

  it('finds what was said in another conversation, and who removed something, with a visitor', () => {
    const foreign = (all: Loose<Evidence>) =>
      all.clients[0]?.saw[0]?.messages.push({ ...message(6, 0, 'visitor', 'six'), id: 'elsewhere' });
    expect(found((all) => void foreign(all))).toContain('shown to the wrong one');
    const remover = (all: Loose<Evidence>) => {
      const one = all.clients[0]?.saw[0]?.messages[0];
      if (one !== undefined) one.removed = { how: 'redacted', at: 2_000, by: { kind: 'staff', id: agent } };
    };
    expect(found(remover)).toContain('shown to the wrong one');
  });

  it('finds a client that ends with something else, or with another epoch', () => {
    expect(found((all) => all.clients[2]?.saw[0]?.messages.pop())).toEqual(['seen differently']);
    const other = (all: Loose<Evidence>) => {
      const view = all.clients[1]?.saw[0];
      if (view !== undefined) view.epoch = 'epoch-1';
    };
    expect(found(other)).toEqual(['seen differently']);
  });

  it('finds two that saw different messages at one place of one epoch, though it is long gone', () => {
    const past = (who: number, id: string) => (all: Loose<Evidence>) =>
      all.clients[who]?.saw.unshift({
        epoch: 'epoch-1',
        messages: [{ ...message(1, 0, 'visitor', 'one'), id }],
      });
    const both = (one: string, other: string) => (all: Loose<Evidence>) => {
      past(0, one)(all);
      past(2, other)(all);
    };
    expect(found(both('3.0', '3.0'))).toEqual([]);
    expect(found(both('3.0', '4.0'))).toEqual(['seen differently']);
  });

  it('finds what never went, and what a client complained of', () => {
    expect(found((all) => all.clients[0]?.unsent.push('7.0'))).toEqual(['not healed']);
    expect(found((all) => all.clients[1]?.complaints.push('3 came after 1'))).toEqual(['rule broken']);
    expect(found((all) => all.inboxes[0]?.complaints.push('closed with 4403'))).toEqual(['rule broken']);
  });

  it('finds what is lost, doubled or changed in the ledger, what it was never told, and a reader whom it has not', () => {
    const rows = (bend: (rows: Loose<LedgerRecord>['rows']) => unknown) => (all: Loose<Evidence>) =>
      bend(all.ledger.rows);
    const renamed = (leaf = '') => leaf.replace('conversation.read', 'conversation.claim');
    const changed = (first: number, second: string) =>
      rows((all) => (all[first] = { seq: first, leaf: second }));
    const [read = '', other = ''] = ledger().rows.map(({ leaf }) => leaf);
    expect(found(rows((all) => all.push({ seq: 6, leaf: other.replace('"1"', '"6"') })))).toEqual([]);
    expect(found(rows((all) => all.pop()))).toEqual(['lost']);
    expect(found(rows((all) => all.splice(1, 1))).toSorted()).toEqual(['lost', 'out of order']);
    expect(found(changed(2, other)).toSorted()).toEqual(['changed', 'doubled']);
    expect(found(changed(0, renamed(read))).toSorted()).toEqual(['changed', 'lost']);
    expect(found((all) => (all.ledger.waiting = 1))).toEqual(['not healed']);
    expect(found((all) => (all.ledger.head = undefined))).toEqual(['not healed']);
  });

  it('finds what was answered as done and is not entered, or entered twice', () => {
    const [claim, handOver, close] = [3, 4, 5];
    /** With a head over what is there then, so that nothing else is wrong. */
    const entered = (bend: (leaves: string[]) => string[]) => (all: Loose<Evidence>) => {
      const leaves = bend(ledger().rows.map(({ leaf }) => leaf));
      all.ledger.rows = leaves.map((leaf, seq) => ({ seq, leaf }));
      all.ledger.head = headOver(all.ledger.rows);
    };
    const bent = (place: number, bend: (leaf: string) => string) =>
      entered((leaves) => leaves.with(place, bend(leaves[place] ?? '')));
    const again = (place: number) =>
      entered((leaves) => [...leaves, (leaves[place] ?? '').replace(`"${place}"`, '"9"')]);
    for (const place of [claim, handOver, close]) {
      expect(found(entered((leaves) => leaves.toSpliced(place, 1)))).toEqual(['lost']);
      expect(found(again(place))).toEqual(['doubled']);
      expect(found(bent(place, (leaf) => leaf.replace('"done"', '"unknown"')))).toEqual(['lost']);
      expect(found(bent(place, (leaf) => leaf.replace(agent, newId('person'))))).toEqual(
        place === close ? [] : ['lost'],
      );
    }
    // Of what was tried before, and not answered, there may be one as well.
    const before = (leaf: string) => leaf.replace('"at":110', '"at":60').replace('"3"', '"9"');
    expect(found(entered((leaves) => [...leaves, before(leaves[claim] ?? '')]))).toEqual([]);
    expect(found(bent(claim, before))).toEqual(['lost']);
    // Whoever did it twice at once has two.
    const twice = (all: Loose<Evidence>) => all.conversations[0]?.acts.push(actAt(0));
    expect(
      found((all) => {
        again(claim)(all);
        twice(all);
      }),
    ).toEqual([]);
  });

  it('excuses a closing of which a rollback took the entry, and nothing that a door has entered', () => {
    const without = (place: number) => (all: Loose<Evidence>) => {
      const rows = ledger().rows.toSpliced(place, 1);
      all.ledger.rows = rows.map(({ leaf }, seq) => ({ seq, leaf }));
      all.ledger.head = headOver(all.ledger.rows);
      all.conversations[0]?.rollbacks.push({ to: 2, from: 3 });
    };
    expect(found(without(5))).toEqual([]);
    expect(found(without(3))).toEqual(['lost']);
  });

  it('finds an inbox or a directory that disagrees, in each field, and entries of nothing', () => {
    const entry = (bend: (entry: Loose<InboxEntry>) => void) => (all: Loose<Evidence>) =>
      all.inboxes.forEach(({ entries }) => entries.forEach(bend));
    const bends: ((entry: Loose<InboxEntry>) => void)[] = [
      (each) => (each.state = 'waiting'),
      (each) => (each.assignee = null),
      (each) => (each.waitingSince = null),
      (each) => (each.snoozedUntil = 1),
      (each) => (each.version = 8),
      (each) => (each.version = 1),
      (each) => (each.id = newId('conversation')),
    ];
    for (const bend of bends) expect(found(entry(bend))).toEqual(['inbox disagrees']);
    expect(found((all) => all.inboxes[0]?.entries.pop())).toEqual(['inbox disagrees']);
    const line = (bend: (line: Loose<Evidence['directory'][number]>) => void) => (all: Loose<Evidence>) =>
      all.directory.forEach(bend);
    expect(found(line((each) => (each.state = 'closed')))).toEqual(['inbox disagrees']);
    expect(found(line((each) => (each.version = 1)))).toEqual(['inbox disagrees']);
    expect(found((all) => all.directory.pop())).toEqual(['inbox disagrees']);
  });
});
