/** What forms hold that is not saved. Whoever leads away from them asks here first. */
import { ask } from '../dialog/ask.ts';
import { words } from '../words.ts';

const held = new Set<() => boolean>();

/** Until it is called back, this form may hold something. */
export function keepWhile(changed: () => boolean): () => void {
  held.add(changed);
  return () => held.delete(changed);
}

export function isUnsaved(): boolean {
  return [...held].some((changed) => changed());
}

/** True where nothing would be lost, or where that is wanted. */
export async function mayLeave(): Promise<boolean> {
  if (!isUnsaved()) return true;
  if (!(await ask({ ...words.discard, danger: true }))) return false;
  held.clear();
  return true;
}
