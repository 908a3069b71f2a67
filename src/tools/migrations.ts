import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './project.ts';

/** The names of all migrations, in the order in which they are applied. */
export function migrations(): string[] {
  return readdirSync(join(ROOT, 'migrations'))
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
}
