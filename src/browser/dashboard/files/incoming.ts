/** Files that are dragged onto a part of this page or pasted there: elsewhere they are meant for something else. */
import type { Cancel } from '../../connection.ts';

/** @param take is told, without files, whether some are held over it, and is handed what is let go there */
export function takeIncoming(
  part: HTMLElement,
  take: (files: readonly File[], over: boolean) => void,
): Cancel {
  const ended = new AbortController();
  const came = (event: Event, data: DataTransfer | null) => {
    // What comes with its text, as from a document, is wanted as text.
    if (!data?.types.includes('Files') || (event.type === 'paste' && data.types.includes('text/plain')))
      return;
    event.preventDefault();
    take([...data.files], event.type === 'dragover');
  };
  const dragged = (event: DragEvent) => came(event, event.dataTransfer);
  part.addEventListener('dragover', dragged, ended);
  part.addEventListener('drop', dragged, ended);
  part.addEventListener('paste', (event) => came(event, event.clipboardData), ended);
  part.addEventListener(
    'dragleave',
    ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node) || !part.contains(relatedTarget)) take([], false);
    },
    ended,
  );
  return () => ended.abort();
}
