/** The real Worker on workerd itself, without the proxies that `wrangler dev` and Miniflare put in front. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { convertV4MiniflareOptions, Miniflare, type V4MiniflareOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';

export type Workerd = { url: URL; database: D1Like; residentBytes(): number; stop(): Promise<void> };
type D1Like = Awaited<ReturnType<Miniflare['getD1Database']>>;

export const origin = 'https://sotto.test';

export async function startWorkerd(): Promise<Workerd> {
  const bundle = mkdtempSync(path.join(tmpdir(), 'sotto-direct-'));
  const wrangler = path.resolve('node_modules/wrangler/wrangler-dist/cli.js');
  execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', bundle], { stdio: 'ignore' });
  const { workerOptions } = unstable_getMiniflareWorkerOptions('wrangler.toml');
  const { compatibilityDate, compatibilityFlags, d1Databases, r2Buckets, durableObjects, ratelimits, email } =
    workerOptions;
  const options = {
    cf: false,
    workers: [
      {
        name: 'sotto',
        compatibilityDate,
        compatibilityFlags,
        d1Databases,
        r2Buckets,
        durableObjects,
        ratelimits,
        email,
        modulesRoot: bundle,
        modules: [{ type: 'ESModule', path: path.join(bundle, 'worker.js') }],
        bindings: {
          ORIGIN: origin,
          MAIL_FROM: 'sotto@sotto.test',
          KEYRING: `1:${Buffer.from(Array.from({ length: 32 }, (_, n) => n)).toString('base64url')}`,
          SETUP_TOKEN: 'the-setup-token-of-the-direct-tests',
        },
        unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      },
    ],
  };
  const before = new Set(runtimes().map(({ pid }) => pid));
  const miniflare = new Miniflare(convertV4MiniflareOptions(options as V4MiniflareOptions));
  const url = await miniflare.unsafeGetDirectURL('sotto');
  const database = await miniflare.getD1Database('DB');
  for (const name of readdirSync('migrations').sort())
    await migrate(database, readFileSync(path.join('migrations', name), 'utf8'));
  return {
    url,
    database,
    residentBytes: () => {
      const [runtime] = runtimes().filter(({ pid }) => !before.has(pid));
      if (runtime === undefined) throw new Error('the runtime is gone');
      return runtime.residentBytes;
    },
    stop: async () => {
      await miniflare.dispose();
      rmSync(bundle, { recursive: true });
    },
  };
}

async function migrate(database: D1Like, sql: string): Promise<void> {
  const statements = sql.replaceAll(/^--.*$/gm, '').split(/;\s*$/m);
  await database.batch(statements.filter((text) => text.trim() !== '').map((text) => database.prepare(text)));
}

type Process = { pid: number; residentBytes: number };

/** The runtimes that this process started and that still run. */
function runtimes(): Process[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm='], { encoding: 'utf8' });
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  const own = rows.filter(
    ([, parent, , name]) => Number(parent) === process.pid && name?.endsWith('workerd'),
  );
  return own.map(([pid, , kibibytes]) => ({ pid: Number(pid), residentBytes: Number(kibibytes) * 1024 }));
}
