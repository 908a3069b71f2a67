import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Halt, orHalt } from './halt.ts';
import { rotateTokens } from './rotate/tokens.ts';
import { homeOf } from './start/home.ts';
import { databaseFile } from './start/migrate.ts';
import { wrangler } from './wrangler.ts';

const USAGE = `npm run rotate -- tokens [--leaked] [--remote]
  tokens    the key that signs tokens: within a minute there is another one, and nobody has to sign in again
  --leaked  and what the keys of today have signed is refused, from about two minutes after the start
  --remote  of the deployed Sotto, not of the one on this machine`;

await orHalt(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { leaked: { type: 'boolean', default: false }, remote: { type: 'boolean', default: false } },
  });
  if (positionals.length !== 1 || positionals[0] !== 'tokens') throw new Halt(USAGE);
  const where = values.remote ? ['--remote', '--yes'] : ['--local', '--persist-to', localState()];
  const execute = (order: string) =>
    wrangler('The keys are not rotated.', ['d1', 'execute', 'DB', ...where, '--command', order]);
  const pause = (milliseconds: number) => {
    console.log(
      'A new key signs within a minute. The old ones go after that; should this be ended before, run it again.',
    );
    return wait(milliseconds);
  };
  await rotateTokens(execute, pause, values.leaked);
  console.log(
    values.leaked
      ? 'The old keys are gone: what they have signed is refused within a minute. Nobody has to sign in again.'
      : 'A new key signs within a minute. Nobody has to sign in again.',
  );
});

function localState(): string {
  const home = homeOf(process.env);
  if (databaseFile(home) === undefined)
    throw new Halt('There is no data on this machine yet: npm start makes it.');
  return home.state;
}
