import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from './command.ts';
import { ROOT } from './project.ts';

const CONFIG = join(ROOT, '.dependency-cruiser.cjs');

/** For every rule an import that it must refuse: who imports what. */
const refused: [rule: string, from: string, to: string][] = [
  ['protocol-imports-nothing-of-ours', 'src/protocol/frames.ts', 'src/people/permission.ts'],
  ['vault-imports-only-itself', 'src/vault/envelope.ts', 'src/protocol/ids.ts'],
  ['people-lean-on-protocol-and-vault', 'src/people/guard.ts', 'src/chat/files.ts'],
  ['chat-leans-on-people-protocol-and-vault', 'src/chat/sites.ts', 'src/duties/audit.ts'],
  ['duties-lean-on-chat-people-protocol-and-vault', 'src/duties/backups.ts', 'src/tools/start.ts'],
  ['browser-imports-only-protocol', 'src/browser/connection.ts', 'src/vault.ts'],
  ['tools-import-only-protocol-and-vault', 'src/tools/codes.ts', 'src/people/identity.ts'],
  ['who-looks-from-outside-knows-the-headers-too', 'src/tools/deployed/headers.ts', 'src/http.ts'],
  ['a-bent-worker-imports-the-worker-alone', 'src/tools/chaos/worker/worker.ts', 'src/app.ts'],
  ['the-checks-worker-imports-what-it-checks', 'src/tools/bench/checks/worker.ts', 'src/chat/sites.ts'],
  ['the-files-worker-imports-what-seals-files', 'src/tools/bench/files/worker.ts', 'src/chat/sites.ts'],
  ['the-backups-worker-imports-what-it-fills', 'src/tools/bench/backups/worker.ts', 'src/chat/sites.ts'],
  ['nobody-imports-a-bent-worker', 'src/tools/chaos/server.ts', 'src/tools/chaos/worker/worker.ts'],
  ['the-floor-leans-on-protocol-and-vault', 'src/config.ts', 'src/people/guard.ts'],
  ['the-ledger-by-its-door', 'src/people/guard.ts', 'src/ledger/store.ts'],
  ['the-worker-ships-no-browser-code-and-no-tools', 'src/app.ts', 'src/browser/connection.ts'],
  ['nobody-imports-the-top', 'src/people/account.ts', 'src/app.ts'],
  ['vault-by-its-door', 'src/people/staff.ts', 'src/vault/envelope.ts'],
  ['a-feature-by-its-door', 'src/chat/inbox.ts', 'src/chat/files/part.ts'],
  ['a-feature-by-its-door', 'src/people/identity/totp.ts', 'src/people/account/rules.ts'],
  ['a-feature-by-its-door-from-the-top', 'src/app.ts', 'src/chat/files/part.ts'],
  ['a-part-by-its-door', 'src/chat/files/upload.ts', 'src/chat/files/part/manifest.ts'],
  ['a-part-by-its-door-from-its-feature', 'src/chat/files.ts', 'src/chat/files/part/manifest.ts'],
  ['stores-stay-in-their-feature', 'src/chat/search.ts', 'src/chat/files/store.ts'],
  ['stores-stay-in-their-feature', 'src/chat/search/words.ts', 'src/people/store.ts'],
  ['stores-stay-out-of-the-top', 'src/schedule.ts', 'src/people/store.ts'],
  ['routes-only-by-the-app', 'src/chat/teams.ts', 'src/people/identity/routes.ts'],
  ['objects-only-by-their-door-and-the-worker', 'src/chat/teams.ts', 'src/people/account/object.ts'],
  ['rules-are-pure', 'src/chat/files/rules.ts', 'src/chat/files/store.ts'],
  ['rules-are-pure', 'src/people/permission.ts', 'src/config.ts'],
  ['no-circles', 'src/people/one.ts', 'src/people/two.ts'],
  ['no-unresolvable', 'src/people/mail.ts', 'src/people/missing.ts'],
  ['nobody-imports-a-test', 'src/people/guard.ts', 'src/people/guard.test.ts'],
  ['nothing-shipped-imports-worker-tests', 'src/people/tokens.ts', 'worker-tests/cast.ts'],
  ['no-development-package-in-the-worker', 'src/chat/canned.ts', 'only-for-development'],
];

