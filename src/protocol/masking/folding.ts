/**
 * A text as it looks rather than as it is written: digits of every script are 0 to 9, letters of full width are plain,
 * every space, dash and dot is the plain one, and what nobody sees is left out.
 */
import { withoutMarks } from '../marks.ts';

export interface Folded {
  /** Never longer than the text. */
  readonly plain: string;
  /** Where in the text this stretch of the plain one stands. */
  place(from: number, to: number): { from: number; to: number };
}

export function fold(text: string): Folded {
  const shown = withoutMarks(text);
  if (/^[\x00-\x7f]*$/.test(shown)) return { plain: shown, place: (from, to) => ({ from, to }) };
  const starts = new Int32Array(shown.length);
  const ends = new Int32Array(shown.length);
  const known = new Map<string, string>();
  let plain = '';
  let at = 0;
  for (const letter of shown) {
    const end = at + letter.length;
    const folded = letter < '\x80' ? letter : (known.get(letter) ?? foldedLetter(letter));
    if (letter >= '\x80') known.set(letter, folded);
    for (let unit = 0; unit < folded.length; unit++) {
      starts[plain.length + unit] = at;
      ends[plain.length + unit] = end;
    }
    plain += folded;
    at = end;
  }
  return { plain, place: (from, to) => ({ from: starts[from] ?? 0, to: ends[to - 1] ?? 0 }) };
}

const unseen = /[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]/u;
const digit = /\p{Nd}/u;

function foldedLetter(letter: string): string {
  if (unseen.test(letter)) return '';
  if (digit.test(letter)) return String(valueOf(letter));
  if (/[\p{Zs}\u2800]/u.test(letter)) return ' ';
  if (/[\p{Pd}\u2212\u00af]/u.test(letter)) return '-';
  if (/[\u00b7\u2024\u2027\u2219\u22c5\u3002\uff61]/.test(letter)) return '.';
  const compatible = letter.normalize('NFKC');
  return compatible.length === 1 ? compatible : letter;
}

/** Digits stand in Unicode in rows from 0 to 9, and a row begins where no digit is before it. */
function valueOf(letter: string): number {
  const code = letter.codePointAt(0) ?? 0;
  let first = code;
  while (digit.test(String.fromCodePoint(first - 1))) first--;
  return (code - first) % 10;
}
