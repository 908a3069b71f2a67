/** Markup within lines: addresses, and for staff's texts also `code`, **bold** and *italic*. Linear in the length. */
import { address, type Link, linkOf } from './links.ts';

export type Inline =
  | string
  | Link
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'strong' | 'em'; readonly of: readonly Inline[] };

/** How many elements one text may still become; beyond that it stays text. */
export interface Room {
  left: number;
}

const onlyAddresses = new RegExp(address.source, 'giu');
const allMarks = new RegExp(`\`[^\`\\n]+\`|${address.source}|\\*\\*|[*_\\n]`, 'giu');
/** Between two of these a mark means itself, as in `2*3*4` and `snake_case`. */
const ofAWord = /[\p{Script=Latin}\p{N}]/u;

interface Opened {
  readonly mark: string;
  readonly at: number;
}

export function inlineOf(text: string, markup: boolean, room: Room): readonly Inline[] {
  const pieces: Inline[] = [];
  // Each of the three marks is open once at most, so nothing nests deeper than three.
  const opened: Opened[] = [];
  const marks = markup ? allMarks : onlyAddresses;
  let from = 0;
  marks.lastIndex = 0;
  for (let match = marks.exec(text); match !== null && room.left > 0; match = marks.exec(text)) {
    const [found] = match;
    const at = match.index;
    if (at > from) pieces.push(text.slice(from, at));
    from = at + found.length;
    if (found.startsWith('`')) {
      pieces.push({ is: 'code', text: found.slice(1, -1) });
      room.left--;
    } else if (found.length > 2) {
      const link = linkOf(found);
      pieces.push(link ?? found);
      if (link !== null) {
        room.left--;
        from = at + link.text.length;
        marks.lastIndex = from;
      }
    } else if (found === '\n') {
      // Marks pair within their line, so that a forgotten one does no harm further down.
      opened.length = 0;
      pieces.push(found);
    } else {
      const open = opened.findIndex(({ mark }) => mark === found);
      const before = text.charAt(at - 1);
      const after = text.charAt(from);
      const inside = pieces.length - 1 - (opened[open]?.at ?? Infinity);
      if (inside > 0 && touches(before) && !ofAWord.test(after)) {
        wrap(pieces, opened, open);
        room.left--;
      } else {
        if (open < 0 && touches(after) && !ofAWord.test(before))
          opened.push({ mark: found, at: pieces.length });
        pieces.push(found);
      }
    }
  }
  if (from < text.length) pieces.push(text.slice(from));
  return joined(pieces);
}

function touches(character: string): boolean {
  return character.trim() !== '';
}

/** What stands since the mark was opened goes into an element; marks opened inside and not closed are text. */
function wrap(pieces: Inline[], opened: Opened[], open: number): void {
  const [{ mark, at } = { mark: '', at: 0 }] = opened.splice(open);
  const [, ...inside] = pieces.splice(at);
  pieces.push({ is: mark === '**' ? 'strong' : 'em', of: joined(inside) });
}

/** Neighbouring texts as one. */
function joined(pieces: readonly Inline[]): readonly Inline[] {
  const result: Inline[] = [];
  let run: string[] = [];
  for (const piece of [...pieces, null]) {
    if (typeof piece === 'string') run.push(piece);
    else {
      if (run.length > 0) result.push(run.join(''));
      run = [];
      if (piece !== null) result.push(piece);
    }
  }
  return result;
}
