/** What a bench tells the ledger, past every door, by the checks' Worker; and how much there is. */
import { randomBytes, randomUUID } from 'node:crypto';
import { ledgerHead } from '../engine/ledger.ts';

export type Entry = ReturnType<typeof entryOf>;

/** Of something that is done all day, and that no alarm asks about. */
export function entryOf(actor: string, isPersonal: boolean) {
  const what = { device: 'Chrome on Windows', country: 'DE', network: '203.0.113.0/24' };
  return {
    ...{ id: randomUUID(), at: Date.now(), actor, session: anId('ses'), object: anId('cnv') },
    ...{ action: 'conversation.claim', outcome: 'done', facts: { door: 'POST /conversations/:id/claim' } },
    ...(isPersonal && { personal: { of: actor, what } }),
  };
}

export function anId(kind: string): string {
  return `${kind}_${randomBytes(16).toString('base64url')}`;
}

/** In one call; they are durable once this has ended. */
export async function tell(url: URL, entries: readonly Entry[]): Promise<void> {
  const answer = await fetch(new URL('/entries', url), { method: 'POST', body: JSON.stringify(entries) });
  if (!answer.ok) throw new Error(`the ledger was not told: ${answer.status}`);
  await answer.text();
}

/** What a signed head speaks of. */
export async function sizeOf(url: URL): Promise<number> {
  const head = await ledgerHead(url);
  if (head === undefined) throw new Error('nobody has signed the head');
  return head.size;
}
