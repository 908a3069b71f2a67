import { REFRESH_MS, tokenKeyOrders } from '../../vault.ts';

/** Beyond the time after which every process of the Worker has looked at the table again. */
const MARGIN_MS = 5_000;

/**
 * Has the Worker make another key for tokens, which it does by itself: the command line does not know KEYRING. Where
 * the keys of today have leaked, they go once nobody signs with them any more. Sooner, and a process that had not
 * looked yet would go on giving out tokens that every other one refuses, which ends sessions in their pages.
 */
export async function rotateTokens(
  execute: (order: string) => Promise<void>,
  pause: (milliseconds: number) => Promise<unknown>,
  leaked: boolean,
): Promise<void> {
  await execute(tokenKeyOrders.retire);
  if (!leaked) return;
  await pause(REFRESH_MS + MARGIN_MS);
  await execute(tokenKeyOrders.discard);
}
