/** Where a backup is put back: this deployment, or, for the drill, a scratch space that is thrown away again. */
import { conversationOf, type Keeper } from '../../chat/conversation.ts';
import type { Env } from '../../config.ts';
import { ledgerOf, type LedgerRow, putLedgerRows } from '../../ledger.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { rootsFromLedger } from '../rotation.ts';
import type { Order } from './rows.ts';

export interface Target {
  readonly keeper: Keeper;
  /** Does all of these, or none. */
  execute(orders: readonly Order[]): Promise<void>;
  query<T>(order: Order): Promise<T[]>;
  /** False: there is one already, and stays. */
  conversation(id: ConversationId, lines: string): Promise<boolean>;
  /** Enters these behind this place. Answers how many there are then, and the root of their tree in base64. */
  ledger(
    from: number,
    rows: readonly LedgerRow[],
    isArchived: boolean,
  ): Promise<{ size: number; root: string }>;
}

export function deployment(env: Env, run: string): Target {
  const keeper = { run, until: null };
  return {
    keeper,
    async execute(orders) {
      if (orders.length > 0)
        await env.DB.batch(orders.map(({ sql, json }) => env.DB.prepare(sql).bind(json)));
    },
    async query<T>({ sql, json }: Order) {
      return (await env.DB.prepare(sql).bind(json).all<T>()).results;
    },
    conversation: (id, lines) => conversationOf(env, id).putBack(keeper, lines),
    async ledger(from, rows, isArchived) {
      if (!isArchived) await putLedgerRows(env, rows);
      await rootsFromLedger(
        env,
        rows.map(({ leaf }) => leaf),
      );
      return ledgerOf(env).putBack(run, from, [...rows]);
    },
  };
}
