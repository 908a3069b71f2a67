/** Files that are dragged onto a page or pasted there. */

/** @param take is told of what is held over the page, without files, and then handed what is let go there */
export function takeIncoming(take: (files: readonly File[], over: boolean) => void): void {
  const came = (event: Event) => {
    const data = (event as DragEvent).dataTransfer ?? (event as ClipboardEvent).clipboardData;
    // What is pasted with its text, as from a document, is wanted as text.
    if (!data?.types.includes('Files') || data.types.includes('text/plain')) return;
    event.preventDefault();
    take([...data.files], event.type === 'dragover');
  };
  for (const type of ['dragover', 'drop', 'paste']) document.addEventListener(type, came);
}
