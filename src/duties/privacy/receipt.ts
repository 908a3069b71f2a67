/** The receipts of what became of a request, signed as the ledger's heads are: whoever has their keys can check both. */
import { configOf, type Env, vaultOf } from '../../config.ts';
import { countDoneFor, ledgerName, ledgerOf } from '../../ledger.ts';
import { signNote } from '../../protocol/ledger-proof.ts';
import type { RefusalGround } from '../../protocol/privacy.ts';
import { receiptText } from '../../protocol/receipt.ts';
import type { RequestRow } from '../requests.ts';

type Asked = Pick<RequestRow, 'id' | 'kind' | 'visitor' | 'openedAt'>;

/** That it was done. */
export async function receiptOf(env: Env, asked: Asked, now: number): Promise<string> {
  const text = receiptText({
    ...beginning(env, asked),
    done: new Date(now).toISOString(),
    ...(asked.kind === 'erasure' && { conversations: String(await countErased(env, asked)) }),
  });
  return signed(env, text, now);
}

/** That it was refused, by whose clock and on which ground. What was said of it in words is between the two. */
export async function receiptOfRefusal(
  env: Env,
  asked: Asked & Pick<RequestRow, 'law'>,
  ground: RefusalGround,
  now: number,
): Promise<string> {
  const refused = new Date(now).toISOString();
  return signed(env, receiptText({ ...beginning(env, asked), refused, law: asked.law, ground }), now);
}

function beginning(env: Env, { id, kind, visitor, openedAt }: Asked) {
  const from = new URL(configOf(env).origin).host;
  return { from, request: id, kind, visitor, asked: new Date(openedAt).toISOString() };
}

async function signed(env: Env, text: string, now: number): Promise<string> {
  const { publicKey, privateKey } = await (await vaultOf(env)).ledgerKey(now);
  return signNote(text, { name: ledgerName(env), publicKey }, (bytes) =>
    crypto.subtle.sign('Ed25519', privateKey, bytes),
  );
}

/** As the ledger says, once the database has all of it. */
async function countErased(env: Env, { id, visitor }: Pick<Asked, 'id' | 'visitor'>): Promise<number> {
  await ledgerOf(env).checkpoint();
  return countDoneFor(env, visitor, 'conversation.erase', id);
}
