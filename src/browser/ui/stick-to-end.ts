/** Keeps a scrolled box at its end while its reader is there, and in its place while they read further up. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

const nearEnd = 60;

interface Ends {
  /** The number at the top: when it falls, the box has grown above. */
  first: number | undefined;
  /** The last that somebody wrote themselves, which they want to see. */
  written: string | undefined;
  /** The reader has left the end, or come back to it. */
  onAway: (away: boolean) => void;
}

export function useStickToEnd(box: RefObject<HTMLElement | null>, { first, written, onAway }: Ends): void {
  const atEnd = useRef(true);
  const before = useRef({ first, written, height: 0 });
  const tell = useRef(onAway);
  tell.current = onAway;

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { current } = before;
    if (written !== undefined && written !== current.written) atEnd.current = true;
    const grewAbove = first !== undefined && current.first !== undefined && first < current.first;
    if (grewAbove) element.scrollTop += element.scrollHeight - current.height;
    else if (atEnd.current) element.scrollTop = element.scrollHeight;
    before.current = { first, written, height: element.scrollHeight };
  });

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const scrolled = () => {
      const now = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
      if (now !== atEnd.current) tell.current(!now);
      atEnd.current = now;
    };
    // The box changes its size when the widget opens, a phone's keyboard comes or the composer grows.
    const resized = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    element.addEventListener('scroll', scrolled, { passive: true });
    resized.observe(element);
    return () => {
      element.removeEventListener('scroll', scrolled);
      resized.disconnect();
    };
  }, [box]);
}
