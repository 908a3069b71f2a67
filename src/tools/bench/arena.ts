/** Everyone who is measured, started once; and the book that every figure goes into. */
import { join } from 'node:path';
import { bundleInto } from '../bundle.ts';
import { type Company, startCompany } from '../engine/company.ts';
import type { Workerd } from '../engine/workerd.ts';
import { type Contestant, reference, sotto, startReference, startSocketIo } from './contestants.ts';
import type { Measured } from './figures.ts';

const AGENTS = 50;

export interface Arena {
  readonly company: Company;
  readonly references: Workerd;
  readonly bare: Contestant;
  readonly coalesced: Contestant;
  readonly naive: Contestant;
  readonly party: Contestant;
  readonly socketIo: Contestant;
  readonly sotto: Contestant;
  /** The bundled Workers. */
  readonly code: { readonly sotto: string; readonly reference: string };
  /** Where things may be left until the end. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** @param folder on a memory file system, so that the disk's mood is no figure */
export async function openArena(folder: string): Promise<Arena> {
  const code = {
    sotto: await bundleInto(join(folder, 'sotto')),
    reference: await bundleInto(
      join(folder, 'reference'),
      join(import.meta.dirname, 'reference/wrangler.toml'),
    ),
  };
  const company = await startCompany(folder, AGENTS, { code: code.sotto });
  const references = await startReference(code.reference);
  const socketIo = await startSocketIo();
  return {
    company,
    references,
    bare: reference('Bare', references),
    coalesced: reference('Coalesced', references),
    naive: reference('Naive', references),
    party: reference('Party', references),
    socketIo,
    sotto: sotto(company),
    code,
    folder,
    stop: async () => {
      socketIo.stop();
      await references.stop();
      await company.stop();
    },
  };
}

/** What one scenario notes: a figure of a contestant, once a round. */
export type Note = (contestant: string, figure: string, unit: string, value: number) => void;

export class Book {
  readonly #measured = new Map<string, Measured & { rounds: number[] }>();

  noting(scenario: string): Note {
    return (contestant, figure, unit, value) => {
      const key = `${scenario} ${figure} ${contestant}`;
      const known = this.#measured.get(key) ?? { scenario, contestant, figure, unit, rounds: [] };
      known.rounds.push(value);
      this.#measured.set(key, known);
    };
  }

  get measured(): readonly Measured[] {
    return [...this.#measured.values()];
  }
}
