import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { Halt } from './halt.ts';
import { ROOT } from './project.ts';

const VITE = join(ROOT, 'node_modules/vite/bin/vite.js');
const BUILD_SECONDS = 120;

/** Everything that the browser apps are made of. */
const SOURCES = [
  'src/browser',
  'src/protocol',
  'vite.config.ts',
  'vite.loader.config.ts',
  'package-lock.json',
];

/** Builds the browser apps, unless nothing that they are made of has changed since the last time. */
export async function buildBrowser(): Promise<void> {
  if (isFresh()) return;
  // The first empties the folder, the second adds to it.
  for (const args of [['build'], ['build', '--config', 'vite.loader.config.ts']]) {
    const { ok, output } = await run(process.execPath, [VITE, ...args, '--logLevel', 'warn'], {
      timeoutSeconds: BUILD_SECONDS,
      // Also under a test runner, whose own environment would make a build for developers.
      env: { NODE_ENV: 'production' },
    });
    if (!ok) throw new Halt(`The browser apps could not be built:\n${output}`);
  }
}

function isFresh(): boolean {
  const loader = join(ROOT, 'dist/browser/loader.js');
  // The loader is written last, so a build that was interrupted has none or an old one.
  return existsSync(loader) && newest(SOURCES.map((path) => join(ROOT, path))) < statSync(loader).mtimeMs;
}

/** When one of these files, or the set of files in one of these folders, last changed. */
export function newest(paths: readonly string[]): number {
  return Math.max(
    0,
    ...paths.filter(existsSync).map((path) => {
      const { mtimeMs } = statSync(path);
      if (!statSync(path).isDirectory()) return mtimeMs;
      // A folder's own time tells of a file that was removed.
      return Math.max(mtimeMs, newest(readdirSync(path).map((name) => join(path, name))));
    }),
  );
}
