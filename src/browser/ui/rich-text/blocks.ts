/** A small Markdown for staff's texts: code blocks, quotes and lists, by their lines. Linear in the text's length. */
import { type Inline, inlineOf, type Room } from './inline.ts';

export type Block =
  | { readonly is: 'text' | 'quote'; readonly of: readonly Inline[] }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'list'; readonly items: readonly Item[] };

interface Item {
  /** As it was written; null for a bullet. */
  readonly number: number | null;
  readonly of: readonly Inline[];
}

/** Elements of one text. Enough for any letter, and not enough to slow a browser down. */
const mostElements = 300;
const fence = /^\s{0,3}```[\w+-]*\s*$/;
const quoted = /^>\s?/;
const listed = /^\s{0,3}(?:[-*•]|(\d{1,9})[.)])\s+(?=\S)/;

type Kind = 'text' | 'quote' | 'list' | 'code';

/** A text as it is shown: with `markup` as staff write it, without it as text and links alone. */
export function blocksOf(text: string, markup: boolean): readonly Block[] {
  const room: Room = { left: mostElements };
  if (!markup) return [{ is: 'text', of: inlineOf(text, false, room) }];
  const runs = runsOf(text.split('\n'));
  return runs.flatMap(({ kind, lines }) => {
    // Empty lines around a block are its distance, which the style sets.
    const kept = kind === 'text' && runs.length > 1 ? trimmed(lines) : lines;
    return kept.length === 0 ? [] : [blockOf(kind, kept, room)];
  });
}

function blockOf(kind: Kind, lines: readonly string[], room: Room): Block {
  if (kind === 'code') return { is: 'code', text: lines.slice(1, -1).join('\n') };
  if (kind === 'list') return { is: 'list', items: lines.map((line) => itemOf(line, room)) };
  const bare = kind === 'quote' ? lines.map((line) => line.replace(quoted, '')) : lines;
  return { is: kind, of: inlineOf(bare.join('\n'), true, room) };
}

function itemOf(line: string, room: Room): Item {
  const [mark = '', number] = listed.exec(line) ?? [];
  room.left--;
  return {
    number: number === undefined ? null : Number(number),
    of: inlineOf(line.slice(mark.length), true, room),
  };
}

interface Run {
  readonly kind: Kind;
  readonly lines: string[];
}

/** Neighbouring lines of one kind, each fenced stretch by itself. */
function runsOf(lines: readonly string[]): readonly Run[] {
  const fences = lines.flatMap((line, index) => (fence.test(line) ? [index] : []));
  const runs: Run[] = [];
  let blocks = 0;
  let passed = 0;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const full = blocks >= mostElements;
    const end = fences[passed] === at && !full ? fences[passed + 1] : undefined;
    if (fences[passed] === at) passed += end === undefined ? 1 : 2;
    const kind = end === undefined ? (full ? 'text' : kindOf(line)) : 'code';
    if (kind !== 'text') blocks++;
    const last = runs.at(-1);
    if (end !== undefined) runs.push({ kind, lines: lines.slice(at, end + 1) });
    else if (last?.kind === kind) last.lines.push(line);
    else runs.push({ kind, lines: [line] });
    at = end ?? at;
  }
  return runs;
}

function kindOf(line: string): Kind {
  if (quoted.test(line)) return 'quote';
  return listed.test(line) ? 'list' : 'text';
}

function trimmed(lines: readonly string[]): readonly string[] {
  const full = (line: string) => line.trim() !== '';
  return lines.slice(Math.max(0, lines.findIndex(full)), lines.findLastIndex(full) + 1);
}
