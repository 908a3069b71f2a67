/**
 * `npm run receipt:verify -- <file>`: whether a receipt, or a report of security checks, was signed, and what it says. Needs
 * nothing but the file and a key.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readVerifierKey } from '../protocol/ledger-proof.ts';
import { readReport } from '../protocol/checks-report.ts';
import { readReceipt } from '../protocol/receipt.ts';
import { Halt, orHalt } from './halt.ts';

const USAGE = `npm run receipt:verify -- <file> --key <name+id+key>...
  --key  a key of the ledger, as it was given by somebody whom you believe, or as /ledger/keys says`;

await orHalt(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string', multiple: true, default: [] } },
  });
  const [path] = positionals;
  const keys = values.key.flatMap((key) => readVerifierKey(key) ?? []);
  if (path === undefined || positionals.length !== 1 || keys.length === 0 || keys.length < values.key.length)
    throw new Halt(USAGE);
  const file = readFileSync(path, 'utf8');
  const said = (await readReceipt(file, keys)) ?? (await readReport(file, keys));
  if (said === undefined)
    throw new Halt('This is no receipt and no report that one of these keys has signed.');
  for (const [name, value] of Object.entries(said)) console.log(`${name}: ${value}`);
  console.log('It was signed by the key of the ledger that you gave.');
});
