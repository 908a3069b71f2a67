import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { Halt } from '../halt.ts';
import { QUIET_WRANGLER, ROOT, WRANGLER } from '../project.ts';
import { shown, type Home } from './home.ts';
import { endServer, forgetRunning, writeRunning } from './leftover.ts';
import { Mailbox } from './mail.ts';
import type { LocalScanner } from './scanner.ts';

const READY_SECONDS = 60;
const REMEMBERED_LINES = 15;
const TROUBLE = /\[ERROR\]|\[wrangler:error\]|"fault":/;

/** The local Sotto: the same Worker that is deployed, in wrangler's own process group. */
export interface Server {
  readonly mailbox: Mailbox;
  /** Tells of errors in the server's log, such as source code that does not compile any more. */
  onTrouble(tell: (line: string) => void): void;
  /** Settles when the server is gone, whoever ended it. */
  readonly gone: Promise<void>;
  /** @throws {Halt} with the server's last lines if it does not answer in time or ends instead. */
  ready(): Promise<void>;
  end(): Promise<void>;
}

export function startServer(home: Home, scanner: LocalScanner | undefined): Server {
  const child = spawn(process.execPath, [WRANGLER, ...devArguments(home, scanner)], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...QUIET_WRANGLER,
      NO_COLOR: '1',
      // Wrangler lets a shell's variables win over the file; an undefined one is not passed on.
      KEYRING: undefined,
      SETUP_TOKEN: undefined,
      WRANGLER_LOG_PATH: join(home.wrangler, 'logs'),
      // Two Sottos on one machine must not find each other's objects.
      WRANGLER_REGISTRY_PATH: join(home.wrangler, 'registry'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: everything that wrangler starts can be ended with it.
    detached: true,
  });
  const group = child.pid;
  if (group === undefined) throw new Halt('The server could not be started.');
  writeRunning(home, { tool: process.pid, server: group });

  const mailbox = new Mailbox(home.mail);
  const lastLines: string[] = [];
  let tellTrouble: (line: string) => void = () => undefined;
  const log = createWriteStream(home.log, { mode: 0o600 });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      log.write(`${line}\n`);
      lastLines.push(line);
      if (lastLines.length > REMEMBERED_LINES) lastLines.shift();
      mailbox.hear(line);
      if (TROUBLE.test(line)) tellTrouble(line);
    });
  }

  let exited = false;
  const gone = new Promise<void>((settle) => {
    child.once('exit', () => {
      exited = true;
      settle();
    });
  });

  return {
    mailbox,
    gone,
    onTrouble: (tell) => {
      tellTrouble = tell;
    },
    ready: async () => {
      let answer = 'nothing';
      const deadline = Date.now() + READY_SECONDS * 1000;
      while (Date.now() < deadline) {
        if (exited) throw new Halt(`The server ended instead of starting:\n${lastLines.join('\n')}`);
        const status = await ask(home);
        if (status === 200) return;
        if (status !== undefined) answer = `status ${status}`;
        // It does answer, but not as Sotto: waiting longer would not change that.
        if (status !== undefined && status >= 500) {
          throw new Halt(
            `The server cannot work with what it was given (see ${shown(home.log)}):\n${lastLines.join('\n')}`,
          );
        }
        await wait(100);
      }
      throw new Halt(
        `The server was not ready after ${READY_SECONDS} seconds (it answered ${answer}); see ${shown(home.log)}.`,
      );
    },
    end: async () => {
      await endServer(group);
      log.end();
      forgetRunning(home);
    },
  };
}

function devArguments(home: Home, scanner: LocalScanner | undefined): string[] {
  return [
    'dev',
    // The name, so that both 127.0.0.1 and ::1 answer where the machine has both.
    ...['--ip', 'localhost', '--port', String(home.port), '--inspector-port', '0'],
    ...['--persist-to', home.state, '--env-file', home.secrets, '--var', `ORIGIN:${home.origin}`],
    ...['--var', 'SECURITY_CONTACT:mailto:security@example.com'],
    // Of a file, wrangler takes those secrets alone that every deployment must have. This one is of this run alone.
    ...(scanner === undefined
      ? []
      : ['--var', `SCANNER_URL:${scanner.url}`, '--var', `SCANNER_SECRET:${scanner.secret}`]),
    '--show-interactive-dev-session=false',
  ];
}

async function ask(home: Home): Promise<number | undefined> {
  try {
    const response = await fetch(`${home.origin}/api/v1/setup`, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}
