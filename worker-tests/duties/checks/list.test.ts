/** The list of checks: each is whole, proved both ways, and stands in docs/CHECKS.md. */
import { expect, it } from 'vitest';
import docs from '../../../docs/CHECKS.md?raw';
import { checks } from '../../../src/duties/checks/list.ts';
import { checkGroups, standards } from '../../../src/protocol/checks.ts';
import { isNotRun } from './scene.ts';

const tests = Object.values(
  import.meta.glob<string>('./*.test.ts', { query: '?raw', import: 'default', eager: true }),
).join('\n');

/** What they look at is not there yet: until it is, they can't pass. */
const empty = ['dependencies', 'training'];

it('A2 every check has a test in which it fails, and one in which it passes', () => {
  const proved = (how: string) => checks.filter(({ id }) => !new RegExp(`${how}\\(\\s*'${id}'`).test(tests));
  for (const how of ['passes', 'fails']) expect(proved(how).map(({ id }) => id)).toEqual(empty);
});

it('A2 what is not there yet is not run', async () => {
  for (const id of empty) await isNotRun(id);
});

it('A2 every check says what it measures, why, what it answers and how it is mended', () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  expect(checks.length).toBeGreaterThanOrEqual(25);
  for (const { id, group, title, measures, why, answers, fix } of checks) {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(Object.keys(checkGroups)).toContain(group);
    expect(title).not.toMatch(/\.$/);
    for (const words of [measures, why, fix.how]) expect(words).toMatch(/^[A-Z‘“].*\.$/s);
    expect(Object.keys(answers).every((standard) => standard in standards)).toBe(true);
    expect(answers.asvs?.every((number) => /^\d{1,2}\.\d{1,2}\.\d{1,2}$/.test(number))).toBe(true);
    expect(answers.csf?.every((name) => /^(?:GV|ID|PR|DE|RS|RC)\.[A-Z]{2}-\d\d$/.test(name))).toBe(true);
    expect(answers.cis?.every((name) => /^\d{1,2}\.\d{1,2}$/.test(name))).toBe(true);
    expect(answers.hipaa?.every((name) => /^164\.\d{3}(?:\(\w+\))+$/.test(name)) ?? true).toBe(true);
    expect(answers.gdpr?.every((name) => /^Art\. \d+/.test(name)) ?? true).toBe(true);
  }
});

/** As `docs/CHECKS.md` lists them. */
function listed(): string {
  const groups = Object.entries(checkGroups).map(([group, name]) => {
    const lines = checks
      .filter((check) => check.group === group)
      .map(({ id, title, measures, answers }) => {
        const answered = Object.entries(answers).map(
          ([standard, all]) => `${standards[standard as keyof typeof standards]} ${all.join(', ')}`,
        );
        return `- \`${id}\` **${title}.** ${measures} *${answered.join('; ')}*`;
      });
    return `### ${name}\n${lines.join('\n')}\n`;
  });
  return groups.join('\n');
}

it('A2 docs/CHECKS.md lists every check as it is', () => {
  expect(docs).toContain(listed());
});
