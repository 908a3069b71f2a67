/** Opening a file: a POST that enters the ledger; from then on this browser, and no other, loads it for a while. */
import type { OpenFileAnswer } from '../../../protocol/file-bodies.ts';

export type As = 'show' | 'save';

interface Access {
  post<Answer>(path: string, body: object): Promise<Answer>;
}

/** Answers where it can be loaded. @throws ApiError */
export async function openFile(
  access: Access,
  conversation: string,
  file: string,
  how: { as: As; reason?: string },
): Promise<string> {
  const path = `/api/v1/conversations/${encodeURIComponent(conversation)}/files/${file}/open`;
  return (await access.post<OpenFileAnswer>(path, how)).address;
}

/**
 * Has the browser save it. What is loaded by this very page: a link into a tab of its own would not have the cookie,
 * which is of this frame alone.
 */
export async function save(address: string, name: string): Promise<void> {
  const answer = await fetch(address, { cache: 'no-store', redirect: 'error' });
  if (!answer.ok) throw new Error(`a file was answered with ${answer.status}`);
  const held = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = held;
  link.download = name;
  link.click();
  // Some browsers begin to read it later.
  setTimeout(() => URL.revokeObjectURL(held), 60_000);
}
