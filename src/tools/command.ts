import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from './project.ts';

const PATIENCE_MS = 5_000;

export interface CommandOptions {
  readonly timeoutSeconds: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Show what it writes as it comes, too. */
  readonly live?: boolean;
}

export interface Outcome {
  readonly ok: boolean;
  /** What it wrote to both streams, in order. */
  readonly output: string;
}

const running = new Set<number>();

/** Runs a command to its end and says how it went; it never throws and never outlives its time. */
export function run(command: string, args: readonly string[], options: CommandOptions): Promise<Outcome> {
  return new Promise((finish) => {
    let output = '';
    // Its own process group, so that ending it ends whatever it has started too.
    const child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    const timer = setTimeout(() => {
      output += `\nNot finished after ${String(options.timeoutSeconds)} seconds, so it was ended.\n`;
      if (pid !== undefined) endGroup(pid, 'SIGKILL');
    }, options.timeoutSeconds * 1000);

    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (options.live === true) process.stdout.write(text);
      });
    }
    child.on('error', (error) => {
      clearTimeout(timer);
      finish({ ok: false, output: `${command} could not be started: ${error.message}` });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (pid !== undefined) running.delete(pid);
      finish({ ok: code === 0, output });
    });
  });
}

/** Ends every command still running, for tools that are being ended themselves; what they started ends in peace. */
export async function endCommands(): Promise<void> {
  for (const pid of running) endGroup(pid, 'SIGTERM');
  for (let waited = 0; running.size > 0 && waited < PATIENCE_MS; waited += 50) await wait(50);
  for (const pid of running) endGroup(pid, 'SIGKILL');
}

export function endGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Already gone, which is what was wanted.
  }
}
