import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from './command.ts';
import { Halt } from './halt.ts';
import { QUIET_WRANGLER, WRANGLER } from './project.ts';

const BUNDLE_SECONDS = 60;

export interface Bundle {
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** Bundles the Worker exactly as a deployment would, without an account and without the internet. */
export async function bundleWorker(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bundle-'));
  try {
    const { ok, output } = await run(
      process.execPath,
      [WRANGLER, 'deploy', '--dry-run', '--outdir', folder],
      {
        timeoutSeconds: BUNDLE_SECONDS,
        env: { ...QUIET_WRANGLER, WRANGLER_LOG_PATH: join(folder, 'logs') },
      },
    );
    if (!ok) throw new Halt(`The Worker could not be bundled:\n${output}`);
    const code = await readFile(join(folder, 'worker.js'));
    return { bytes: code.byteLength, gzipBytes: gzipSync(code).byteLength };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
