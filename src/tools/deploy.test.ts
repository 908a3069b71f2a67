import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { run } from './command.ts';
import { obstacle, readConfig } from './deploy/plan.ts';
import { databaseElsewhere, residencyObstacle, setUpElsewhere, whereItLies } from './deploy/residency.ts';
import { ROOT } from './project.ts';

const DEPLOY = join(ROOT, 'src/tools/deploy.ts');
const offline = {
  CLOUDFLARE_API_TOKEN: '',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
};

let dryRun: { ok: boolean; output: string };
beforeAll(async () => {
  dryRun = await run(process.execPath, [DEPLOY, '--dry-run'], { timeoutSeconds: 90, env: offline });
}, 100_000);

test('a dry run needs no account and no internet, and sends nothing', () => {
  expect(dryRun.output).toContain('This was a dry run: nothing was sent anywhere.');
  expect(dryRun.ok).toBe(true);
});

test('it tells the size of the Worker, which stays far below what Cloudflare takes', () => {
  const [, bytes, gzipBytes] = /The Worker: (\d+) KB, (\d+) KB compressed/.exec(dryRun.output) ?? [];
  expect(Number(bytes)).toBeGreaterThan(50);
  expect(Number(gzipBytes)).toBeLessThan(1100);
});

test.each(['Account', 'Conversation', 'Inbox'])('it deploys the object %s', (object) => {
  expect(linesUnder('Durable Objects')).toContain(object);
});

test('it names every binding, migration and secret', () => {
  expect(linesUnder('Bindings').join('\n')).toMatch(
    /DB: D1 database sotto[^]*KEYS: R2 bucket sotto-keys[^]*MAIL: outgoing mail[^]*Timed duties at 17 3/,
  );
  expect(linesUnder('Migrations')).toContain('0001_foundation.sql');
  expect(linesUnder('Secrets')).toEqual(['KEYRING', 'SETUP_TOKEN']);
});

test('nothing is deployed under an address that is only good on this machine', async () => {
  expect(obstacle('https://chat.example.com')).toBeUndefined();
  for (const origin of [
    undefined,
    'http://localhost:8787',
    'http://chat.example.com',
    'https://chat.example.com/',
  ]) {
    expect(obstacle(origin)).toContain('ORIGIN in wrangler.toml is');
  }
  // As long as wrangler.toml is the one of this repository, the real thing ends before it calls anybody.
  const real = await run(process.execPath, [DEPLOY], { timeoutSeconds: 90, env: offline });
  expect(real.ok).toBe(false);
  expect(real.output.trimEnd().split('\n').at(-1)).toMatch(
    /^ORIGIN in wrangler\.toml is http:\/\/localhost:8787: /,
  );
}, 100_000);

const partsIn = (setting: string, jurisdiction: string | undefined) => {
  const config = readConfig();
  const pinned = <Part extends object>(part: Part) => ({ ...part, jurisdiction });
  return {
    vars: { ...config.vars, JURISDICTION: setting },
    d1_databases: config.d1_databases.map(pinned),
    r2_buckets: config.r2_buckets.map(pinned),
    workflows: config.workflows.map(pinned),
  };
};

test('D66 nothing is deployed while a part of wrangler.toml is to lie elsewhere than the others', () => {
  expect(residencyObstacle(readConfig())).toBeUndefined();
  for (const each of ['eu', 'us', 'fedramp']) expect(residencyObstacle(partsIn(each, each))).toBeUndefined();
  expect(residencyObstacle(partsIn('', 'eu'))).toContain('take jurisdiction out at the database sotto, ');
  expect(residencyObstacle(partsIn('mars', 'mars'))).toContain(
    'Cloudflare has eu, us, fedramp for all parts',
  );
  for (const kind of ['d1_databases', 'r2_buckets', 'workflows'] as const) {
    const parts = { ...partsIn('eu', 'eu'), [kind]: readConfig()[kind] };
    expect(residencyObstacle(parts)).toMatch(
      /^JURISDICTION in wrangler\.toml is eu, .*jurisdiction = "eu" at the/,
    );
  }
});

test('D66 nothing is deployed to a database that was made, or a Sotto that was set up, elsewhere', () => {
  const inEu = partsIn('eu', 'eu');
  const info = (jurisdiction?: string | null) => JSON.stringify({ uuid: 'x', jurisdiction });
  expect(databaseElsewhere(inEu, info('eu'))).toBeUndefined();
  expect(databaseElsewhere(readConfig(), info(null))).toBeUndefined();
  expect(databaseElsewhere(inEu, info())).toContain('The database lies in no jurisdiction');
  expect(databaseElsewhere(readConfig(), info('eu'))).toContain('The database lies in eu');
  const said = (...results: object[]) => JSON.stringify([{ results, success: true, meta: {} }]);
  expect(setUpElsewhere(inEu, said())).toBeUndefined();
  expect(setUpElsewhere(inEu, said({ jurisdiction: 'eu' }))).toBeUndefined();
  expect(setUpElsewhere(inEu, said({ jurisdiction: '' }))).toContain('set up with JURISDICTION = "", and');
});

test('D66 the plan says how each part is made where it is to lie, and what is not held there', () => {
  const lines = whereItLies(partsIn('eu', 'eu')).join('\n');
  expect(lines).toContain('npx wrangler d1 create sotto --jurisdiction eu');
  expect(lines).toContain('npx wrangler r2 bucket create sotto-backups --jurisdiction eu');
  expect(lines).toContain('Not held there: Mail');
  expect(linesUnder('Where everything').at(0)).toBe('Wherever Cloudflare puts it: JURISDICTION is empty');
});

/** The indented lines below a title. */
function linesUnder(title: string): string[] {
  const lines = dryRun.output.split('\n');
  const first = lines.findIndex((line) => line.startsWith(title)) + 1;
  const length = lines.slice(first).findIndex((line) => !line.startsWith('  '));
  return lines.slice(first, first + length).map((line) => line.trim());
}
