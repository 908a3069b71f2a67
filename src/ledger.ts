/** The ledger: the door to its one writer. What an entry is stands in src/vault/ledger, what is entered in docs/LEDGER.md. */
import type { Env } from './config.ts';
import type { Ledger } from './ledger/object.ts';

export type { Folded, Told } from './ledger/telling.ts';

export function ledgerOf(env: Env): DurableObjectStub<Ledger> {
  return env.Ledger.getByName('ledger') as unknown as DurableObjectStub<Ledger>;
}
