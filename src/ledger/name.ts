/** How the ledger's keys and heads are named: the address below which it is published, without its scheme. */
import { configOf, type Env } from '../config.ts';

export function ledgerName(env: Env): string {
  return `${new URL(configOf(env).origin).host}/ledger`;
}
