import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from './command.ts';
import { Halt } from './halt.ts';
import { QUIET_WRANGLER, ROOT, WRANGLER } from './project.ts';

const BUNDLE_SECONDS = 60;

export interface Bundle {
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** What the Worker weighs, with the lessons that it brings along as text. */
export async function bundleWorker(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bundle-'));
  try {
    const all = [await bundleInto(folder), ...textsBeside(folder)];
    const code = Buffer.concat(await Promise.all(all.map((file) => readFile(file))));
    return { bytes: code.byteLength, gzipBytes: gzipSync(code).byteLength };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a bundle brings along as text: Wrangler names each of these by its digest. */
export function textsBeside(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^[0-9a-f]{40}-/.test(name));
  return names.map((name) => join(folder, name));
}

/**
 * Bundles a Worker exactly as a deployment would, without an account and without the internet.
 * @param entry a file named `worker.ts` that is bundled in place of the one that the configuration names
 * @returns where the code lies
 */
export async function bundleInto(
  folder: string,
  config = join(ROOT, 'wrangler.toml'),
  entry?: string,
): Promise<string> {
  const { ok, output } = await run(
    process.execPath,
    [
      WRANGLER,
      'deploy',
      ...(entry === undefined ? [] : [entry]),
      ...['--dry-run', '--config', config, '--outdir', folder],
    ],
    {
      timeoutSeconds: BUNDLE_SECONDS,
      env: { ...QUIET_WRANGLER, WRANGLER_LOG_PATH: join(folder, 'logs') },
    },
  );
  if (!ok) throw new Halt(`The Worker could not be bundled:\n${output}`);
  return join(folder, 'worker.js');
}
