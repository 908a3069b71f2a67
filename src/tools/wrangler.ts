import { spawn } from 'node:child_process';
import { Halt } from './halt.ts';
import { ROOT, WRANGLER } from './project.ts';

/** Wrangler asks for an account in the browser where none is known, so the terminal is its own. */
export function wrangler(failure: string, args: readonly string[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [WRANGLER, ...args], {
      cwd: ROOT,
      stdio: 'inherit',
    });
    child.once('error', failed);
    child.once('close', (code) => {
      if (code === 0) done();
      else failed(new Halt(`${failure} Wrangler says why above.`));
    });
  });
}
