/**
 * Another root for KEYRING. Only whoever keeps a copy of that secret can add to it, for Cloudflare gives it back to nobody:
 * so the copy is a file, and what is new stands there before anything else knows it. Ended anywhere, it goes on where it was
 * when it is run again.
 */
import { Keyring, newRoot, opensServiceKey, type ServiceKeyRow, VaultError } from '../../vault.ts';
import { Halt } from '../halt.ts';

/** A copy of the secret, which is written whole or not at all. */
export interface KeyringFile {
  readonly name: string;
  read(): string;
  /** @param aside keeps what stood there before beside it, under the name that it gives back */
  write(keyring: string, aside?: string): string;
}

export interface Deployment {
  /** The rows that an order to the database gives. */
  ask(order: string): Promise<Readonly<Record<string, unknown>>[]>;
  /** Makes this its KEYRING. */
  give(keyring: string): Promise<void>;
  /** Waits a little for the Worker, and may set it going. */
  pause(): Promise<void>;
  say(line: string): void;
}

const keys = 'SELECT id, purpose, root, hex(wrapped) AS wrapped FROM keys';
const needing = `SELECT IFNULL(root, 0) AS root, COUNT(*) AS backups, 0 AS files FROM backups GROUP BY 1
  UNION ALL SELECT root, 0, COUNT(*) FROM backup_objects GROUP BY root`;

/** Adds a root, has the Worker take it, and waits until nothing but backups lies under an older one. */
export async function addRoot(sotto: Deployment, file: KeyringFile): Promise<void> {
  let text = file.read();
  let { active } = await checked(sotto, file);
  if ((await rowsOf(sotto)).every(({ root }) => root === active)) {
    active += 1;
    text = `${active}:${newRoot()},${text}`;
    file.write(text);
    sotto.say(
      `Root ${active} stands in ${file.name}. Keep a copy of it where you keep what must never be lost.`,
    );
  } else sotto.say(`Root ${active} stands in ${file.name} already, and it goes on from there.`);
  await sotto.give(text);
  sotto.say('The Worker takes it within half an hour. Should this be ended before, run it again.');
  for (;;) {
    const left = (await rowsOf(sotto)).filter(({ root }) => root !== active);
    if (left.length === 0) break;
    sotto.say(
      `${left.length} of the Worker’s keys lie under an older root: ${left.map(({ purpose }) => purpose).join(', ')}.`,
    );
    await sotto.pause();
  }
  sotto.say(`All of the Worker’s keys lie under root ${active}.`);
  sotto.say(wordsOf(active, await backupsUnder(sotto, active)));
}

/** Takes out the roots that nothing lies under any more. */
export async function dropRoots(sotto: Deployment, file: KeyringFile): Promise<void> {
  const { active, numbers } = await checked(sotto, file);
  const older = numbers.filter((number) => number !== active);
  if (older.length === 0) throw new Halt(`Root ${active} is the only one: there is none to take out.`);
  if ((await rowsOf(sotto)).some(({ root }) => root !== active))
    throw new Halt(
      'Some of the Worker’s keys lie under an older root. Without --drop, this waits until none does.',
    );
  const left = await backupsUnder(sotto, active);
  if (left.backups + left.files > 0) throw new Halt(wordsOf(active, left));
  const kept =
    file
      .read()
      .split(',')
      .find((entry) => entry.startsWith(`${active}:`)) ?? '';
  const aside = file.write(kept, `before-${active}`);
  await sotto.give(kept);
  sotto.say(
    `Root ${active} alone is left. What stood there before lies in ${aside}: keep it elsewhere if you have copies of older backups, and destroy it if not.`,
  );
}

/** The keyring of the file, which has to be this deployment's own: another one in its place would open nothing. */
async function checked(sotto: Deployment, file: KeyringFile): Promise<Keyring> {
  const keyring = await parsed(file);
  const rows = await rowsOf(sotto);
  if (rows.length === 0)
    throw new Halt('There are no keys in the database yet, so there is nothing to rotate.');
  for (const row of rows)
    if (!(await opensServiceKey(keyring, row)))
      throw new Halt(
        `${file.name} is not the KEYRING of this Sotto: it does not open its ${row.purpose} key, under root ${row.root}. Nothing was changed.`,
      );
  return keyring;
}

async function parsed(file: KeyringFile): Promise<Keyring> {
  try {
    return await Keyring.parse(file.read());
  } catch (error) {
    if (error instanceof VaultError) throw new Halt(`${file.name} holds no keyring: ${error.message}.`);
    throw error;
  }
}

type Row = Pick<ServiceKeyRow, 'id' | 'purpose' | 'root' | 'wrapped'>;

async function rowsOf(sotto: Deployment): Promise<Row[]> {
  return (await sotto.ask(keys)).map((row) => ({
    id: Number(row['id']),
    purpose: row['purpose'] as Row['purpose'],
    root: Number(row['root']),
    wrapped: Uint8Array.from(Buffer.from(String(row['wrapped']), 'hex')),
  }));
}

/** What of the backups that are kept needs an older root; what does not say which it needs, needs the oldest. */
async function backupsUnder(sotto: Deployment, active: number): Promise<{ backups: number; files: number }> {
  const older = (await sotto.ask(needing)).filter(({ root }) => Number(root) !== active);
  const sum = (of: 'backups' | 'files') => older.reduce((all, row) => all + Number(row[of]), 0);
  return { backups: sum('backups'), files: sum('files') };
}

function wordsOf(active: number, { backups, files }: { backups: number; files: number }): string {
  if (backups + files === 0)
    return 'No backup that is kept needs an older root: npm run rotate -- roots --drop takes them out.';
  return `${backups} backups, and ${files} files copied for backups, need an older root: it stays. They go 35 days after the first full backup under root ${active}, which is made within a week. Then npm run rotate -- roots --drop takes the older ones out.`;
}
