/**
 * The witness: an outside party that an owner names. Whoever has the heads of former days can prove that nothing before
 * them was removed or rewritten, whatever whoever runs Sotto says.
 */
import { type Env, vaultOf } from '../../config.ts';
import { ledgerName, ledgerOf, verifierKeys } from '../../ledger.ts';
import { logFault } from '../../log.ts';
import { mailHead, mailWitnessGone } from '../../people/mail.ts';
import { bind } from '../../vault.ts';
import { watchOf } from '../alarms.ts';
import { pauseAfter } from '../webhooks.ts';
import { WitnessStore } from './store.ts';

/** From one night to the next, and somewhat less. */
const aNight = 23 * 3_600_000;

export const witnessPlace = bind('sotto/ledger-witness/1', []);

/** Their address; null: nobody was named. */
export async function witnessOf(env: Env): Promise<string | null> {
  const sealed = await new WitnessStore(env.DB).read();
  return sealed === undefined ? null : addressIn(env, sealed);
}

async function addressIn(env: Env, sealed: Uint8Array): Promise<string> {
  return new TextDecoder().decode(await (await vaultOf(env)).openPepper(witnessPlace, sealed));
}

/** Whoever was it before hears of it: an end of what they are sent should not look like an oversight. */
export async function setWitness(env: Env, address: string | null): Promise<void> {
  const before = await witnessOf(env);
  if (before === address) return;
  const vault = await vaultOf(env);
  const sealed =
    address === null ? null : await vault.sealPepper(witnessPlace, new TextEncoder().encode(address));
  const now = Date.now();
  await new WitnessStore(env.DB).write(sealed, now);
  if (before !== null) await mailWitnessGone(env, before, ledgerName(env));
  await seeToWitness(env, now);
}

/** Once a day: the head is kept for ever, and sent to the witness, who is sent it though it could not be kept. */
export async function publishHead(env: Env, now: number): Promise<void> {
  await new WitnessStore(env.DB).setDue(now);
  await ledgerOf(env).tidy();
  await seeToWitness(env, now);
}

/**
 * Sends the head as it stands now, if one is due. Where it can't be sent it is tried again until the next night: at least
 * once, for it is noted only afterwards that it was.
 */
export async function seeToWitness(env: Env, now: number): Promise<void> {
  const store = new WitnessStore(env.DB);
  const unsent = await store.due(now);
  if (unsent === undefined) return;
  const { address, since, tries } = unsent;
  try {
    const head = await ledgerOf(env).checkpoint();
    await mailHead(env, await addressIn(env, address), ledgerName(env), head, await verifierKeys(env));
    await store.setSent(unsent);
  } catch (error) {
    logFault('mail.witness', error);
    const pause = pauseAfter(tries);
    await store.tryAgain(unsent, pause === undefined ? null : now + pause);
    // Once a night: by the first try of the second that failed.
    if (tries === 0 && since <= now - aNight)
      await watchOf(env).raise({ rule: 'ledger.unsent', about: null, facts: { since } });
  }
}
