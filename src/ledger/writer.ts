/** The way to the one object that writes. */
import type { Env } from '../config.ts';
import type { Ledger } from './object.ts';

export function ledgerOf(env: Env): DurableObjectStub<Ledger> {
  return env.Ledger.getByName('ledger') as unknown as DurableObjectStub<Ledger>;
}
