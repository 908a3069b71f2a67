/** A text as it is read aloud: without the marks of staff's Markdown. */
import { blocksOf } from './blocks.ts';
import type { Inline } from './inline.ts';

export function plainText(text: string, markup: boolean): string {
  if (!markup) return text;
  const lines = blocksOf(text, markup).flatMap((block) => {
    if (block.is === 'code') return [block.text];
    return block.is === 'list' ? block.items.map(({ of }) => plain(of)) : [plain(block.of)];
  });
  return lines.join('\n');
}

function plain(pieces: readonly Inline[]): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      return 'of' in piece ? plain(piece.of) : piece.text;
    })
    .join('');
}
