/** An address as those see it who may not read it: whether there is one, and its first letter. */
export function veiledAddress(address: string): string {
  return `${[...address][0] ?? ''}•••@•••`;
}
