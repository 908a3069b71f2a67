/** Tells customers apart of whom nothing is known. */
import { words } from './words.ts';

export function signOf(visitor: string): string {
  return words.customer(visitor.replace(/^vis_/, '').replaceAll(/[-_]/g, '').slice(-4));
}
