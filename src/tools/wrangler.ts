import { spawn } from 'node:child_process';
import { Halt } from './halt.ts';
import { ROOT, WRANGLER } from './project.ts';

/** Wrangler asks for an account in the browser where none is known, so the terminal is its own. */
export async function wrangler(failure: string, args: readonly string[]): Promise<void> {
  await called(failure, args, ['inherit', 'inherit', 'inherit']);
}

/** What it writes to its output, which the terminal is not shown. */
export function wranglerSays(failure: string, args: readonly string[]): Promise<string> {
  return called(failure, args, ['inherit', 'pipe', 'inherit']);
}

/** What it is told by its input stands in no list of processes. */
export async function wranglerHears(failure: string, args: readonly string[], secret: string): Promise<void> {
  await called(failure, args, ['pipe', 'inherit', 'inherit'], secret);
}

type Streams = readonly ['inherit' | 'pipe', 'inherit' | 'pipe', 'inherit'];

function called(failure: string, args: readonly string[], stdio: Streams, secret?: string): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [WRANGLER, ...args], { cwd: ROOT, stdio: [...stdio] });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stdin?.end(secret);
    child.once('error', failed);
    child.once('close', (code) => {
      if (code === 0) done(said);
      else failed(new Halt(`${failure} Wrangler says why above.`));
    });
  });
}
