/** Files in the widget: their part is fetched with the first that comes, or that somebody wants to send. */
import { signal } from '@preact/signals-core';
import type { Chat } from './chat.ts';
import type * as FilesPart from './later/files.tsx';
import { fetched } from './parts.ts';
import { outcome } from './question.ts';

export const files = signal<typeof FilesPart | null>(null);

/** Whether files can be sent here. */
export function takesFiles({ client, site }: Chat): boolean {
  const { state } = client.value?.conversation.value ?? { state: 'closed' };
  return state !== 'closed' && (site.value?.settings.files.groups.length ?? 0) > 0;
}

/** Says so if they can not be had now. */
export async function withFiles(chat: Chat, then?: (part: typeof FilesPart) => void): Promise<void> {
  try {
    const part = await fetched(import('./later/files.tsx'));
    part.begin(chat);
    files.value = part;
    then?.(part);
  } catch (error) {
    outcome.value = { text: (error as Error).message, failed: true };
  }
}
