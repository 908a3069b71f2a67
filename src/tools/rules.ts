/** The numbered rules of docs/RULES.md, and the tests that carry their numbers. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './project.ts';

export interface Rule {
  readonly id: string;
  /** In Markdown. */
  readonly says: string;
}

export function rulesHere(): Rule[] {
  const page = readFileSync(join(ROOT, 'docs/RULES.md'), 'utf8');
  return [...page.matchAll(/^- \*\*([A-Z]\d+)\*\* (.*)$/gm)].map(([, id = '', says = '']) => ({ id, says }));
}

/** Of each number that the title of a test begins with, the files in which such tests are, in order. */
export function testsByRule(): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of testFiles()) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    // Numbers at the start of a title: `it('C1 C3 everyone …`.
    for (const [, numbers = ''] of text.matchAll(
      /\b(?:it|test|describe)(?:\.each\([^)]*\))?\(\s*['"`]((?:[A-Z]\d+ )+)/g,
    ))
      for (const id of numbers.trim().split(' ')) {
        const files = found.get(id) ?? new Set<string>();
        found.set(id, files.add(file));
      }
  }
  return new Map([...found].map(([id, files]) => [id, [...files].toSorted()]));
}

export function testFiles(): string[] {
  return globSync(['src/**/*.test.{ts,tsx}', 'worker-tests/**/*.test.ts'], { cwd: ROOT }).toSorted();
}
