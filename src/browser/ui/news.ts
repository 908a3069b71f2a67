/** What is new in a thread: not the history that is filled in above, and not what came before. */
import type { Message } from '../../protocol/frames.ts';

/** A place in a conversation: a note stands behind the message whose number it carries. */
export interface Place {
  readonly seq: number;
  readonly n?: number | undefined;
}

export function newsAfter(heard: Place, messages: readonly Message[]): readonly Message[] {
  const first = messages.findLastIndex((message) => !isAfter(message, heard)) + 1;
  return messages.slice(first);
}

function isAfter(one: Place, other: Place): boolean {
  return one.seq === other.seq ? (one.n ?? 0) > (other.n ?? 0) : one.seq > other.seq;
}
