/** `npm run restore`: has a deployment that is empty put a backup back, and says how far it is. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Wrong } from '../protocol/backup-proof.ts';
import type { RestoreAnswer, RestoreView } from '../protocol/restore.ts';
import type { Problem } from '../protocol/refusals.ts';
import { Halt, orHalt } from './halt.ts';
import { type Downloaded, startHere } from './restore/here.ts';
import { homeOf } from './start/home.ts';
import { ensureSecrets } from './start/secrets.ts';

const USAGE = `npm run restore -- [--origin <https://chat.example.com>] [--number <number> [--pass-over]] [--newest <hash>]
npm run restore -- --from <folder> --keys <folder> --to <folder> [--number …] [--newest <hash>]
  --origin  the deployment; else the one on this machine, while it runs (npm start)
  --number  the backup to put back; else the newest. Passkeys, passwords, keys of sites and rights are as they were then
  --pass-over  those behind that number are damaged: it counts as the newest, and what only they have is lost
  --newest  the SHA-256 of the newest manifest, as a ledger that was kept elsewhere has it: another newest is refused
  --from    all of the bucket sotto-backups as it was downloaded, and in --keys all of sotto-keys: without any deployment,
            into an empty folder, as a Sotto of this machine. KEYRING is taken from the environment
SETUP_TOKEN is taken from the environment, or asked for. What it takes stands in docs/OPERATING.md.`;

const lookAgainAfter = 2_000;

interface Wish {
  readonly number: number | null;
  readonly newest: string | null;
  readonly passOver?: true;
}

await orHalt(async () => {
  const { values, positionals } = parseArgs({
    options: {
      ...{ origin: { type: 'string' }, number: { type: 'string' }, newest: { type: 'string' } },
      ...{ from: { type: 'string' }, keys: { type: 'string' }, to: { type: 'string' } },
      'pass-over': { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const { origin, newest, number, 'pass-over': passOver, from: backups, keys, to } = values;
  const isNumber = number === undefined ? !passOver : /^[1-9]\d*$/.test(number);
  const isHere = backups !== undefined && keys !== undefined && to !== undefined;
  const isThere = backups === undefined && keys === undefined && to === undefined;
  if (positionals.length > 0 || !isNumber || !(isThere || (isHere && origin === undefined)))
    throw new Halt(USAGE);
  const wish: Wish = {
    ...{ number: number === undefined ? null : Number(number), newest: newest ?? null },
    ...(passOver && { passOver }),
  };
  warn(wish);
  if (isHere) return putBackHere({ backups, keys, to }, wish);
  const home = homeOf(process.env);
  const token =
    process.env['SETUP_TOKEN'] ??
    (origin === undefined ? ensureSecrets(home.secrets).setupToken : await ask());
  await putBack(origin ?? home.origin, token, wish);
  console.log('Everybody signs in anew, and is shown new recovery codes.');
});

function warn({ number, passOver }: Wish): void {
  if (number !== null)
    console.log(
      'What was erased, restricted or disabled since stays so. All else is as it was then: passkeys, passwords, roles and the keys of sites that were taken away since are back. See to them at once (docs/OPERATING.md).',
    );
  if (passOver)
    console.log(
      `Backups behind ${number ?? ''} are passed over, and the next backup clears them away. What was said, changed and entered in the ledger since then is lost. Of what they say was erased, restricted or disabled, what can still be read holds; whatever was erased has no key any more, and stays erased in any case.`,
    );
}

async function putBackHere(downloaded: Downloaded, wish: Wish): Promise<void> {
  const here = await startHere(downloaded, process.env).catch((error: unknown) => {
    throw error instanceof Wrong ? new Halt(`Not whole: ${error.where} ${error.message}.`) : error;
  });
  let isBack = false;
  try {
    await putBack(here.origin, here.token, wish);
    isBack = true;
    writeFileSync(join(downloaded.to, 'restored'), '');
  } finally {
    await here.end();
    if (!isBack) rmSync(downloaded.to, { recursive: true, force: true });
  }
  console.log(
    `It lies in ${downloaded.to}. To look into it: SOTTO_HOME=${downloaded.to} npm start. KEYRING lies beside it: delete the folder when you have seen enough.`,
  );
}

async function putBack(origin: string, token: string, wish: Wish): Promise<void> {
  const address = `${origin}/api/v1/setup/restore`;
  let restore = await answer(address, token, wish);
  for (let said = ''; restore?.state === 'working'; restore = await answer(address, token)) {
    const now = `${restore.stage ?? ''}: ${countsIn(restore)}`;
    if (now !== said) console.log(now);
    said = now;
    await wait(lookAgainAfter);
  }
  if (restore === null) throw new Halt('Nothing was put back.');
  if (restore.state === 'failed')
    throw new Halt(`It was not put back: ${restore.wrong ?? 'nobody knows why'}.`);
  console.log(
    `Backup ${restore.number} is put back, but for what was erased up to backup ${restore.newest}: ${countsIn(restore)}`,
  );
  if (restore.counts['legal holds to look at'] !== undefined)
    console.log(
      'Of some conversations the ledger does not know whether a legal hold was put or ended: these are held. Look for conversation.hold in the ledger (docs/BACKUPS.md), and end those that should not be.',
    );
}

async function answer(address: string, token: string, wish?: object): Promise<RestoreView | null> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const posted = wish === undefined ? {} : { method: 'POST', body: JSON.stringify(wish) };
  const response = await fetch(address, { headers, ...posted }).catch((error: unknown) => {
    // On this machine it is answered once all is done, which may be longer than a client waits.
    if (isAtWork(error)) return undefined;
    throw new Halt(`${address} does not answer.`);
  });
  if (response === undefined) return answer(address, token);
  const body = (await response.json().catch(() => ({}))) as Partial<RestoreAnswer & Problem>;
  if (!response.ok) throw new Halt(`It was refused (${body.code ?? response.status}): ${body.detail ?? ''}`);
  return body.restore ?? null;
}

function isAtWork(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code === 'UND_ERR_HEADERS_TIMEOUT';
}

function countsIn({ counts }: RestoreView): string {
  return Object.entries(counts)
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');
}

/** So it stands in no shell's history, and in no list of processes. */
async function ask(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const token = await terminal.question('SETUP_TOKEN of that deployment: ');
  terminal.close();
  return token.trim();
}
