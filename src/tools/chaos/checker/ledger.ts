/** Whether the ledger is whole, and has everybody of staff who read a conversation. */
import { readLeaf, Verification } from '../../../protocol/ledger-proof.ts';
import type { Evidence } from '../evidence.ts';
import type { Finding, Kind } from './finding.ts';

const kinds: Record<string, Kind> = {
  short: 'lost',
  doubled: 'doubled',
  misplaced: 'out of order',
  broken: 'changed',
};

export function checkLedger({ ledger, conversations, clients }: Evidence): Finding[] {
  const { rows, head, waiting } = ledger;
  if (head === undefined) return [{ kind: 'not healed', what: 'the ledger has no signed head' }];
  const verification = new Verification();
  for (const { seq, leaf } of rows) verification.entry(seq, leaf);
  const { findings: all, proved } = verification.verdict([head]);
  // What came after the head is there as well.
  const findings = all.filter(({ what }) => what !== 'unproved');
  return [
    ...findings.map(({ what, seq }): Finding => {
      return { kind: kinds[what] ?? 'rule broken', what: `the ledger is ${what} at entry ${seq}` };
    }),
    ...(findings.length === 0 && proved < head.size
      ? [{ kind: 'lost' as const, what: `the ledger proves ${proved} of ${head.size}` }]
      : []),
    ...(waiting > 0 ? [{ kind: 'not healed' as const, what: `${waiting} entries were never told` }] : []),
    ...unrecorded({ ledger, conversations, clients }),
  ];
}

/** A conversation that was taken back may have forgotten what it had not told yet. */
function unrecorded({
  ledger,
  conversations,
  clients,
}: Pick<Evidence, 'ledger' | 'conversations' | 'clients'>): Finding[] {
  const entries = ledger.rows.map(({ leaf }) => readLeaf(leaf));
  const read = new Set(
    entries.flatMap((entry) =>
      entry?.action === 'conversation.read' ? [`${entry.actor ?? ''} ${entry.object ?? ''}`] : [],
    ),
  );
  const steady = new Set(conversations.flatMap(({ id, rollbacks }) => (rollbacks.length === 0 ? [id] : [])));
  const readers = clients.filter(
    ({ audience, conversation, saw }) =>
      audience === 'staff' && steady.has(conversation) && saw.some(({ messages }) => messages.length > 0),
  );
  return readers
    .filter(({ author, conversation }) => !read.has(`${author} ${conversation}`))
    .map(({ name, conversation }) => ({
      kind: 'lost',
      what: `that ${name} read ${conversation} is not recorded`,
    }));
}
