/** A Worker on workerd itself, without the proxies that `wrangler dev` puts in front. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';
import { ROOT } from '../project.ts';
import { runtimes } from './process.ts';

export type Database = Awaited<ReturnType<Miniflare['getD1Database']>>;
export interface Workerd {
  readonly url: URL;
  readonly pid: number;
  readonly database: () => Promise<Database>;
  readonly stop: () => Promise<void>;
}

export interface Wish {
  /** The bundled code, and the configuration that it was bundled with. */
  readonly code: string;
  readonly config?: string;
  /** Variables and secrets, over those of the configuration. */
  readonly bindings?: Readonly<Record<string, string>>;
  /** How often the rate limits at the door let one key pass in their period, over the configuration's. */
  readonly doorLimit?: number;
  /** Where its storage lies; else in a folder that goes with it. */
  readonly state?: string;
  /** Hears every line that it logs. */
  readonly onLog?: (line: string) => void;
}

export async function startWorkerd(wish: Wish): Promise<Workerd> {
  // Wrangler names a type here that its package does not bring along.
  const config = unstable_readConfig({
    config: wish.config ?? join(ROOT, 'wrangler.toml'),
  }) as unknown as object;
  // Secrets are given below; they are not to be looked for in this folder's environment.
  const { workerOptions } = unstable_getMiniflareWorkerOptions({ ...config, secrets: undefined } as never);
  const { compatibilityDate, compatibilityFlags, d1Databases, r2Buckets, durableObjects, email } =
    workerOptions;
  const { bindings, ratelimits } = workerOptions as {
    bindings?: Record<string, unknown>;
    ratelimits?: Limits;
  };
  const options = {
    cf: false,
    log: new Heard(wish.onLog ?? (() => undefined)),
    ...(wish.state === undefined
      ? {}
      : { resourcePersistencePath: wish.state, isolatedResourcePersistencePath: wish.state }),
    workers: [
      {
        name: 'sotto',
        ...{ compatibilityDate, compatibilityFlags, d1Databases, r2Buckets, durableObjects, email },
        ratelimits: widened(ratelimits, wish.doorLimit),
        bindings: { ...bindings, ...wish.bindings },
        modulesRoot: join(wish.code, '..'),
        modules: [{ type: 'ESModule', path: wish.code }],
        unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      },
    ],
  };
  const before = new Set(runtimes().map(({ pid }) => pid));
  const miniflare = new Miniflare(convertV4MiniflareOptions(options as unknown as V4MiniflareOptions));
  const url = await miniflare.unsafeGetDirectURL('sotto');
  const [runtime] = runtimes().filter(({ pid }) => !before.has(pid));
  if (runtime === undefined) throw new Error('the runtime did not start');
  return {
    url,
    pid: runtime.pid,
    database: () => miniflare.getD1Database('DB'),
    stop: () => miniflare.dispose(),
  };
}

/** What a deployment does before its first request. */
export async function migrate(database: Database): Promise<void> {
  const folder = join(ROOT, 'migrations');
  for (const name of readdirSync(folder).toSorted()) {
    const sql = readFileSync(join(folder, name), 'utf8').replaceAll(/^--.*$/gm, '');
    const statements = sql.split(/;\s*$/m).filter((text) => text.trim() !== '');
    await database.batch(statements.map((text) => database.prepare(text)));
  }
}

type Limits = Record<string, { simple: { limit: number } }>;

function widened(limits: Limits | undefined, limit: number | undefined): Limits | undefined {
  if (limits === undefined || limit === undefined) return limits;
  const wide = Object.entries(limits).map(
    ([name, each]) => [name, { ...each, simple: { ...each.simple, limit } }] as const,
  );
  return Object.fromEntries(wide);
}

/** Miniflare says on its log what the real platform would do, such as sending a mail. */
class Heard extends Log {
  readonly #hear: (line: string) => void;

  constructor(hear: (line: string) => void) {
    super(LogLevel.INFO);
    this.#hear = hear;
  }

  override logWithLevel(_level: LogLevel, message: string): void {
    for (const line of message.split('\n')) this.#hear(line);
  }
}
