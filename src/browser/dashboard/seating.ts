/**
 * How a room asks for its seats: as everybody does, or by the door of those who watch without being shown. That door
 * opens a seat; one that is open is kept with ordinary tickets (M7).
 */
import type { ReadonlySignal } from '@preact/signals';
import type { Access, ConversationClient } from '../connection.ts';

export function seating(
  access: Access,
  silent: ReadonlySignal<boolean>,
  client: () => ConversationClient,
): Access {
  return {
    refresh: () => access.refresh(),
    serverNow: () => access.serverNow(),
    post<Answer>(path: string, body: object): Promise<Answer> {
      const opens = client().connection.peek().is !== 'online';
      return access.post<Answer>(opens && silent.peek() ? path.replace(/tickets$/, 'watch') : path, body);
    },
  };
}
