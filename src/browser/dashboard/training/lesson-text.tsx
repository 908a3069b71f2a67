/** A lesson's text on the screen: made of elements, never of HTML. */
import { useMemo } from 'preact/hooks';
import { blocksOf } from '../../ui/rich-text/blocks.ts';
import { shownBlock } from '../../ui/rich-text.tsx';
import { type Part, partsOf } from './text.ts';

export function LessonText({ text }: { text: string }) {
  const parts = useMemo(() => partsOf(text), [text]);
  return <div class="lesson-text">{parts.map((part) => shownPart(part))}</div>;
}

function shownPart(part: Part) {
  if (part.is === 'heading') return part.level === 2 ? <h3>{part.text}</h3> : <h4>{part.text}</h4>;
  return blocksOf(part.text, true).map((block) =>
    block.is === 'text' ? <p>{shownBlock(block)}</p> : shownBlock(block),
  );
}
