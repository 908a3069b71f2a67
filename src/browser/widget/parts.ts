/**
 * Parts of the widget that are fetched when they are needed. Once another version is deployed those of this one are
 * gone; whoever has had the page open since before is told so.
 */
import { ApiError } from '../api.ts';
import { words } from '../ui/words.ts';

/** @throws {ApiError} */
export async function fetched<Part>(part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch {
    throw (await isReplaced())
      ? new ApiError('upgrade_needed', 426, words.stopped.version_too_old)
      : new ApiError('offline', 0, words.reconnecting);
  }
}

/** Whether the page at this address is made of other files by now. */
async function isReplaced(): Promise<boolean> {
  try {
    const answer = await fetch(location.pathname, { cache: 'no-store' });
    return answer.ok && !(await answer.text()).includes(new URL(import.meta.url).pathname);
  } catch {
    return false;
  }
}
