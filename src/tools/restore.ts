/** `npm run restore`: has a deployment that is empty put a backup back, and says how far it is. */
import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { RestoreAnswer, RestoreView } from '../protocol/restore.ts';
import type { Problem } from '../protocol/refusals.ts';
import { Halt, orHalt } from './halt.ts';
import { homeOf } from './start/home.ts';
import { ensureSecrets } from './start/secrets.ts';

const USAGE = `npm run restore -- [--origin <https://chat.example.com>] [--number <number> [--pass-over]] [--newest <hash>]
  --origin  the deployment; else the one on this machine, while it runs (npm start)
  --number  the backup to put back; else the newest. Passkeys, passwords, keys of sites and rights are as they were then
  --pass-over  those behind that number are damaged: it counts as the newest, and what only they have is lost
  --newest  the SHA-256 of the newest manifest, as a ledger that was kept elsewhere has it: another newest is refused
SETUP_TOKEN is taken from the environment, or asked for. What it takes stands in docs/OPERATING.md.`;

const lookAgainAfter = 2_000;

await orHalt(async () => {
  const { values, positionals } = parseArgs({
    options: {
      ...{ origin: { type: 'string' }, number: { type: 'string' }, newest: { type: 'string' } },
      'pass-over': { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const { origin, newest, number, 'pass-over': passOver } = values;
  const isNumber = number === undefined ? !passOver : /^[1-9]\d*$/.test(number);
  if (positionals.length > 0 || !isNumber) throw new Halt(USAGE);
  const home = homeOf(process.env);
  const token =
    process.env['SETUP_TOKEN'] ??
    (origin === undefined ? ensureSecrets(home.secrets).setupToken : await ask());
  const address = `${origin ?? home.origin}/api/v1/setup/restore`;
  const wish = {
    ...{ number: number === undefined ? null : Number(number), newest: newest ?? null },
    ...(passOver && { passOver }),
  };
  if (number !== undefined)
    console.log(
      'What was erased, restricted or disabled since stays so. All else is as it was then: passkeys, passwords, roles and the keys of sites that were taken away since are back. See to them at once (docs/OPERATING.md).',
    );
  if (passOver)
    console.log(
      `Backups behind ${number ?? ''} are passed over, and the next backup clears them away. What was said, changed and entered in the ledger since then is lost. Of what they say was erased, restricted or disabled, what can still be read holds; whatever was erased has no key any more, and stays erased in any case.`,
    );
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
  console.log('Everybody signs in anew, and is shown new recovery codes.');
});

async function answer(address: string, token: string, wish?: object): Promise<RestoreView | null> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const posted = wish === undefined ? {} : { method: 'POST', body: JSON.stringify(wish) };
  const response = await fetch(address, { headers, ...posted }).catch(() => {
    throw new Halt(`${address} does not answer.`);
  });
  const body = (await response.json().catch(() => ({}))) as Partial<RestoreAnswer & Problem>;
  if (!response.ok) throw new Halt(`It was refused (${body.code ?? response.status}): ${body.detail ?? ''}`);
  return body.restore ?? null;
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
