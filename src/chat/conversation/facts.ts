/**
 * What is known of a conversation besides its messages, and may be personal: sealed under the conversation's first
 * key, each fact at a place of its own.
 */
import type { Customer } from '../../protocol/frames.ts';
import { bind, type DataKey } from '../../vault.ts';
import { type FactName, factNames } from './history.ts';

export type Facts = {
  /** The page that the customer wrote from. */
  page: string | null;
  /** `withdrawnAt`: when they withdrew the consent that stands in the row; absent: they have not. */
  customer: Customer & { withdrawnAt?: number };
  tags: readonly string[];
  /** What the customer wrote about the conversation when they rated it. */
  comment: string | null;
};
export type SealedFacts = Readonly<Record<FactName, Uint8Array>>;

export async function sealedFacts<Some extends Partial<Facts>>(
  conversation: string,
  key: DataKey,
  facts: Some,
): Promise<Record<keyof Some & FactName, Uint8Array>> {
  const names = factNames.filter((name) => name in facts);
  const sealed = names.map(
    async (name) =>
      [name, await key.sealText(factPlace(conversation, name), JSON.stringify(facts[name]))] as const,
  );
  return Object.fromEntries(await Promise.all(sealed)) as Record<keyof Some & FactName, Uint8Array>;
}

export async function openedFacts(conversation: string, key: DataKey, sealed: SealedFacts): Promise<Facts> {
  const open = async (name: FactName): Promise<unknown> =>
    JSON.parse(await key.openText(factPlace(conversation, name), sealed[name]));
  const [page, customer, tags, comment] = await Promise.all(factNames.map(open));
  return { page, customer, tags, comment } as Facts;
}

function factPlace(conversation: string, name: FactName): Uint8Array {
  return bind('sotto/conversation-fact/1', [conversation, name]);
}
