/** The receipt of what was done, signed as the ledger's heads are: whoever has their keys can check both. */
import { configOf, type Env, vaultOf } from '../../config.ts';
import { countDoneFor, ledgerName, ledgerOf } from '../../ledger.ts';
import { signNote } from '../../protocol/ledger-proof.ts';
import { receiptText } from '../../protocol/receipt.ts';
import type { RequestRow } from './store.ts';

type Done = Pick<RequestRow, 'id' | 'kind' | 'visitor' | 'openedAt'>;

export async function receiptOf(
  env: Env,
  { id, kind, visitor, openedAt }: Done,
  now: number,
): Promise<string> {
  const text = receiptText({
    from: new URL(configOf(env).origin).host,
    request: id,
    kind,
    visitor,
    asked: new Date(openedAt).toISOString(),
    done: new Date(now).toISOString(),
    ...(kind === 'erasure' && { conversations: String(await countErased(env, { id, visitor })) }),
  });
  const { publicKey, privateKey } = await (await vaultOf(env)).ledgerKey(now);
  return signNote(text, { name: ledgerName(env), publicKey }, (bytes) =>
    crypto.subtle.sign('Ed25519', privateKey, bytes),
  );
}

/** As the ledger says, once the database has all of it. */
async function countErased(env: Env, { id, visitor }: Pick<Done, 'id' | 'visitor'>): Promise<number> {
  await ledgerOf(env).checkpoint();
  return countDoneFor(env, visitor, 'conversation.erase', id);
}
