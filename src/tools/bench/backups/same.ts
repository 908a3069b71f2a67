/** Whether a deployment that was put back is the one that was backed up: what is stored, and what it says when it is read. */
import { compared, compareStored, inWords } from '../../engine/same.ts';
import type { Held } from './steps.ts';

/** What was held against each other, and what was not the same. */
export interface Same {
  /** How many rows each table has. */
  readonly rows: Readonly<Record<string, number>>;
  readonly conversations: number;
  readonly messages: number;
  readonly files: number;
  readonly differences: readonly string[];
}

/** Where a deployment lies, and every conversation as it reads. */
export interface Deployment {
  readonly state: string;
  readonly held: readonly Held[];
}

/** Both are down. @param ledger entries of the ledger before this one were backed up */
export function compare(before: Deployment, after: Deployment, ledger: number): Same {
  const stored = compareStored(before.state, after.state, ledger);
  const read = compared('what is read in conversations', before.held.map(said), after.held.map(said));
  const tables = stored.filter(({ name }) => name !== 'files');
  return {
    rows: Object.fromEntries(tables.map(({ name, count }) => [name, count])),
    conversations: after.held.length,
    messages: after.held.reduce((sum, { messages }) => sum + messages, 0),
    files: stored.find(({ name }) => name === 'files')?.count ?? 0,
    differences: inWords([...stored, read]),
  };
}

function said({ id, messages, digest }: Held): string {
  return `${id} ${messages} ${digest}`;
}
