/**
 * `npm run ledger:verify -- <file>`: whether an exported ledger is whole. `npm run ledger:prove -- <file>`: proofs of
 * one entry, or of what was there before. Both need nothing but the file.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { consistencyProof, type Finding, type Hash, inclusionProof } from '../vault.ts';
import { Halt, orHalt } from './halt.ts';
import { readLedger, type Read } from './ledger/file.ts';

const USAGE = `npm run ledger:verify -- <file> [--checkpoint <note file>]... [--key <name+id+key>]...
npm run ledger:prove -- <file> --entry <number> | --since <size>
  --checkpoint  a signed head that was kept elsewhere
  --key         a key that was given another time, in place of those that the file names
  --entry       that this entry is in it (RFC 6962, 2.1.1), as JSON
  --since       that it still begins with its first <size> entries (RFC 6962, 2.1.2), as JSON`;

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

await orHalt(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      checkpoint: { type: 'string', multiple: true, default: [] },
      key: { type: 'string', multiple: true, default: [] },
      entry: { type: 'string' },
      since: { type: 'string' },
    },
  });
  const [command, path] = positionals;
  if (path === undefined || positionals.length !== 2) throw new Halt(USAGE);
  const brought = { notes: values.checkpoint.map((file) => readFileSync(file, 'utf8')), keys: values.key };
  const { entry, since } = values;
  if (command === 'verify') {
    verify(await readLedger(path, brought));
    return;
  }
  const number = Number(entry ?? since);
  if (command !== 'prove' || (entry === undefined) === (since === undefined) || !Number.isSafeInteger(number))
    throw new Halt(USAGE);
  prove(await readLedger(path, brought, number), entry === undefined ? 'since' : 'entry', number);
});

function verify({ verification, heads, unsigned }: Read): void {
  if (heads.length === 0) throw new Halt('No signed head speaks for this ledger: nothing is proved.');
  const { entries, proved, root, findings } = verification.verdict(heads);
  console.log(`${entries} entries, root ${base64(root)}`);
  console.log(`${heads.length} signed heads; the first ${proved} entries are as they were signed.`);
  if (unsigned > 0) console.log(`${unsigned} more are signed by none of the keys, and passed over.`);
  for (const { what, seq, until } of findings)
    console.log(
      words[what](until === undefined ? `at entry ${seq}` : `somewhere from entry ${seq} to ${until - 1}`),
    );
  if (findings.length > 0) throw new Halt('This ledger is not whole.');
  console.log('This ledger is whole.');
}

function prove({ verification, heads, leafOf }: Read, what: 'entry' | 'since', number: number): void {
  const head = heads.toSorted((one, other) => one.size - other.size).at(-1);
  if (head === undefined) throw new Halt('No signed head speaks for this ledger: nothing can be proved.');
  const hashes = verification.hashes();
  try {
    const proof =
      what === 'entry'
        ? inclusionProof(hashes, number, head.size)
        : consistencyProof(hashes, number, head.size);
    const about = what === 'entry' ? { entry: number, leaf: leafOf(number) } : { since: number };
    const { size, root } = head;
    console.log(JSON.stringify({ ...about, size, root: base64(root), proof: proof.map(base64) }, null, 2));
  } catch (error) {
    if (error instanceof RangeError) throw new Halt(`${error.message}: nothing can be proved of that.`);
    throw error;
  }
}

function base64(hash: Hash): string {
  return Buffer.from(hash).toString('base64');
}
