/** What two backups, the drill and putting them back came to, and what they have to come to. */
import type { Same } from './same.ts';
import type { Counted } from './steps.ts';

export interface Duty {
  /** Milliseconds, from its beginning to its end. */
  readonly ms: number;
  /** Bytes of the most that was in the isolate at once: what drives it, with all conversations that are awake. */
  readonly memory: number;
  readonly steps: readonly Counted[];
}

export interface Backup extends Duty {
  readonly parts: number;
  readonly bytes: number;
}

/** A drill, or one that was put back for good. */
export interface Restored extends Duty {
  readonly state: string;
  /** What is not as it was signed, or does not come to the same. */
  readonly wrong: string | null;
  readonly counts: Readonly<Record<string, number>>;
}

export interface Backups {
  readonly conversations: number;
  /** At first, and those that were said before the second backup. */
  readonly messages: number;
  readonly changed: number;
  /** Milliseconds that it took to say them. */
  readonly filling: number;
  readonly full: Backup;
  readonly incremental: Backup;
  readonly drill: Restored;
  readonly restored: Restored;
  /** What the verifier found; null: nothing. */
  readonly verified: string | null;
  /** What lies in both of them. */
  readonly held: { readonly conversations: number; readonly messages: number };
  /** What was put back, held against what there was. */
  readonly same: Same;
}

/**
 * The issue's own bound for the statements of a step, and the platform's: requests and steps of an instance (Workflows,
 * "Limits": 10,000 and, before 2026, 1,024), the processor's time for a step, and memory.
 */
const BOUNDS = { queries: 1_000, requests: 10_000, steps: 1_024, stepMs: 30_000, memory: 128 * 1024 * 1024 };

export function backupMisses(all: Backups): string | undefined {
  const { conversations, messages, changed, held, verified, drill, restored, same } = all;
  if (verified !== null) return `The verifier refuses them:\n${verified}`;
  if (held.conversations !== conversations || held.messages !== messages + changed)
    return `They hold ${held.messages} messages of ${held.conversations} conversations.`;
  if (drill.state !== 'done') return `The drill is ${drill.state}: ${drill.wrong ?? ''}`;
  if (restored.state !== 'done') return `Putting them back is ${restored.state}: ${restored.wrong ?? ''}`;
  if (same.differences.length > 0)
    return `What came back is not what there was:\n${same.differences.join('\n')}`;
  if (same.conversations !== conversations || same.messages !== messages + changed)
    return `${same.messages} messages of ${same.conversations} conversations came back.`;
  for (const duty of [all.full, all.incremental, drill, restored]) {
    const { queries, stepMs, requests, steps, perInstance } = mostOf(duty);
    if (queries > BOUNDS.queries || perInstance > BOUNDS.queries) return 'It asks the database too often.';
    if (requests > BOUNDS.requests) return 'It asks too much of others for one instance.';
    if (steps > BOUNDS.steps) return 'It has too many steps for one instance.';
    if (stepMs > BOUNDS.stepMs) return 'A step takes too long.';
    if (duty.memory > BOUNDS.memory) return 'It takes too much memory.';
  }
  return undefined;
}

/** The most of any step, and of any instance of the Workflow. */
function mostOf({ steps }: Duty) {
  const instances = [...Map.groupBy(steps, ({ instance }) => instance).values()];
  const sum = (some: readonly Counted[], what: 'queries' | 'requests') =>
    some.reduce((all, step) => all + step[what], 0);
  return {
    instances: instances.length,
    queries: Math.max(...steps.map(({ queries }) => queries)),
    stepRequests: Math.max(...steps.map(({ requests }) => requests)),
    stepMs: Math.max(...steps.map(({ ms }) => ms)),
    steps: Math.max(...instances.map(({ length }) => length)),
    perInstance: Math.max(...instances.map((some) => sum(some, 'queries'))),
    requests: Math.max(...instances.map((some) => sum(some, 'requests'))),
  };
}

export function backupsInWords(all: Backups): string {
  const { conversations, messages, changed, filling, held, verified, same } = all;
  const size = ({ bytes, parts }: Backup, count: number) =>
    `, ${number(bytes)} bytes (${number(bytes / count)} for each of ${number(count)} messages), ${parts} parts`;
  const counted = ({ counts }: Restored) =>
    Object.entries(counts)
      .map(([what, count]) => `${what} ${number(count)}`)
      .join(', ');
  const rows = Object.values(same.rows).reduce((sum, count) => sum + count, 0);
  return [
    `${number(conversations)} conversations with ${number(messages)} messages, said in ${seconds(filling)}`,
    dutyInWords('full', all.full, size(all.full, messages)),
    dutyInWords('incremental', all.incremental, size(all.incremental, changed)),
    `${verified === null ? 'whole' : 'NOT WHOLE'}; they hold ${number(held.messages)} messages of ${number(held.conversations)} conversations`,
    dutyInWords('drill', all.drill, `: ${all.drill.state}`),
    `  ${counted(all.drill)}`,
    dutyInWords('put back', all.restored, `: ${all.restored.state}`),
    `  ${counted(all.restored)}`,
    `${same.differences.length === 0 ? 'equal' : 'NOT EQUAL'}: ${number(same.messages)} messages of ${number(same.conversations)} conversations as they are read, ${number(rows)} rows of ${Object.keys(same.rows).length} tables, ${number(same.files)} files`,
    ...same.differences,
  ].join('\n');
}

function dutyInWords(name: string, duty: Duty, more: string): string {
  const most = mostOf(duty);
  return [
    `${name}: ${seconds(duty.ms)}${more}`,
    `  ${duty.steps.length} steps of ${most.instances} instances; at most, a step: ${most.queries} queries, ${number(most.stepRequests)} requests, ${seconds(most.stepMs)}`,
    `  at most, an instance: ${most.steps} steps, ${most.perInstance} queries, ${number(most.requests)} requests; in memory ${(duty.memory / 2 ** 20).toFixed(0)} MiB`,
  ].join('\n');
}

const number = (value: number) => Math.round(value).toLocaleString('en');
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
