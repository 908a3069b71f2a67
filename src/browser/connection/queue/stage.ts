/** A browser's storage and locks for tests: what its tabs share, and each tab's own hold on it. */
import type { Cancel, Locks } from '../surroundings.ts';
import type { Row, Store } from './store.ts';

export class FakeBrowser {
  readonly rows = new Map<string, Row>();
  /** Locks that are held, and who stands in line for each. */
  readonly locks = new Map<string, (() => void)[]>();
  readonly channels = new Map<string, Set<(data: unknown) => void>>();
  /** Storage and locks can be denied to a frame on another site. */
  denies = false;
  #lines = new Map<string, Promise<unknown>>();

  /** Everything that lies in the store, in the clear. */
  readable(): string {
    return [...this.rows.values()]
      .map(({ box, ...row }) => JSON.stringify(row) + new TextDecoder('latin1').decode(box))
      .join('\n');
  }

  async inLine<Value>(name: string, task: () => Promise<Value>): Promise<Value> {
    const before = this.#lines.get(name);
    const turn = (before ?? Promise.resolve()).then(task, task);
    this.#lines.set(name, turn);
    return turn;
  }
}

export class FakeTab implements Store {
  readonly locks: Locks;
  #browser: FakeBrowser;
  #held = new Set<string>();

  constructor(browser: FakeBrowser) {
    this.#browser = browser;
    this.locks = {
      alone: (name, task) => browser.inLine(name, task),
      hold: (name) => this.#hold(name),
      held: async () => new Set((await this.#allowed()).locks.keys()),
    };
  }

  /** As when a tab is closed, reloaded or killed: its locks are free, and that is all that anybody hears. */
  vanish(): void {
    for (const name of this.#held) this.#free(name);
  }

  async all(person: string): Promise<Row[]> {
    return [...(await this.#allowed()).rows.values()].filter((row) => row.person === person);
  }

  async put(row: Row): Promise<void> {
    (await this.#allowed()).rows.set(`${row.person} ${row.id}`, structuredClone(row));
  }

  async delete(person: string, id: string): Promise<void> {
    (await this.#allowed()).rows.delete(`${person} ${id}`);
  }

  async clear(person: string): Promise<void> {
    const { rows } = await this.#allowed();
    for (const [name, row] of rows) if (row.person === person) rows.delete(name);
  }

  async #hold(name: string): Promise<Cancel> {
    const { locks } = await this.#allowed();
    const line = locks.get(name);
    if (line === undefined) locks.set(name, []);
    else await new Promise<void>((turn) => line.push(turn));
    this.#held.add(name);
    return () => this.#free(name);
  }

  #free(name: string): void {
    this.#held.delete(name);
    const next = this.#browser.locks.get(name)?.shift();
    if (next === undefined) this.#browser.locks.delete(name);
    else next();
  }

  #allowed(): Promise<FakeBrowser> {
    return this.#browser.denies ? Promise.reject(new Error('denied')) : Promise.resolve(this.#browser);
  }
}
