import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleWorker } from './bundle.ts';
import { ROOT } from './project.ts';

const KB = 1024;
/** `import "./x.js"` and `… from "./x.js"`, as bundlers write them, whatever their quotes. */
const STATIC_IMPORT = /\b(?:from|import)\s*["'`]\.\/([^"'`]+)["'`]/g;

export interface Measured {
  readonly what: string;
  readonly bytes: number;
  readonly budget: number;
}

/** What may travel, compressed as it travels. Somebody on a train pays for every line of this table. */
export async function measure(folder = join(ROOT, 'dist/browser')): Promise<Measured[]> {
  const worker = await bundleWorker();
  const opened = openedBy(folder, 'widget.html');
  const conversing = openedBy(folder, 'widget.html', ['conversation']);
  const asking = openedBy(folder, 'widget.html', ['pre-chat']);
  const before = new Set([...conversing, ...asking]);
  const later = allOf(folder, 'widget.html').filter((file) => !before.has(file));
  const files = new Set(laterOf(folder, 'files', before));
  const warnings = new Set(laterOf(folder, 'warning', before));
  const openpgp = laterOf(folder, 'openpgp', before);
  const yourData = laterOf(folder, 'your-data', before).filter((file) => !openpgp.includes(file));
  return [
    { what: 'loader.js', bytes: gzipped(folder, ['loader.js']), budget: 2 * KB },
    { what: 'widget, opened by a newcomer', bytes: gzipped(folder, opened), budget: 25 * KB },
    { what: 'widget, with questions first', bytes: gzipped(folder, asking), budget: 25 * KB },
    { what: 'widget, with a conversation', bytes: gzipped(folder, conversing), budget: 27.5 * KB },
    {
      what: 'widget, all that may come later',
      bytes: gzipped(
        folder,
        later.filter(
          (file) => ![files, warnings, new Set([...yourData, ...openpgp])].some((part) => part.has(file)),
        ),
      ),
      budget: 15 * KB,
    },
    { what: 'widget, what files bring', bytes: gzipped(folder, [...files]), budget: 13 * KB },
    { what: 'widget, what one’s own data bring', bytes: gzipped(folder, yourData), budget: 10.5 * KB },
    { what: 'widget, what OpenPGP brings', bytes: gzipped(folder, openpgp), budget: 4 * KB },
    { what: 'widget, what warnings bring', bytes: gzipped(folder, [...warnings]), budget: 11 * KB },
    {
      what: 'dashboard, its first load',
      bytes: gzipped(folder, openedBy(folder, 'dashboard.html')),
      budget: 120 * KB,
    },
    { what: 'the Worker', bytes: worker.gzipBytes, budget: 1100 * KB },
  ];
}

export function inWords({ what, bytes, budget }: Measured): string {
  const over = bytes > budget ? '  TOO BIG' : '';
  return `${what.padEnd(36)}${kilobytes(bytes).padStart(9)} of ${kilobytes(budget).padStart(9)}${over}`;
}

/**
 * What a browser fetches before anybody does anything: the scripts and styles that the page names, and what those
 * import without being asked. What stands in an `import()` comes when it is needed, and is counted if it is named
 * among the parts.
 * @param parts names of modules that an `import()` brings, each the name of a file up to its hash
 * @throws {Error} unless the page brings one part of each name
 */
export function openedBy(folder: string, page: string, parts: readonly string[] = []): string[] {
  const all = allOf(folder, page);
  const asked = parts.flatMap((part) => {
    const found = all.filter((file) => file.startsWith(join('assets', `${part}-`)));
    if (found.length !== 1) throw new Error(`${page} brings ${found.length} files named ${part}.`);
    return found;
  });
  return closure([...namedIn(folder, page), ...asked], (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(STATIC_IMPORT)].map(([, name = '']) => join('assets', name));
  });
}

/** Those and all that they name in turn. */
export function allOf(folder: string, page: string): string[] {
  return closure(namedIn(folder, page), (file) => namedIn(folder, file));
}

/** What a part brings that is fetched when it is needed, beside what was there before. */
function laterOf(folder: string, part: string, before: ReadonlySet<string>): string[] {
  const named = allOf(folder, 'widget.html').filter((file) => file.startsWith(join('assets', `${part}-`)));
  return closure(named, (file) => namedIn(folder, file).filter((each) => !before.has(each)));
}

function closure(first: readonly string[], next: (file: string) => readonly string[]): string[] {
  const found = new Set(first);
  for (const file of found) for (const each of next(file)) found.add(each);
  return [...found];
}

/** Vite names every file with a hash of its content, so that a name found in a text can mean nothing else. */
function namedIn(folder: string, file: string): string[] {
  const text = readFileSync(join(folder, file), 'utf8');
  return readdirSync(join(folder, 'assets'))
    .filter((name) => /\.(?:js|css)$/.test(name) && text.includes(name))
    .map((name) => join('assets', name));
}

function gzipped(folder: string, files: readonly string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).byteLength, 0);
}

function kilobytes(bytes: number): string {
  return `${(bytes / KB).toFixed(1)} KB`;
}
