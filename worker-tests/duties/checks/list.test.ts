/** The list of checks: each is whole, proved both ways, and stands in docs/CHECKS.md. */
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import doors from '../../../docs/DOORS.md?raw';
import docs from '../../../docs/CHECKS.md?raw';
import { sealedColumns } from '../../../src/duties/checks/facts/store.ts';
import { powerful } from '../../../src/duties/checks/holding.ts';
import { ofStaff } from '../../../src/duties/checks/list/closed-doors.ts';
import { checks } from '../../../src/duties/checks/list.ts';
import { checkGroups, standards } from '../../../src/protocol/checks.ts';
import { type Action, actions, builtInRoles, type Grants } from '../../../src/protocol/permissions.ts';

const tests = Object.values(
  import.meta.glob<string>('./*.test.ts', { query: '?raw', import: 'default', eager: true }),
).join('\n');

it('A2 every check has a test in which it fails, and one in which it passes', () => {
  const proved = (how: string) => checks.filter(({ id }) => !new RegExp(`${how}\\(\\s*'${id}'`).test(tests));
  for (const how of ['passes', 'fails']) expect(proved(how).map(({ id }) => id)).toEqual([]);
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
    const asvs = answers.asvs ?? [];
    expect(asvs.every((number) => /^\d{1,2}\.\d{1,2}\.\d{1,2}$/.test(number))).toBe(true);
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

/** Bytes that are no envelope: keyed hashes, and public keys of passkeys. */
const unsealed = [
  'bans.lookup',
  'copies.pgp_lookup',
  'passkeys.public_key',
  'people.lookup',
  'visitor_codes.address',
  'visitor_codes.code',
  'visitor_codes.network',
  'visitor_holds.hold',
  'visitors.lookup',
  'vouches.hold',
  'vouches.token',
];

it('A12 every column that holds bytes is looked at, or is known to hold a hash', async () => {
  const query = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`;
  const tables = (await env.DB.prepare(query).all<{ name: string }>()).results;
  const found: string[] = [];
  for (const { name } of tables) {
    const { results } = await env.DB.prepare(`PRAGMA table_info(${name})`).all<{
      name: string;
      type: string;
    }>();
    found.push(...results.filter(({ type }) => type === 'BLOB').map((column) => `${name}.${column.name}`));
  }
  const looked = sealedColumns.map(({ table, column }) => `${table}.${column}`);
  expect(found.filter((column) => !looked.includes(column)).toSorted()).toEqual(unsealed);
});

it('A17 every door of staff that reads and names no thing is tried', () => {
  const lines = [...doors.matchAll(/^\| `GET \/([^\s`,:]+)(?:,[^`]*)?` \|(.*)\|$/gm)];
  const closed = lines.filter(([, , columns = '']) => columns.split('|').at(-1)?.trim() === 'out');
  const names = new Set(closed.map(([, name]) => name).filter((name) => name !== 'setup/restore'));
  expect([...names].toSorted()).toEqual(ofStaff.toSorted());
});

/** What owners or admins alone may, and does no harm in the wrong hands, or none that another right does not. */
const mild: Action[] = ['file.release', 'teams.create', 'teams.change', 'sites.create'];

it('A10 what owners and admins alone may counts as powerful, unless it is known to be mild', () => {
  const { owner, admin, ...lesser } = builtInRoles;
  const has = (role: Grants, action: Action) => role[action] !== undefined;
  const theirs = actions.filter(
    (action) =>
      (has(owner, action) || has(admin, action)) && !Object.values(lesser).some((role) => has(role, action)),
  );
  const named: readonly Action[] = powerful;
  expect(theirs.filter((action) => !named.includes(action))).toEqual(mild);
});
