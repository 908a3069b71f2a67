/** What to call a customer: by the name they gave, or by a short label to tell them apart. */
import { words } from './words.ts';

export function visitorLabel(conversation: string, name?: string | null): string {
  if (name !== undefined && name !== null && name !== '') return name;
  const signs = conversation.replace(/^con_/, '').replaceAll(/[-_]/g, '');
  return words.visitor(signs.slice(-4));
}
