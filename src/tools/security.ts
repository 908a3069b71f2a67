/** `npm run check:security -- <address>`: has a Sotto look at itself, and ends as a pipeline wants it before a deploy. */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ChecksBegun, StandingAnswer } from '../protocol/checks.ts';
import { asSaid, Halt } from './halt.ts';

const USAGE = `npm run check:security -- [address] [--last]
  address  of the Sotto that is asked; without one, that of this machine
  --last   asks how the last run stands, instead of a new one
CHECKS_TOKEN is taken from the environment, and has to be set in that Sotto too (docs/CHECKS.md).`;
const here = 'http://localhost:8787';
const patience = 15 * 60_000;
const lookAgain = Number(process.env['SOTTO_LOOK_AGAIN'] ?? 2_000);
/** What somebody has to look at comes last, where it is seen. */
const order = ['passed', 'accepted', 'not-run', 'failed'] as const;
const marks = {
  passed: 'ok      ',
  accepted: 'accepted',
  'not-run': 'not run ',
  failed: 'FAILED  ',
} as const;

/** Something was found; it could not be asked. */
const [found, unasked] = [1, 2];

try {
  const answer = await asked();
  for (const standing of order)
    for (const check of answer.checks.filter((each) => each.standing === standing))
      console.log(`${marks[standing]}  ${check.id}: ${check.words}`);
  const well = answer.checks.filter(
    ({ standing }) => standing === 'passed' || standing === 'accepted',
  ).length;
  console.log(`\n${well} of ${answer.checks.length} checks passed, or were accepted.`);
  if (answer.checks.length === 0 || well < answer.checks.length) process.exitCode = found;
} catch (error) {
  process.exitCode = unasked;
  console.error(asSaid(error));
}

async function asked(): Promise<StandingAnswer> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { last: { type: 'boolean', default: false } },
  });
  const token = process.env['CHECKS_TOKEN'];
  const origin = URL.parse(positionals[0] ?? here)?.origin;
  if (token === undefined || positionals.length > 1 || origin === undefined) throw new Halt(USAGE);
  if (!origin.startsWith('https:') && new URL(origin).hostname !== 'localhost')
    throw new Halt('The token goes to an address with https alone, or to this machine.');
  const address = `${origin}/checks`;
  if (values.last) return ask<StandingAnswer>('GET', address, token);
  const { run } = await ask<ChecksBegun>('POST', address, token);
  console.log(`${origin} looks at itself (${run}).`);
  for (const end = Date.now() + patience; Date.now() < end;) {
    const answer = await ask<StandingAnswer>('GET', address, token);
    if (answer.running?.id !== run) return ofThis(answer, run);
    await wait(lookAgain);
  }
  throw new Halt('It was not done within a quarter of an hour.');
}

/** What stands there now is of this run, or of a later one; never of one before. */
function ofThis(answer: StandingAnswer, run: string): StandingAnswer {
  if (answer.run?.id !== run && answer.running === null) throw new Halt('The run did not come to its end.');
  return answer;
}

async function ask<Answer>(method: 'GET' | 'POST', address: string, token: string): Promise<Answer> {
  let response: Response;
  try {
    const headers = { authorization: `Bearer ${token}` };
    response = await fetch(address, {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(60_000),
    });
  } catch {
    throw new Halt(`${address} does not answer.`);
  }
  if (response.status === 404) throw new Halt('This Sotto has no CHECKS_TOKEN, or another one.');
  if (response.status === 429) throw new Halt('It was asked too often. Try again in a minute.');
  if (!response.ok) throw new Halt(`It answered with ${response.status}.`);
  return (await response.json()) as Answer;
}
