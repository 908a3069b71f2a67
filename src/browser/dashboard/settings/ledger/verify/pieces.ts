/** A file piece by piece, as fast as it is used: between two of them the page does whatever else there is to do. */

/** Some three hundred entries, which are read within a frame. */
const pieceBytes = 128 * 1024;

/** @param seen told which share of it was given */
export async function* piecesOf(
  file: Blob,
  signal: AbortSignal,
  seen?: (share: number) => void,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += pieceBytes) {
    yield new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
    signal.throwIfAborted();
    seen?.(Math.min(1, (at + pieceBytes) / file.size));
  }
}
