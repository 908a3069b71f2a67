/** What finders of one kind give: stretches of the plain text, in order and apart from one another. */
import { cover } from '../marks.ts';

export interface Hit {
  from: number;
  to: number;
  shown: string;
}
export type Finder = (plain: string) => Hit[];

export function covered(plain: string, hits: readonly Hit[]): string {
  return replaced(plain, hits, ({ from, to }) => cover.repeat(to - from));
}

export function replaced<Each extends { from: number; to: number }>(
  text: string,
  spans: readonly Each[],
  by: (span: Each) => string,
): string {
  let end = 0;
  const pieces = spans.map((span) => {
    const piece = text.slice(end, span.from) + by(span);
    end = span.to;
    return piece;
  });
  return pieces.join('') + text.slice(end);
}

/** Of all that were found, those that begin first; what overlaps one of them is in it already. */
export function apart<Each extends { from: number; to: number }>(hits: readonly Each[]): Each[] {
  let end = 0;
  return hits
    .toSorted((one, other) => one.from - other.from || other.to - one.to)
    .filter(({ from, to }) => {
      if (from < end) return false;
      end = to;
      return true;
    });
}

/** Whether one of these words stands shortly before or behind this stretch. */
export function isBeside(plain: string, { from, to }: { from: number; to: number }, words: RegExp): boolean {
  return words.test(plain.slice(Math.max(0, from - 48), from)) || words.test(plain.slice(to, to + 24));
}

/** What a form found: the `value` that it ends with, or all of it. */
export function valueOf({ index, 0: all, groups }: RegExpExecArray, shown: string): Hit {
  const to = index + all.length;
  return { from: to - (groups?.['value'] ?? all).length, to, shown };
}
