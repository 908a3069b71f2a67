/** What of other people's is shipped: npm's own list of all packages, narrowed to those that the Worker or a browser gets. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { run } from '../command.ts';
import { Halt } from '../halt.ts';
import { ROOT } from '../project.ts';

const PATIENCE_SECONDS = 60;

const licenceSchema = v.union([
  v.object({ expression: v.string() }),
  v.object({ license: v.object({ id: v.optional(v.string()), name: v.optional(v.string()) }) }),
]);
const componentSchema = v.object({
  'bom-ref': v.string(),
  type: v.string(),
  name: v.string(),
  version: v.string(),
  purl: v.string(),
  licenses: v.optional(v.array(licenceSchema), []),
  hashes: v.optional(v.array(v.object({ alg: v.string(), content: v.string() }))),
});
const listSchema = v.object({
  metadata: v.object({
    component: v.object({ 'bom-ref': v.string(), version: v.string(), purl: v.string() }),
  }),
  components: v.array(componentSchema),
  dependencies: v.array(v.object({ ref: v.string(), dependsOn: v.optional(v.array(v.string()), []) })),
});
const lockSchema = v.object({
  packages: v.record(
    v.string(),
    v.object({
      version: v.optional(v.string(), ''),
      dependencies: v.optional(v.record(v.string(), v.unknown()), {}),
      peerDependenciesMeta: v.optional(v.record(v.string(), v.unknown()), {}),
    }),
  ),
});
const packageSchema = v.object({
  description: v.string(),
  license: v.string(),
  dependencies: v.record(v.string(), v.string()),
});

export type Place = 'worker' | 'browser';
export interface Component {
  readonly about: v.InferOutput<typeof componentSchema>;
  /** An SPDX expression; empty: nobody says. */
  readonly licence: string;
  readonly places: readonly Place[];
  /** The `bom-ref` of what it needs itself. */
  readonly needs: readonly string[];
}
export interface Shipped {
  readonly product: {
    readonly ref: string;
    readonly version: string;
    readonly purl: string;
    readonly description: string;
    readonly licence: string;
  };
  /** In the order of their names. */
  readonly components: readonly Component[];
  /** The `bom-ref` of what Sotto itself imports. */
  readonly imported: readonly string[];
}

/** From package-lock.json alone: no network, and nothing of this machine. */
export async function shippedHere(): Promise<Shipped> {
  const { ok, output } = await run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    timeoutSeconds: PATIENCE_SECONDS,
  });
  if (!ok) throw new Halt(`npm could not list the packages:\n${output}`);
  const json = output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1);
  const about: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const lock: unknown = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  return shippedOf(JSON.parse(json), about, lock, importedByApps());
}

/** @param inBrowser names of the packages that the browser apps import */
export function shippedOf(
  list: unknown,
  about: unknown,
  lock: unknown,
  inBrowser: readonly string[],
): Shipped {
  const { components, dependencies, metadata } = v.parse(listSchema, list);
  const { description, license, dependencies: own } = v.parse(packageSchema, about);
  const { 'bom-ref': ref, version, purl } = metadata.component;
  const spared = optionalPeers(lock);
  const needs = new Map(
    dependencies.map(({ ref, dependsOn }) => [
      ref,
      dependsOn.filter((each) => spared.get(ref)?.includes(nameIn(each)) !== true),
    ]),
  );
  const direct = needs.get(ref) ?? [];
  const named = (names: readonly string[]) => direct.filter((each) => names.includes(nameIn(each)));
  const wanted = { worker: named(Object.keys(own)), browser: named(inBrowser) };
  const reached = { worker: closure(wanted.worker, needs), browser: closure(wanted.browser, needs) };
  return {
    product: { ref, version, purl, description, licence: license },
    imported: [...new Set([...wanted.worker, ...wanted.browser])].toSorted(),
    components: components
      .map((each) => ({
        about: each,
        licence: each.licenses.map(licenceIn).join(' AND '),
        places: (['worker', 'browser'] as const).filter((place) => reached[place].has(each['bom-ref'])),
        needs: needs.get(each['bom-ref'])?.toSorted() ?? [],
      }))
      .filter(({ places }) => places.length > 0)
      .toSorted((a, b) => (a.about['bom-ref'] < b.about['bom-ref'] ? -1 : 1)),
  };
}

/** Of each package the ones that it can do without and npm names because something else here needs them. */
function optionalPeers(lock: unknown): Map<string, string[]> {
  const { packages } = v.parse(lockSchema, lock);
  return new Map(
    Object.entries(packages).map(([path, { version, dependencies, peerDependenciesMeta }]) => [
      `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`,
      Object.keys(peerDependenciesMeta).filter((name) => !(name in dependencies)),
    ]),
  );
}

/** What each of the browser apps begins with. */
const apps = [
  'src/browser/dashboard/main.tsx',
  'src/browser/widget/main.tsx',
  'src/browser/loader/loader.ts',
];
/** `import … from 'x'`, `export … from 'x'`, `import('x')` and `import 'x'`, but for types alone. */
const importing =
  /^(?:import|export) (?!type )[^;']*?from '([^']+)'|\bimport\(\s*'([^']+)'|^import '([^']+)'/gm;

/** The packages that the browser apps import, by whatever of ours is reached from where they begin. */
function importedByApps(): string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const left = apps.map((app) => join(ROOT, app));
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, ...ways] of readFileSync(file, 'utf8').matchAll(importing)) {
      const name = ways.find(Boolean) ?? '';
      if (name.startsWith('.')) left.push(...(/[.]tsx?$/.test(name) ? [join(dirname(file), name)] : []));
      else packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
    }
  }
  return [...packages];
}

function closure(from: readonly string[], needs: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const left = [...from];
  for (let ref = left.pop(); ref !== undefined; ref = left.pop()) {
    if (found.has(ref)) continue;
    found.add(ref);
    left.push(...(needs.get(ref) ?? []));
  }
  return found;
}

function nameIn(ref: string): string {
  return ref.slice(0, ref.lastIndexOf('@'));
}

function licenceIn(licence: v.InferOutput<typeof licenceSchema>): string {
  return 'expression' in licence
    ? `(${licence.expression})`
    : (licence.license.id ?? licence.license.name ?? '');
}
