/** The product with meters on it, from outside. */
import { join } from 'node:path';
import { bundleInto } from '../bundle.ts';
import type { Meters } from './metered/meters.ts';

/** @returns where the code lies */
export function bundleMetered(folder: string): Promise<string> {
  return bundleInto(join(folder, 'metered'), undefined, join(import.meta.dirname, 'metered/worker.ts'));
}

/** What was counted since the last reading. */
export async function readMeters(url: URL): Promise<Meters> {
  return (await (await fetch(new URL('/meters', url))).json()) as Meters;
}
