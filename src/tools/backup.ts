/** `npm run backup:verify -- <folder>`: whether downloaded backups are whole. It needs nothing but the folder. */
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { type Shelf, verifyBackups } from '../protocol/backup-proof.ts';
import { grouped } from '../protocol/pgp.ts';
import { Halt, orHalt } from './halt.ts';

const USAGE = `npm run backup:verify -- <folder> [--key <name+id+key>]... [--newest <hash>]
  <folder>  all of the bucket sotto-backups, as it lies there
  --key     a key that was given another time, in place of those that the backups name
  --newest  the SHA-256 of the newest manifest, as the ledger has it: without it nobody can say whether newer ones were
            left out`;

await orHalt(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string', multiple: true, default: [] }, newest: { type: 'string' } },
  });
  const [command, folder] = positionals;
  if (command !== 'verify' || folder === undefined || positionals.length !== 2) throw new Halt(USAGE);
  const { backups, wrong } = await verifyBackups(shelfIn(folder), {
    keys: values.key,
    newest: values.newest,
  });
  for (const { number, at, full, parts, bytes, hash, openpgp } of backups) {
    const how = full ? 'full' : 'builds upon the one before it';
    const layer = openpgp === undefined ? '' : `, sealed to the OpenPGP key ${grouped(openpgp)}`;
    console.log(
      `Backup ${number} of ${new Date(at).toISOString()}: ${how}, ${parts} parts, ${bytes} bytes${layer}, manifest ${hash}`,
    );
  }
  if (wrong !== null) throw new Halt(`Not whole: ${wrong.where} ${wrong.what}.`);
  console.log(`Whole. Signed by ${[...new Set(backups.map(({ key }) => key))].join(', ')}`);
  if (values.newest === undefined)
    console.log('Whether newer ones were left out, --newest says with the hash that the ledger has.');
});

function shelfIn(folder: string): Shelf {
  return {
    names: () => Promise.resolve(namesIn(folder)),
    read: (name) => readFile(join(folder, name)).catch(nothing),
    async digest(name) {
      const hash = createHash('sha256');
      let bytes = 0;
      try {
        for await (const piece of createReadStream(join(folder, name)) as AsyncIterable<Uint8Array>) {
          hash.update(piece);
          bytes += piece.length;
        }
      } catch (error) {
        nothing(error);
        return undefined;
      }
      return { bytes, sha256: hash.digest('base64') };
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch {
    throw new Halt(`There is no folder ${folder}.`);
  }
}

function nothing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
