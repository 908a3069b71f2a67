/** What a file proves, in the words of the command and of the dashboard. */
import { LedgerFileError, type Read } from './file.ts';
import { leafBytes } from './leaf.ts';
import {
  consistencyProof,
  type Hash,
  inclusionProof,
  leafHash,
  provesConsistency,
  provesInclusion,
  rootOf,
} from './merkle.ts';
import { type Checkpoint, toBase64 } from './note.ts';
import type { Finding } from './verify.ts';

const words: Record<Finding['what'], (where: string) => string> = {
  unreadable: (where) => `What stands ${where} is no entry.`,
  misplaced: (where) => `The numbers do not follow one another ${where}.`,
  doubled: (where) => `What stands ${where} stands there twice.`,
  broken: (where) => `What stands ${where} is not what was signed.`,
  short: (where) => `Entries are missing ${where}.`,
  forked: (where) => `There are two signed heads ${where} that differ: there are two histories.`,
  tiles: (where) => `The entries are sound, and the tiles beside them are not, ${where}.`,
  unproved: (where) => `No signed head speaks for what stands ${where}, nor for what follows.`,
};

/** `counted`: what there is. `found`: what is wrong with it. */
export type Report = { isWhole: boolean; verdict: string; counted: string[]; found: string[] };

/** Once for what was read. */
export function report({ verification, heads, unsigned }: Read): Report {
  const { entries, proved, root, findings } = verification.verdict(heads);
  const passedOver = `${unsigned} more are signed by none of the keys, and passed over.`;
  const isProved = heads.length > 0;
  const isWhole = isProved && findings.length === 0;
  return {
    isWhole,
    verdict: isWhole
      ? 'This ledger is whole.'
      : isProved
        ? 'This ledger is not whole.'
        : 'No signed head speaks for this ledger: nothing is proved.',
    counted: [
      `${entries} entries, root ${toBase64(root)}`,
      `${heads.length} signed ${heads.length === 1 ? 'head' : 'heads'}; the first ${proved} entries are as they were signed.`,
      ...(unsigned > 0 ? [passedOver] : []),
    ],
    found: findings.map(({ what, seq, until }) =>
      words[what](until === undefined ? `at entry ${seq}` : `somewhere from entry ${seq} to ${until - 1}`),
    ),
  };
}

/**
 * That this entry is in it (RFC 6962, 2.1.1), for any verifier.
 *
 * @param leaf as the file has it
 * @throws {LedgerFileError} it can't be proved
 */
export function proofOfEntry(read: Read, entry: number, leaf: string | undefined): string {
  return proved(read, ({ size, root }) => {
    const proof = inclusionProof(read.verification.hashes(), entry, size);
    const isIn = leaf !== undefined && provesInclusion(leafHash(leafBytes(leaf)), entry, size, proof, root);
    return { about: { entry, leaf }, proof: isIn ? proof : undefined };
  });
}

/**
 * That it still begins with its first `since` entries (RFC 6962, 2.1.2), for any verifier.
 *
 * @throws {LedgerFileError} it can't be proved
 */
export function proofSince(read: Read, since: number): string {
  return proved(read, (head) => {
    const hashes = read.verification.hashes();
    const proof = consistencyProof(hashes, since, head.size);
    const isBegun = provesConsistency({ size: since, root: rootOf(hashes, since) }, head, proof);
    return { about: { since }, proof: isBegun ? proof : undefined };
  });
}

/** A proof of what is not so would prove nothing, and is not given. */
function proved(
  { heads }: Read,
  prove: (head: Checkpoint) => { about: object; proof: Hash[] | undefined },
): string {
  const head = heads.toSorted((one, other) => one.size - other.size).at(-1);
  if (head === undefined)
    throw new LedgerFileError('No signed head speaks for this ledger: nothing can be proved.');
  try {
    const { about, proof } = prove(head);
    if (proof === undefined) throw new RangeError('the entries do not lead to the last signed head');
    const { size, root } = head;
    return JSON.stringify({ ...about, size, root: toBase64(root), proof: proof.map(toBase64) }, null, 2);
  } catch (error) {
    if (error instanceof RangeError)
      throw new LedgerFileError(`${error.message}: nothing can be proved of that.`);
    throw error;
  }
}
