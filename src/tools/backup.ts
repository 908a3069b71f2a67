/** `npm run backup` and `npm run backup:verify`: what a downloaded folder of backups proves, holds, and opens to. */
import { parseArgs } from 'node:util';
import { verifyBackups, Wrong } from '../protocol/backup-proof.ts';
import { grouped } from '../protocol/pgp.ts';
import { shelfIn } from './backup/folder.ts';
import { openInto } from './backup/opening.ts';
import { Backups, keyringFrom } from './backup/reading.ts';
import { Halt, orHalt } from './halt.ts';

const USAGE = `npm run backup:verify -- <folder> [--key <name+id+key>]... [--newest <hash>]
npm run backup -- list <folder>
npm run backup -- open <folder> --keys <folder> --to <folder> --conversation <id> | --visitor <id> [--number <number>]
  <folder>        all of the bucket sotto-backups, as it lies there
  --key           a key that was given another time, in place of those that the backups name
  --newest        the SHA-256 of the newest manifest, as the ledger has it: without it nobody can say whether newer ones
                  were left out
  --keys          all of the bucket sotto-keys, as it lies there
  --to            a folder that what is opened is written into, readable by everybody who can read that
  --number        the backup to look in; else the newest
list and open take KEYRING from the environment.`;

await orHalt(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: 'string', multiple: true, default: [] },
      newest: { type: 'string' },
      keys: { type: 'string' },
      to: { type: 'string' },
      conversation: { type: 'string' },
      visitor: { type: 'string' },
      number: { type: 'string' },
    },
  });
  const [command, folder] = positionals;
  if (folder === undefined || positionals.length !== 2) throw new Halt(USAGE);
  try {
    if (command === 'verify') await verify(folder, values.key, values.newest);
    else if (command === 'list') await list(folder);
    else if (command === 'open') await open(folder, values);
    else throw new Halt(USAGE);
  } catch (error) {
    if (error instanceof Wrong) throw new Halt(`Not whole: ${error.where} ${error.message}.`);
    throw error;
  }
});

async function verify(folder: string, keys: string[], newest: string | undefined): Promise<void> {
  const { backups, wrong } = await verifyBackups(shelfIn(folder), { keys, newest });
  for (const { number, at, full, parts, bytes, hash, openpgp } of backups) {
    const how = full ? 'full' : 'builds upon the one before it';
    const layer = openpgp === undefined ? '' : `, sealed to the OpenPGP key ${grouped(openpgp)}`;
    console.log(
      `Backup ${number} of ${new Date(at).toISOString()}: ${how}, ${parts} parts, ${bytes} bytes${layer}, manifest ${hash}`,
    );
  }
  if (wrong !== null) throw new Halt(`Not whole: ${wrong.where} ${wrong.what}.`);
  console.log(`Whole. Signed by ${[...new Set(backups.map(({ key }) => key))].join(', ')}`);
  if (newest === undefined)
    console.log('Whether newer ones were left out, --newest says with the hash that the ledger has.');
}

/** What lies in each: of the tables all rows, of the rest what is new in it. */
async function list(folder: string): Promise<void> {
  const backups = new Backups(folder, await keyringFrom(process.env));
  for (const head of await backups.heads()) {
    const tables = new Map<string, number>();
    const conversations = new Set<string>();
    let messages = 0;
    for await (const line of backups.lines(head)) {
      if ('table' in line) tables.set(line.table, (tables.get(line.table) ?? 0) + 1);
      if ('conversation' in line) conversations.add(line.conversation);
      if ('message' in line) messages++;
    }
    const kind = head.full ? 'full' : `builds upon backup ${head.previous?.number ?? 0}`;
    console.log(`Backup ${head.number} of ${new Date(head.at).toISOString()}: ${kind}`);
    console.log(
      `  new: ${conversations.size} conversations with ${messages} messages, ${tables.get('ledger') ?? 0} entries of the ledger`,
    );
    tables.delete('ledger');
    console.log(`  ${[...tables].map(([name, count]) => `${name} ${count}`).join(', ')}`);
  }
}

async function open(
  folder: string,
  {
    keys,
    to,
    conversation,
    visitor,
    number,
  }: Partial<Record<'keys' | 'to' | 'conversation' | 'visitor' | 'number', string>>,
): Promise<void> {
  const id = conversation ?? visitor;
  if (
    keys === undefined ||
    to === undefined ||
    id === undefined ||
    (conversation !== undefined && visitor !== undefined)
  )
    throw new Halt(USAGE);
  if (number !== undefined && !/^[1-9]\d*$/.test(number)) throw new Halt(USAGE);
  const keyring = await keyringFrom(process.env);
  const backups = new Backups(folder, keyring);
  const newest = (await backups.heads()).at(-1)?.number ?? 0;
  const wanted = conversation === undefined ? { visitor: id } : { conversation: id };
  const count = await openInto(to, { backups, folder, keys, keyring }, Number(number ?? newest), wanted);
  console.log(`Opened ${count.conversations} conversations with ${count.files} files into ${to}.`);
}
