import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleWorker } from './bundle.ts';
import { ROOT } from './project.ts';

const KB = 1024;

export interface Measured {
  readonly what: string;
  readonly bytes: number;
  readonly budget: number;
}

/** What may travel, compressed as it travels. Somebody on a train pays for every line of this table. */
export async function measure(folder = join(ROOT, 'dist/browser')): Promise<Measured[]> {
  const worker = await bundleWorker();
  return [
    { what: 'loader.js', bytes: gzipped(folder, ['loader.js']), budget: 2 * KB },
    {
      what: 'widget, all of its code and styles',
      bytes: gzipped(folder, allOf(folder, 'widget.html')),
      budget: 25 * KB,
    },
    {
      what: 'dashboard, its first load',
      bytes: gzipped(folder, firstOf(folder, 'dashboard.html')),
      budget: 120 * KB,
    },
    { what: 'the Worker', bytes: worker.gzipBytes, budget: 1024 * KB },
  ];
}

export function inWords({ what, bytes, budget }: Measured): string {
  const over = bytes > budget ? '  TOO BIG' : '';
  return `${what.padEnd(36)}${kilobytes(bytes).padStart(9)} of ${kilobytes(budget).padStart(9)}${over}`;
}

/** The scripts and styles that a page names itself, which is what a browser fetches before it shows anything. */
export function firstOf(folder: string, page: string): string[] {
  return namedIn(folder, page);
}

/** Those and all that they name in turn. */
export function allOf(folder: string, page: string): string[] {
  const found = new Set(firstOf(folder, page));
  for (const file of found) for (const next of namedIn(folder, file)) found.add(next);
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
