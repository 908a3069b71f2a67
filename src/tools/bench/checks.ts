/** I: what is asked at every request: is this token good, and may they do this? */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { bundleInto } from '../bundle.ts';
import { unhurried } from '../engine/company.ts';
import { cpuMs } from '../engine/process.ts';
import { migrate, startWorkerd, type Workerd } from '../engine/workerd.ts';
import type { Arena, Note } from './arena.ts';

const TIMES = { permissions: 2_000_000, tokens: 5_000 };

/** @returns where the code of the product lies that has doors of its own for this */
export function bundleChecks(folder: string): Promise<string> {
  return bundleInto(join(folder, 'checks'), undefined, join(import.meta.dirname, 'checks/worker.ts'));
}

export class Checks {
  readonly #workerd: Workerd;

  private constructor(workerd: Workerd) {
    this.#workerd = workerd;
  }

  static async open({ folder }: Arena): Promise<Checks> {
    const own = mkdtempSync(join(folder, 'checks-'));
    const code = await bundleChecks(own);
    const workerd = await startWorkerd({ ...unhurried(), code, state: join(own, 'state') });
    await migrate(await workerd.database());
    return new Checks(workerd);
  }

  async round(note: Note): Promise<void> {
    for (const [what, times] of Object.entries(TIMES)) {
      const address = (often: number) => new URL(`/${what}?times=${often}`, this.#workerd.url);
      // What is compiled and fetched once is no check's.
      await (await fetch(address(times / 10))).text();
      const before = cpuMs(this.#workerd.pid);
      const done = Number(await (await fetch(address(times))).text());
      if (!(done > 0)) throw new Error(`no ${what} was good`);
      note('sotto', what, 'µs of CPU', ((cpuMs(this.#workerd.pid) - before) * 1000) / times);
    }
  }

  close(): Promise<void> {
    return this.#workerd.stop();
  }
}
