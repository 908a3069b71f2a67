/**
 * Parts of the widget that are fetched when they are needed. Once another version is deployed those of this one are
 * gone; whoever has had the page open since before is told so.
 */
import { type ReadonlySignal, signal } from '@preact/signals-core';
import { ApiError } from '../api.ts';
import { words } from '../ui/words.ts';

/** One of them. What could not be had is fetched again at the next occasion. */
export interface Part<Module> {
  /** Null until it has come. */
  readonly is: ReadonlySignal<Module | null>;
  /** Why it could not be had, where it could not. */
  readonly failed: ReadonlySignal<string>;
  fetch: () => Promise<Module | null>;
}

export function part<Module>(load: () => Promise<Module>): Part<Module> {
  const is = signal<Module | null>(null);
  const failed = signal('');
  const fetch = async () => {
    try {
      is.value ??= await fetched(load());
    } catch (error) {
      failed.value = error instanceof Error ? error.message : '';
    }
    return is.value;
  };
  return { is, failed, fetch };
}

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
