import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Halt, orHalt } from './halt.ts';
import { keyringFile } from './rotate/keyring-file.ts';
import { addRoot, type Deployment, dropRoots } from './rotate/roots.ts';
import { rotateTokens } from './rotate/tokens.ts';
import { type Home, homeOf } from './start/home.ts';
import { databaseFile } from './start/migrate.ts';
import { wrangler, wranglerHears, wranglerSays } from './wrangler.ts';

const USAGE = `npm run rotate -- tokens [--leaked] [--remote]
  tokens     the key that signs tokens: within a minute there is another one, and nobody has to sign in again
  --leaked   and what the keys of today have signed is refused, from about two minutes after the start

npm run rotate -- roots [--drop] [--remote --keyring <file>]
  roots      another root for KEYRING, and Sotto's own keys are wrapped under it; backups need the older ones for a while
  --drop     takes the older ones out of KEYRING once nothing needs them
  --keyring  the file with your copy of KEYRING, which is changed; on this machine it is .dev.vars

  --remote   of the deployed Sotto, not of the one on this machine`;

const nothing = 'The keys are not rotated.';

await orHalt(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      leaked: { type: 'boolean', default: false },
      remote: { type: 'boolean', default: false },
      drop: { type: 'boolean', default: false },
      keyring: { type: 'string' },
    },
  });
  const [what] = positionals;
  const home = homeOf(process.env);
  if (what === 'tokens' && positionals.length === 1 && !values.drop && values.keyring === undefined)
    return tokens(home, values.remote, values.leaked);
  const hasFile = (values.keyring !== undefined) === values.remote;
  if (what !== 'roots' || positionals.length !== 1 || values.leaked || !hasFile) throw new Halt(USAGE);
  const file = keyringFile(values.keyring === undefined ? home.secrets : resolve(values.keyring));
  const sotto = values.remote ? deployed() : onThisMachine(home);
  await (values.drop ? dropRoots : addRoot)(sotto, file);
});

async function tokens(home: Home, remote: boolean, leaked: boolean): Promise<void> {
  const where = remote ? remotely : locally(home);
  const execute = (order: string) => wrangler(nothing, ['d1', 'execute', 'DB', ...where, '--command', order]);
  const pause = (milliseconds: number) => {
    console.log(
      'A new key signs within a minute. The old ones go after that; should this be ended before, run it again.',
    );
    return wait(milliseconds);
  };
  await rotateTokens(execute, pause, leaked);
  console.log(
    leaked
      ? 'The old keys are gone: what they have signed is refused within a minute. Nobody has to sign in again.'
      : 'A new key signs within a minute. Nobody has to sign in again.',
  );
}

const remotely = ['--remote', '--yes'];

function locally(home: Home): string[] {
  if (databaseFile(home) === undefined)
    throw new Halt('There is no data on this machine yet: npm start makes it.');
  return ['--local', '--persist-to', home.state];
}

/** The secret goes by wrangler's input: it stands in no list of processes, and is shown to nobody. */
function deployed(): Deployment {
  return {
    ask: asking(remotely),
    give: (keyring) => wranglerHears('KEYRING is not changed.', ['secret', 'put', 'KEYRING'], keyring),
    pause: () => wait(60_000),
    say: (line) => console.log(line),
  };
}

/** What the file has is what this machine's Sotto is given when it starts, and nothing else does its timed duties. */
function onThisMachine(home: Home): Deployment {
  const cron = encodeURIComponent('*/15 * * * *');
  const duty = `${home.origin}/cdn-cgi/handler/scheduled?cron=${cron}`;
  return {
    ask: asking(locally(home)),
    give: () => {
      console.log('Start Sotto anew now (npm start): it has KEYRING from its start on.');
      return Promise.resolve();
    },
    pause: async () => {
      await wait(30_000);
      await fetch(duty).catch(() => console.log('Sotto does not run.'));
    },
    say: (line) => console.log(line),
  };
}

function asking(where: readonly string[]): Deployment['ask'] {
  return async (order) => {
    const said = await wranglerSays(nothing, ['d1', 'execute', 'DB', ...where, '--json', '--command', order]);
    const [answer] = JSON.parse(said) as [{ results: Record<string, unknown>[] }];
    return answer.results;
  };
}
