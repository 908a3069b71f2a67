/** Draws only the lines in sight of a long list; `keep` stays drawn, so that the focus has where to be. */
import {
  type VirtualItem,
  Virtualizer,
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

const beyondSight = 6;

interface Wanted {
  box: RefObject<HTMLElement | null>;
  count: number;
  /** All lines are of one height. */
  lineHeight: number;
  keep: number;
}

export interface Drawn {
  lines: readonly VirtualItem[];
  height: number;
  reveal: (index: number) => void;
}

export function useVirtual({ box, count, lineHeight, keep }: Wanted): Drawn {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const options = {
    count,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: beyondSight,
    scrollToFn: elementScroll<HTMLElement>,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
    rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
      const lines = defaultRangeExtractor(range);
      return keep < 0 || keep >= count || lines.includes(keep)
        ? lines
        : [...lines, keep].sort((a, b) => a - b);
    },
  };
  const kept = useRef<Virtualizer<HTMLElement, HTMLElement> | null>(null);
  kept.current ??= new Virtualizer<HTMLElement, HTMLElement>(options);
  const virtualizer = kept.current;
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, lineHeight]);
  return {
    lines: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    reveal: (index) => virtualizer.scrollToIndex(index),
  };
}