const allowed: [from: string, to: string][] = [
  ['src/worker.ts', 'src/app.ts'],
  ['src/worker.ts', 'src/people/account/object.ts'],
  ['src/worker.ts', 'src/ledger/object.ts'],
  ['src/people/guard.ts', 'src/ledger.ts'],
  ['src/app.ts', 'src/people/identity/routes.ts'],
  ['src/people/identity.ts', 'src/people/identity/totp.ts'],
  ['src/people/identity/routes.ts', 'src/people/account.ts'],
  ['src/people/account/object.ts', 'src/people/account/store.ts'],
  ['src/chat/files/upload.ts', 'src/chat/files/part.ts'],
  ['src/chat/files/part.ts', 'src/chat/files/part/manifest.ts'],
  ['src/chat/files/part.ts', 'src/chat/files/store.ts'],
  ['src/chat/inbox.ts', 'src/vault.ts'],
  ['src/vault.ts', 'src/vault/envelope.ts'],
  ['src/browser/dashboard/page.ts', 'src/protocol/frames.ts'],
  ['src/tools/chaos/worker/worker.ts', 'src/worker.ts'],
  ['worker-tests/vault/envelope.test.ts', 'src/vault/envelope.ts'],
];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

test('every rule of the architecture notices the import that it forbids', async () => {
  const backAgain: [string, string] = ['src/people/two.ts', 'src/people/one.ts'];
  const violations = await cruise([
    ...refused.map(([, from, to]): [string, string] => [from, to]),
    backAgain,
  ]);
  for (const [rule, from] of refused) expect(violations, `${rule} in ${from}`).toContain(`${rule}: ${from}`);
});

test('every rule has its forbidden import in this test', () => {
  const { forbidden } = createRequire(import.meta.url)(CONFIG) as { forbidden: { name: string }[] };
  expect([...new Set(refused.map(([rule]) => rule))].toSorted()).toEqual(
    forbidden.map(({ name }) => name).toSorted(),
  );
});

test('what the architecture allows is not refused', async () => {
  expect(await cruise(allowed)).toEqual([]);
});

/** Writes files with these imports into an empty project and answers the violations found there. */
async function cruise(imports: [from: string, to: string][]): Promise<string[]> {
  const project = mkdtempSync(join(tmpdir(), 'sotto-arrows-'));
  folders.push(project);
  write(project, 'package.json', JSON.stringify({ devDependencies: { 'only-for-development': '1.0.0' } }));
  write(project, 'node_modules/only-for-development/package.json', JSON.stringify({ main: 'index.js' }));
  write(project, 'node_modules/only-for-development/index.js', '');

  const sources = new Map<string, string>();
  for (const [from, to] of imports) {
    if (to.includes('/') && !to.endsWith('missing.ts')) sources.set(to, sources.get(to) ?? '');
    const specifier = to.includes('/') ? relative(dirname(from), to).replace(/^(?!\.)/, './') : to;
    sources.set(from, `${sources.get(from) ?? ''}import '${specifier}';\n`);
  }
  for (const [path, text] of sources) write(project, path, text);

  const cli = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const tops = ['src', 'worker-tests'].filter((top) =>
    [...sources.keys()].some((path) => path.startsWith(top)),
  );
  const args = [cli, '--config', CONFIG, '--output-type', 'json', ...tops];
  const { output } = await run(process.execPath, args, { cwd: project, timeoutSeconds: 60 });
  const report = JSON.parse(output) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  return report.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
}

function write(project: string, path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}
