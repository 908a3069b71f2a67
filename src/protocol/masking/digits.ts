/** Digits as people write long numbers: in groups, with a space, a dash or a dot between them. */

export interface Group {
  from: number;
  to: number;
  digits: string;
}

/** Groups that may be one number, since at most three spaces, dashes or dots lie between each two. */
export function chainsIn(plain: string): Group[][] {
  const chains: Group[][] = [];
  let end = -1;
  for (const { index, 0: digits } of plain.matchAll(/\d+/g)) {
    const group = { from: index, to: index + digits.length, digits };
    const last = chains.at(-1);
    if (last !== undefined && index - end <= 3 && areGaps(plain, end, index)) last.push(group);
    else chains.push([group]);
    end = group.to;
  }
  return chains;
}

export function isGap(letter: string | undefined): boolean {
  return letter !== undefined && ' -.\t'.includes(letter);
}

function areGaps(plain: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isGap(plain[at])) return false;
  return true;
}

export interface Run {
  from: number;
  to: number;
  /** Where the group behind it stands in its chain. */
  behind: number;
  digits: string;
  sizes: readonly number[];
}

/** Every run of whole groups that begins with this one and has at least and at most so many digits. */
export function runsFrom(chain: readonly Group[], first: number, least: number, most: number): Run[] {
  const runs: Run[] = [];
  const sizes: number[] = [];
  let digits = '';
  for (let at = first; at < chain.length; at++) {
    const group = chain[at];
    if (group === undefined || digits.length + group.digits.length > most) break;
    digits += group.digits;
    sizes.push(group.digits.length);
    if (digits.length < least) continue;
    runs.push({ from: chain[first]?.from ?? 0, to: group.to, behind: at + 1, digits, sizes: [...sizes] });
  }
  return runs;
}
