/** Whether what was told is what was kept. */

/** How much was told and is not there, is there more than once, or was told by nobody. */
export interface Differences {
  readonly lost: number;
  readonly doubled: number;
  readonly strange: number;
}

export function differences(told: readonly string[], kept: readonly string[]): Differences {
  const [wanted, there] = [new Set(told), new Set(kept)];
  return {
    lost: wanted.difference(there).size,
    doubled: kept.length - there.size,
    strange: there.difference(wanted).size,
  };
}
