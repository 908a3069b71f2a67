/** `npm run evidence -- <folder>`: writes what an auditor is handed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readVerifierKey } from '../protocol/ledger-proof.ts';
import { run } from './command.ts';
import { packOf, readChecks, readOutside, sha256 } from './evidence/pack.ts';
import { pageOf } from './evidence/page.ts';
import { Halt, orHalt } from './halt.ts';
import { ROOT } from './project.ts';
import { bomOf } from './sbom/bom.ts';
import { shippedHere } from './sbom/shipped.ts';

const USAGE = `npm run evidence -- <folder> [--checks <file> --key <name+id+key>…] [--outside <file>] [--report <file>…]
  <folder>   a new one, or an empty one
  --checks   the signed report of its security checks, as JSON, that the dashboard has made
  --key      a key of that deployment's ledger, as somebody gave it whom you believe, or as its /ledger/keys says
  --outside  what npm run check:deployed -- … --json has said of the deployment
  --report   another report that goes along as it is`;

await orHalt(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      checks: { type: 'string' },
      key: { type: 'string', multiple: true, default: [] },
      outside: { type: 'string' },
      report: { type: 'string', multiple: true, default: [] },
    },
  });
  const [folder, ...more] = positionals;
  const keys = values.key.flatMap((key) => readVerifierKey(key) ?? []);
  if (folder === undefined || more.length > 0 || keys.length < values.key.length) throw new Halt(USAGE);
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Halt(`${folder} is not empty.`);
  const shipped = await shippedHere();
  const added = [values.checks, values.outside, ...values.report].filter((path) => path !== undefined);
  const reports = new Map(added.map((path) => [`reports/${basename(path)}`, read(path)]));
  if (reports.size < added.length) throw new Halt('Two reports have one name.');
  const outside = values.outside === undefined ? undefined : readOutside(read(values.outside).toString());
  const checks =
    values.checks === undefined ? undefined : await readChecks(read(values.checks).toString(), keys);
  const { ok, output } = await run('git', ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'], {
    timeoutSeconds: 10,
  });
  const pack = packOf(
    {
      version: shipped.product.version,
      commit: ok ? output.trim() : null,
      made: new Date().toISOString(),
      reports: [...reports.keys()],
    },
    { outside, checks },
  );
  const files = new Map<string, string | Buffer>([
    ['index.html', await pageOf(pack)],
    ['controls.json', `${JSON.stringify(pack, undefined, 2)}\n`],
    ['sbom.cdx.json', bomOf(shipped)],
    ...documents().map((path) => [path, read(join(ROOT, path))] as const),
    ...reports,
  ]);
  const hashes = Object.fromEntries([...files].map(([path, content]) => [path, sha256(content)]));
  files.set('manifest.json', `${JSON.stringify(hashes, undefined, 2)}\n`);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  console.log(`${join(folder, 'index.html')} and ${files.size - 1} more.`);
});

/** Whatever a control may name. */
function documents(): string[] {
  const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'SECURITY.md', ...pages.map((name) => `docs/${name}`)];
}

function read(path: string): Buffer {
  if (!existsSync(path)) throw new Halt(`There is no ${path}.`);
  return readFileSync(path);
}
