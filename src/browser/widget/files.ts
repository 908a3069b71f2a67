/** Files in the widget: their part is fetched with the first that comes, or that somebody wants to send. */
import { signal } from '@preact/signals-core';
import type * as FilesPart from './later/files.tsx';
import { part } from './parts.ts';

export const files = part(() => import('./later/files.tsx'));
/** From then on what shows those on their way is there, and says so if it could not be had. */
export const attaching = signal(false);

export async function attach(how: (part: typeof FilesPart) => void): Promise<void> {
  attaching.value = true;
  const come = await files.fetch();
  if (come) how(come);
}
