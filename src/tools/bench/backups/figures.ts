/** What two backups came to, and what they have to come to. */
import type { Counted } from './steps.ts';

export interface Backup {
  /** Milliseconds, from its beginning to its end. */
  readonly ms: number;
  /** Bytes of the most that was in the isolate at once: what drives it, with all conversations that are awake. */
  readonly memory: number;
  readonly steps: readonly Counted[];
  readonly parts: number;
  readonly bytes: number;
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
  /** What the verifier found; null: nothing. */
  readonly verified: string | null;
  /** What lies in both of them. */
  readonly held: { readonly conversations: number; readonly messages: number };
}

/**
 * The issue's own bound for the statements of a step, and the platform's: requests and steps of an instance (Workflows,
 * "Limits": 10,000 and, before 2026, 1,024), the processor's time for a step, and memory.
 */
const BOUNDS = { queries: 1_000, requests: 10_000, steps: 1_024, stepMs: 30_000, memory: 128 * 1024 * 1024 };

export function backupMisses(all: Backups): string | undefined {
  const { conversations, messages, changed, held, verified } = all;
  if (verified !== null) return `The verifier refuses them:\n${verified}`;
  if (held.conversations !== conversations || held.messages !== messages + changed)
    return `They hold ${held.messages} messages of ${held.conversations} conversations.`;
  for (const backup of [all.full, all.incremental]) {
    const { queries, stepMs, requests, steps, perInstance } = mostOf(backup);
    if (queries > BOUNDS.queries || perInstance > BOUNDS.queries) return 'It asks the database too often.';
    if (requests > BOUNDS.requests) return 'It asks too much of others for one instance.';
    if (steps > BOUNDS.steps) return 'It has too many steps for one instance.';
    if (stepMs > BOUNDS.stepMs) return 'A step takes too long.';
    if (backup.memory > BOUNDS.memory) return 'It takes too much memory.';
  }
  return undefined;
}

/** The most of any step, and of any instance of the Workflow. */
function mostOf({ steps }: Backup) {
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
  const { conversations, messages, changed, filling, held, verified } = all;
  const number = (value: number) => Math.round(value).toLocaleString('en');
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const one = (name: string, backup: Backup, count: number) => {
    const { bytes, parts, memory, steps } = backup;
    const most = mostOf(backup);
    return [
      `${name}: ${seconds(backup.ms)}, ${number(bytes)} bytes (${number(bytes / count)} for each of ${number(count)} messages), ${parts} parts`,
      `  ${steps.length} steps of ${most.instances} instances; at most, a step: ${most.queries} queries, ${number(most.stepRequests)} requests, ${seconds(most.stepMs)}`,
      `  at most, an instance: ${most.steps} steps, ${most.perInstance} queries, ${number(most.requests)} requests; in memory ${(memory / 2 ** 20).toFixed(0)} MiB`,
    ].join('\n');
  };
  return [
    `${number(conversations)} conversations with ${number(messages)} messages, said in ${seconds(filling)}`,
    one('full', all.full, messages),
    one('incremental', all.incremental, changed),
    `${verified === null ? 'whole' : 'NOT WHOLE'}; they hold ${number(held.messages)} messages of ${number(held.conversations)} conversations`,
  ].join('\n');
}
