/** What is asked before it is done. */
import { signal } from '@preact/signals-core';
import type { ComponentChildren } from 'preact';
import type { Message } from '../../protocol/frames.ts';

/** What can not be taken back. */
export type Deed = { about: 'end' } | { about: 'forget' } | { about: 'remove'; message: Message };
export type Asked =
  | Deed
  /** `says`: what it is for, where that is more than usual. */
  | { about: 'prove' | 'open' | 'continue'; says?: { title: string; text: string } };

export const asked = signal<Asked | null>(null);
/** What there is to say after something was done, or could not be, or before it is. */
export const outcome = signal<{ text: ComponentChildren; failed: boolean } | null>(null);
