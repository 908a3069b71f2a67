/**
 * The roots of KEYRING, which the command line changes (`npm run rotate -- roots`). The Worker finds that there is a newer
 * one and wraps its own keys under that by itself: nobody else has both the roots and the table.
 */
import { type Env, keyringOf, vaultOf } from '../../config.ts';
import { idOf } from '../../ledger.ts';
import { enter } from '../../people/recording.ts';
import { readLeaf } from '../../protocol/ledger-proof.ts';
import { RootStore } from './store.ts';

/**
 * So long after one process of the Worker has seen a new KEYRING, all have it: Cloudflare says seconds. One that has not
 * can't open what was wrapped anew, and serves nothing until it is replaced; it loses nothing.
 */
const spreading = 10 * 60_000;

/** Each quarter of an hour. Cut off anywhere, the next one goes on. */
export async function seeToRoots(env: Env, now: number): Promise<void> {
  const { active } = await keyringOf(env);
  const since = await new RootStore(env.DB).since(active, now);
  if (now - since < spreading) return;
  const vault = await vaultOf(env);
  await vault.refresh(now);
  if (vault.list().every(({ root }) => root === active)) return;
  await enter(
    env,
    { actor: null, action: 'keys.adopt', facts: { root: active } },
    idOf('keys.adopt', active),
  );
  await vault.adoptActiveRoot(now);
}

/** Entries of a ledger that is put back: they say since when a root is in use, and may lie in the archive from here on. */
export async function rootsFromLedger(env: Env, leaves: readonly string[]): Promise<void> {
  for (const leaf of leaves.filter((each) => each.includes('keys.adopt'))) {
    const entry = readLeaf(leaf);
    if (entry?.action === 'keys.adopt')
      await new RootStore(env.DB).adopted(Number(entry.facts?.['root']), entry.at);
  }
}

/** Behind that: to the first of all roots nobody went over. */
export function rootsFromKeys(env: Env): Promise<void> {
  return new RootStore(env.DB).addFromKeys();
}
