/** A Worker on workerd itself, without the proxies that `wrangler dev` puts in front. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from 'miniflare';
import { ROOT } from '../project.ts';
import type { Options, Wish } from './options.ts';
import { runtimes } from './process.ts';

export type Database = Awaited<ReturnType<Miniflare['getD1Database']>>;
export type Bucket = Awaited<ReturnType<Miniflare['getR2Bucket']>>;
export interface Workerd {
  readonly url: URL;
  readonly pid: number;
  readonly database: () => Promise<Database>;
  /** @param binding its name in the Worker */
  readonly bucket: (binding: string) => Promise<Bucket>;
  /** Where the runtime's own inspector answers, if it was asked for. */
  readonly inspector: () => Promise<URL>;
  readonly stop: () => Promise<void>;
}

export type { Wish } from './options.ts';

/** `onLog` hears every line that it logs. */
export async function startWorkerd(wish: Wish & { onLog?: OnLog }): Promise<Workerd> {
  // Wrangler takes seconds to load: whoever has the options already goes without it.
  const { optionsFor } = await import('./options.ts');
  return runWorkerd(optionsFor(wish), wish.onLog);
}

type OnLog = (line: string) => void;

export async function runWorkerd(plain: Options, onLog: OnLog = () => undefined): Promise<Workerd> {
  const options = { handleStructuredLogs: faultsOnly, ...plain, log: new Heard(onLog) };
  const before = new Set(runtimes().map(({ pid }) => pid));
  const miniflare = new Miniflare(convertV4MiniflareOptions(options as unknown as V4MiniflareOptions));
  const url = await miniflare.unsafeGetDirectURL('sotto');
  const [runtime] = runtimes().filter(({ pid }) => !before.has(pid));
  if (runtime === undefined) throw new Error('the runtime did not start');
  return {
    url,
    pid: runtime.pid,
    database: () => miniflare.getD1Database('DB'),
    bucket: (binding) => miniflare.getR2Bucket(binding),
    inspector: async () => new URL('/core:user:sotto', await miniflare.getInspectorURL()),
    stop: () => miniflare.dispose(),
  };
}

/** Thousands of requests are thousands of lines of the Worker's own log that nobody wants to read. */
function faultsOnly({ message }: { message: string }): void {
  if (!message.startsWith('{"kind":"request"')) console.error(message);
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
