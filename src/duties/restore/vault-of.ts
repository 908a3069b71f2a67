/** What opens what is put back. */
import { keyringOf } from '../../config.ts';
import { type KeyTable, Vault } from '../../vault.ts';
import type { Restoring } from './steps.ts';

/** The vault as it would be after a restore: the keys of the backup, and no others. */
export async function vaultOf({ env, target }: Restoring): Promise<Vault> {
  const order = { sql: 'SELECT * FROM keys WHERE ?1 = ?1', json: '[]' };
  const rows = await target.query<Record<string, unknown>>(order);
  const all = rows.map((row) => ({
    ...(row as unknown as Awaited<ReturnType<KeyTable['all']>>[number]),
    wrapped: bytesOf(row['wrapped']),
    createdAt: Number(row['created_at']),
  }));
  const table = {
    all: () => Promise.resolve(all),
    insertActive: (row: (typeof all)[number]) => Promise.resolve(void all.push(row)),
  };
  return Vault.open(await keyringOf(env), table as unknown as KeyTable, Date.now());
}

/** As the database and the scratch space give them. */
function bytesOf(cell: unknown): Uint8Array {
  return cell instanceof ArrayBuffer ? new Uint8Array(cell) : Uint8Array.from((cell ?? []) as number[]);
}
