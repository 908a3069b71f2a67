/** Finds canned replies: the `/` under the caret, and which replies what follows it means. */
import type { CannedReply } from '../../../protocol/bodies.ts';

/** The slash and the word after it, from `start` up to the caret. */
export interface Asked {
  start: number;
  end: number;
  query: string;
}

const most = 8;

/** A slash at the beginning, or after a space, with one word between it and the caret; elsewhere it is a slash. */
export function askedAt(text: string, caret: number): Asked | null {
  const found = /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u.exec(text.slice(0, caret));
  if (found === null) return null;
  const query = found[1] ?? '';
  return { start: caret - query.length - 1, end: caret, query };
}

/** Those of everybody and of the conversation's team; shortcuts that begin so first, then those with it in their text. */
export function matching(replies: readonly CannedReply[], team: string | null, query: string): CannedReply[] {
  const wanted = query.toLocaleLowerCase();
  return replies
    .filter((reply) => reply.team === null || reply.team === team)
    .map((reply) => ({ reply, rank: rankOf(reply, wanted) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.reply.shortcut.localeCompare(b.reply.shortcut))
    .slice(0, most)
    .map(({ reply }) => reply);
}

function rankOf({ shortcut, text }: CannedReply, wanted: string): number | null {
  const name = shortcut.toLocaleLowerCase();
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(wanted)) return 2;
  return text.toLocaleLowerCase().includes(wanted) ? 3 : null;
}

/** The text with what was asked for in place of the slash, and where the caret stands then. */
export function inserted(text: string, asked: Asked, reply: string): { text: string; caret: number } {
  return {
    text: text.slice(0, asked.start) + reply + text.slice(asked.end),
    caret: asked.start + reply.length,
  };
}
