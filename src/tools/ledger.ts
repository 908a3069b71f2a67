/**
 * `npm run ledger:verify -- <file>`: whether an exported ledger is whole. `npm run ledger:prove -- <file>`: proofs of
 * one entry, or of what was there before. Both need nothing but the file.
 */
import { createReadStream, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  type Brought,
  leafIn,
  LedgerFileError,
  proofOfEntry,
  proofSince,
  readLedger,
  report,
} from '../protocol/ledger-proof.ts';
import { Halt, orHalt } from './halt.ts';

const USAGE = `npm run ledger:verify -- <file> [--checkpoint <note file>]... [--key <name+id+key>]...
npm run ledger:prove -- <file> --entry <number> | --since <size>
  --checkpoint  a signed head that was kept elsewhere
  --key         a key that was given another time, in place of those that the file names
  --entry       that this entry is in it (RFC 6962, 2.1.1), as JSON
  --since       that it still begins with its first <size> entries (RFC 6962, 2.1.2), as JSON`;

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
  const number = Number(entry ?? since);
  const isProof = (entry === undefined) !== (since === undefined) && Number.isSafeInteger(number);
  if (command !== 'verify' && !(command === 'prove' && isProof)) throw new Halt(USAGE);
  try {
    if (command === 'verify') await verify(path, brought);
    else console.log(await proved(path, brought, entry === undefined ? 'since' : 'entry', number));
  } catch (error) {
    if (error instanceof LedgerFileError) throw new Halt(error.message);
    throw error;
  }
});

async function verify(path: string, brought: Brought): Promise<void> {
  const { isWhole, verdict, counted, found } = report(await readLedger(createReadStream(path), brought));
  console.log([...counted, ...found].join('\n'));
  if (!isWhole) throw new Halt(verdict);
  console.log(verdict);
}

async function proved(
  path: string,
  brought: Brought,
  what: 'entry' | 'since',
  number: number,
): Promise<string> {
  const read = await readLedger(createReadStream(path), brought);
  return what === 'since'
    ? proofSince(read, number)
    : proofOfEntry(read, number, await leafIn(createReadStream(path), number));
}
