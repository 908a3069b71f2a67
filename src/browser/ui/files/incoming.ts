/** Files that are dragged onto a page or pasted there. */
import type { Cancel } from '../../connection.ts';

/**
 * @param take is told of what is held over the page, without files, and then handed what is let go there
 */
export function takeIncoming(
  target: EventTarget,
  take: (files: readonly File[], over: boolean) => void,
): Cancel {
  const ended = new AbortController();
  for (const type of ['dragover', 'dragleave', 'drop', 'paste'])
    target.addEventListener(type, (event) => came(event as DragEvent & ClipboardEvent, take), ended);
  return () => ended.abort();
}

function came(
  event: DragEvent & ClipboardEvent,
  take: (files: readonly File[], over: boolean) => void,
): void {
  const { type, relatedTarget } = event;
  const data = event.dataTransfer ?? event.clipboardData;
  // What comes with its text, as from a document, is wanted as text.
  if (!data?.types.includes('Files') || (type === 'paste' && data.types.includes('text/plain'))) return;
  event.preventDefault();
  if (type !== 'dragleave') take([...data.files], type === 'dragover');
  else if (relatedTarget === null) take([], false);
}
