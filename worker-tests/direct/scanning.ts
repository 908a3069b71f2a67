/** The Worker that asks a scanner, on workerd itself. */
import path from 'node:path';
import { ROOT } from '../../src/tools/project.ts';
import { startDirectly, type Workerd } from './workerd.ts';

export const secret = 'the-scanner-secret-of-the-direct-tests';

/** What scanFile makes of it, whose types are those of Workers. */
type Scanned = { verdict: string; why?: string; name?: string; engine?: string };

export class Scanning {
  readonly #workerd: Workerd;

  private constructor(workerd: Workerd) {
    this.#workerd = workerd;
  }

  /** `port`: where the scanner is; none: there is no scanner. */
  static async start(port?: number): Promise<Scanning> {
    const scanner =
      port === undefined ? undefined : { SCANNER_URL: `http://localhost:${port}`, SCANNER_SECRET: secret };
    const entry = path.join(ROOT, 'worker-tests/scanning/worker.ts');
    return new Scanning(await startDirectly(entry, scanner));
  }

  /** What the Worker makes of these bytes, or of what it is told are so many. */
  async scan(
    content: Uint8Array | ReadableStream,
    asked: { bytes?: number; patience?: number } = {},
  ): Promise<Scanned> {
    const url = new URL(this.#workerd.url);
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, String(value));
    const response = await fetch(url, { method: 'POST', body: content, duplex: 'half' });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as Scanned;
  }

  residentBytes(): number {
    return this.#workerd.residentBytes();
  }

  stop(): Promise<void> {
    return this.#workerd.stop();
  }
}
