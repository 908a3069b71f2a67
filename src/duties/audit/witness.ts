/**
 * The witness: an outside party that an owner names. Whoever has the heads of former days can prove that nothing before
 * them was removed or rewritten, whatever whoever runs Sotto says.
 */
import { type Env, vaultOf } from '../../config.ts';
import { ledgerName, ledgerOf, verifierKeys } from '../../ledger.ts';
import { mailHead, mailWitnessGone } from '../../people/mail.ts';
import { bind } from '../../vault.ts';
import { WitnessStore } from './store.ts';

export const witnessPlace = bind('sotto/ledger-witness/1', []);

/** Their address; null: nobody was named. */
export async function witnessOf(env: Env): Promise<string | null> {
  const sealed = await new WitnessStore(env.DB).read();
  if (sealed === undefined) return null;
  return new TextDecoder().decode(await (await vaultOf(env)).openPepper(witnessPlace, sealed));
}

/** Whoever was it before hears of it: an end of what they are sent should not look like an oversight. */
export async function setWitness(env: Env, address: string | null): Promise<void> {
  const before = await witnessOf(env);
  if (before === address) return;
  const vault = await vaultOf(env);
  const sealed =
    address === null ? null : await vault.sealPepper(witnessPlace, new TextEncoder().encode(address));
  await new WitnessStore(env.DB).write(sealed);
  if (before !== null) await mailWitnessGone(env, before, ledgerName(env));
  if (address !== null) await sendHead(env, address, (await ledgerOf(env).checkpoint()).note);
}

/** Once a day: the head is kept for ever, and sent to the witness. */
export async function publishHead(env: Env): Promise<void> {
  const note = await ledgerOf(env).tidy();
  const witness = await witnessOf(env);
  if (witness !== null) await sendHead(env, witness, note);
}

async function sendHead(env: Env, to: string, note: string): Promise<void> {
  await mailHead(env, to, ledgerName(env), note, await verifierKeys(env));
}
