/**
 * The server as a process of its own, which can be killed with all that it started. It is told what to start, says
 * where that answers and every line that it logs, and goes when whoever started it is gone.
 */
import type { Options } from '../engine/options.ts';
import { migrate, runWorkerd } from '../engine/workerd.ts';

export interface Order {
  readonly options: Options;
  /** Whether its database has no tables yet. */
  readonly isNew: boolean;
}
export type Word = { readonly url: string } | { readonly line: string };

function tell(word: Word): void {
  process.send?.(word);
}

async function serve({ options, isNew }: Order): Promise<void> {
  const workerd = await runWorkerd(options, (line) => tell({ line }));
  if (isNew) await migrate(await workerd.database());
  tell({ url: workerd.url.origin });
}

process.once('message', (order: Order) => void serve(order));
process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
