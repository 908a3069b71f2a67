/** The real Worker on workerd itself, without the proxies that `wrangler dev` puts in front. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleInto } from '../../src/tools/bundle.ts';
import { runtimes } from '../../src/tools/engine/process.ts';
import { type Database, migrate, startWorkerd } from '../../src/tools/engine/workerd.ts';

export type Workerd = { url: URL; database: Database; residentBytes(): number; stop(): Promise<void> };

export const origin = 'https://sotto.test';

/** `entry`: a file named `worker.ts` in the product's place. */
export async function startDirectly(
  entry?: string,
  bindings: Readonly<Record<string, string>> = {},
): Promise<Workerd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sotto-direct-'));
  const { url, pid, database, stop } = await startWorkerd({
    code: await bundleInto(folder, undefined, entry),
    bindings: {
      ORIGIN: origin,
      KEYRING: `1:${Buffer.from(Array.from({ length: 32 }, (_, n) => n)).toString('base64url')}`,
      SETUP_TOKEN: 'the-setup-token-of-the-direct-tests',
      ...bindings,
    },
  });
  const migrated = await database();
  await migrate(migrated);
  return {
    url,
    database: migrated,
    residentBytes: () => {
      const runtime = runtimes().find((each) => each.pid === pid);
      if (runtime === undefined) throw new Error('the runtime is gone');
      return runtime.residentBytes;
    },
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}
