/**
 * The real Worker, with faults in it, in a process group of its own that can be killed at any moment and comes back
 * at the same address with the same storage.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { endGroup } from '../command.ts';
import { type Options, optionsFor, type Wish } from '../engine/options.ts';
import { ROOT } from '../project.ts';
import type { FaultAnswer, FaultOrder } from './worker/faults.ts';
import type { Order, Word } from './serve.ts';

const PROGRAM = join(ROOT, 'src/tools/chaos/serve.ts');
const START_SECONDS = 60;

export class Server {
  readonly url: URL;
  /** How often it was killed. What a socket heard was said in the life in which it was opened. */
  life = 0;
  readonly state: string;
  readonly #folder: string;
  readonly #wish: Wish;
  #options: Options;
  readonly #onLog: (line: string) => void;
  #running: ChildProcess | undefined;
  /** Loaded already, and waiting for its order, so that a restart takes no longer than it must. */
  #spare: ChildProcess;
  #isNew = true;

  private constructor(
    folder: string,
    port: number,
    wish: Pick<Wish, 'code' | 'bindings' | 'doorLimit'>,
    onLog: (line: string) => void,
  ) {
    this.#folder = folder;
    this.state = join(folder, 'state');
    this.url = new URL(`http://127.0.0.1:${port}`);
    this.#wish = { ...wish, state: this.state, port };
    this.#options = optionsFor(this.#wish);
    this.#onLog = onLog;
    mkdirSync(join(folder, 'tmp'), { recursive: true });
    this.#spare = this.#load();
  }

  /** @param folder where its storage, its log and its temporary files lie */
  static async create(
    folder: string,
    wish: Pick<Wish, 'code' | 'bindings' | 'doorLimit'>,
    onLog: (line: string) => void,
  ): Promise<Server> {
    return new Server(folder, await freePort(), wish, onLog);
  }

  get isUp(): boolean {
    return this.#running !== undefined;
  }

  /** From its next start on its clock is so far off, in milliseconds. */
  setClock(off: number): void {
    const bindings = { ...this.#wish.bindings, CLOCK: String(off) };
    this.#options = optionsFor({ ...this.#wish, bindings });
  }

  /** At its next start it finds nothing but what somebody has put there. */
  beginAnew(): void {
    this.#isNew = true;
  }

  /** @throws when it does not answer in time */
  async start(): Promise<void> {
    const child = this.#spare;
    const answered = new Promise<void>((up, failed) => {
      const tooLate = setTimeout(
        () => failed(new Error('the server did not start in time')),
        START_SECONDS * 1000,
      );
      child.on('message', (word: Word) => {
        if ('line' in word) this.#onLog(word.line);
        else up();
        if ('url' in word) clearTimeout(tooLate);
      });
      child.once('exit', () => {
        clearTimeout(tooLate);
        failed(new Error('the server ended while it started'));
      });
    });
    child.send({ options: this.#options, isNew: this.#isNew } satisfies Order);
    await answered;
    this.#isNew = false;
    this.#running = child;
    this.#spare = this.#load();
  }

  /** Kills it with all that it started, in whatever it is doing. */
  async kill(): Promise<void> {
    const child = this.#running;
    if (child === undefined) return;
    this.#running = undefined;
    this.life += 1;
    await ended(child);
  }

  /** Ends everything for good. */
  end(): void {
    for (const { pid } of [this.#spare, ...(this.#running === undefined ? [] : [this.#running])])
      if (pid !== undefined) endGroup(pid, 'SIGKILL');
  }

  /** Orders a fault. Undefined: it was killed before it could answer. */
  async order(order: FaultOrder): Promise<FaultAnswer | undefined> {
    try {
      const body = JSON.stringify(order);
      const response = await fetch(new URL('/chaos', this.url), { method: 'POST', body });
      return response.ok ? ((await response.json()) as FaultAnswer) : undefined;
    } catch {
      return undefined;
    }
  }

  #load(): ChildProcess {
    const log = openSync(join(this.#folder, 'server.log'), 'a');
    try {
      return spawn(process.execPath, [PROGRAM], {
        env: { ...process.env, TMPDIR: join(this.#folder, 'tmp') },
        stdio: ['ignore', log, log, 'ipc'],
        detached: true,
      });
    } finally {
      closeSync(log);
    }
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  endGroup(child.pid, 'SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}
