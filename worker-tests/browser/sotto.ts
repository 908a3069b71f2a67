/** A Sotto of the test's own, started as a newcomer starts it, killed as no newcomer should. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Demo, readDemo, writeDemo } from '../../src/tools/demo/record.ts';
import { homeOf, type Home } from '../../src/tools/start/home.ts';
import { databaseFile } from '../../src/tools/start/migrate.ts';

const ready = 'One-time codes';

export class Sotto {
  readonly home: Home;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;

  /** @param environment what else this one is told */
  constructor(port: number, environment: NodeJS.ProcessEnv = {}) {
    this.#environment = {
      ...process.env,
      ...environment,
      SOTTO_HOME: mkdtempSync(path.join(tmpdir(), 'sotto-browser-')),
      SOTTO_PORT: String(port),
      SOTTO_SHOP_PORT: String(port + 1),
    };
    this.home = homeOf(this.#environment);
    const seed = process.env['SOTTO_SEED'];
    if (seed !== undefined) this.#beginWith(seed);
  }

  /** Begins with all that another one has kept, whose shop stood at another port. */
  #beginWith(seed: string): void {
    const { folder, demo, shopOrigin } = this.home;
    cpSync(seed, folder, { recursive: true });
    writeDemo(demo, { ...this.demo, shopOrigin });
    using database = new DatabaseSync(databaseFile(this.home) ?? '');
    database.prepare('UPDATE sites SET origins = json_array(?)').run(shopOrigin);
  }

  get demo(): Demo {
    const demo = readDemo(this.home.demo);
    if (demo === undefined) throw new Error('there is no demo yet');
    return demo;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['src/tools/start.ts'], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (said += data.toString()));
    for (let waited = 0; !said.includes(ready); waited += 100) {
      if (child.exitCode !== null || waited > 90_000) throw new Error(`Sotto did not start:\n${said}`);
      await sleep(100);
    }
  }

  /** SIGKILL for the server and everything it started, without a word to anybody. */
  async kill(): Promise<void> {
    const { server } = JSON.parse(readFileSync(this.home.running, 'utf8')) as { server: number };
    const child = this.#child;
    process.kill(-server, 'SIGKILL');
    if (child?.exitCode === null) await once(child, 'exit');
  }

  /** The server is there and says nothing, like the other end of a line that was cut. `false` lets it go on. */
  freeze(frozen: boolean): void {
    const { server } = JSON.parse(readFileSync(this.home.running, 'utf8')) as { server: number };
    process.kill(-server, frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  /** All mails to this address as they came, the oldest first. */
  mails(to: string): string[] {
    const { mail } = this.home;
    const names = readdirSync(mail).filter((name) => name.includes(to));
    return names.toSorted().map((name) => readFileSync(path.join(mail, name), 'utf8'));
  }

  /** What is found in the newest mail to this address that has it. */
  async mailed(to: string, what: RegExp): Promise<string> {
    for (let waited = 0; waited < 10_000; waited += 100) {
      for (const mail of this.mails(to).toReversed()) {
        const found = what.exec(mail)?.[0];
        if (found !== undefined) return found;
      }
      await sleep(100);
    }
    throw new Error(`no such mail to ${to}`);
  }

  /** Ends the server as Ctrl-C does, and keeps what it has kept. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.home.folder, { recursive: true, force: true });
  }
}
