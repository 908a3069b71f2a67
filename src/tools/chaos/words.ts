/** What is said, so that each word tells where it belongs. */
import type { Random } from './random.ts';

const NOTE = 'backstage';
const SAMPLES = ['ok', 'čšž ß 漢字 🙂', '"quotes" \\ and </script>', '\u0000 \u2028 \t', 'x'.repeat(400)];

/** What no visitor's frame ever holds. */
export const forStaff = /backstage|"present"|"n":|"staff":\{|"by":|"kind":"note"/;

export function wordsOf(client: string, kind: 'text' | 'note', number: number, random: Random): string {
  const rest = random.pick(SAMPLES) ?? '';
  return `${kind === 'note' ? `${NOTE} ` : ''}${client} ${number} ${rest}`;
}
