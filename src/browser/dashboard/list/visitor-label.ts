/** A short label to tell visitors apart by, the same in the list and above the thread. */
import { words } from '../words.ts';

export function visitorLabel(conversation: string): string {
  const signs = conversation.replace(/^con_/, '').replaceAll(/[-_]/g, '');
  return words.visitor(signs.slice(-4));
}
