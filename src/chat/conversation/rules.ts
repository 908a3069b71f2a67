/** What a conversation decides, as pure functions (docs/RULES.md, C1 to C8). */
import type { RefusalCode } from '../../protocol/refusals.ts';
import type { Author, ConversationState } from '../../protocol/frames.ts';
import type { PersonId } from '../../protocol/ids.ts';
import type { Asker } from '../../people/permission.ts';

export type Standing = { state: ConversationState; assignee: PersonId | null };
export type Change = 'claim' | 'close' | 'reopen';

/** Where a conversation stands after a change, or why it can't be made. The same change again is no error. */
export function change(standing: Standing, wish: Change, by: Asker): Standing | RefusalCode {
  if (wish === 'claim') return claim(standing, by);
  if (wish === 'close') return { state: 'closed', assignee: standing.assignee };
  return standing.state === 'closed' ? { state: 'waiting', assignee: null } : standing;
}

function claim(standing: Standing, by: Asker): Standing | RefusalCode {
  if (by.kind !== 'staff') return 'not_allowed';
  if (standing.state === 'closed') return 'conversation_closed';
  if (standing.state === 'claimed' && standing.assignee !== by.id) return 'already_claimed';
  return { state: 'claimed', assignee: by.id };
}

export function authorOf(asker: Asker): Author {
  return asker.kind === 'staff' ? { kind: 'staff', id: asker.id } : { kind: 'visitor', id: asker.id };
}

/** A message's time never runs backwards, whatever the clock does. */
export function nextTime(now: number, last: number): number {
  return Math.max(now, last);
}

/** How long one data key serves, in messages: 2^12 times fewer than NIST SP 800-38D, 8.3 allows random nonces. */
export const messagesPerKey = 2 ** 20;

/** The first message that a new key must seal, given where the newest key began. */
export function keyEnds(keyFrom: number): number {
  return keyFrom + messagesPerKey;
}
