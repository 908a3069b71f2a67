/** A message's text on the screen: made of elements, never of HTML. */
import type { ComponentChildren, ComponentType } from 'preact';
import { useMemo } from 'preact/hooks';
import { maskedIn, type MaskedKind } from '../../protocol/marks.ts';
import { type Block, blocksOf } from './rich-text/blocks.ts';
import type { Inline } from './rich-text/inline.ts';

interface Props {
  text: string;
  /** With staff's small Markdown. Without it every character stands as it was sent. */
  markup: boolean;
}

/** @param Masked says below a text what was masked in it */
export function richText(Masked: ComponentType<{ kinds: readonly MaskedKind[] }>): ComponentType<Props> {
  return function RichText({ text, markup }: Props) {
    const blocks = useMemo(() => blocksOf(text, markup), [text, markup]);
    const kinds = maskedIn(text);
    return (
      <>
        {blocks.map(shownBlock)}
        {kinds.length > 0 && <Masked kinds={kinds} />}
      </>
    );
  };
}

export function shownBlock(block: Block): ComponentChildren {
  switch (block.is) {
    case 'text':
      return block.of.map(shown);
    case 'quote':
      return <blockquote>{block.of.map(shown)}</blockquote>;
    case 'code':
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      );
    case 'list': {
      const items = block.items.map(({ number, of }) => <li value={number ?? undefined}>{of.map(shown)}</li>);
      return block.items[0]?.number === null ? <ul>{items}</ul> : <ol>{items}</ol>;
    }
  }
}

function shown(piece: Inline): ComponentChildren {
  if (typeof piece === 'string') return piece;
  switch (piece.is) {
    case 'link':
      return (
        <a
          href={piece.href}
          title={piece.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          // Shown behind the link by the style sheet, so that the text itself stays as it was sent.
          data-host={piece.host ?? undefined}
        >
          {piece.text}
        </a>
      );
    case 'code':
      return <code>{piece.text}</code>;
    case 'strong':
      return <strong>{piece.of.map(shown)}</strong>;
    case 'em':
      return <em>{piece.of.map(shown)}</em>;
  }
}
