import { join, relative, resolve } from 'node:path';
import { Halt } from '../halt.ts';
import { ROOT } from '../project.ts';

const DEFAULT_PORT = 8787;
const DEFAULT_SHOP_PORT = 8788;

/** Where a local Sotto lives: its ports and everything that it keeps. Tests give it another home. */
export interface Home {
  readonly folder: string;
  /** The Worker's own storage: objects, database, buckets. */
  readonly state: string;
  readonly demo: string;
  /** Is there where a downloaded backup was put back instead of a demo being made. */
  readonly restored: string;
  readonly mail: string;
  readonly log: string;
  /** Wrangler's own notes: its debug log, and where it tells of its Workers to others of this home. */
  readonly wrangler: string;
  readonly running: string;
  readonly secrets: string;
  readonly port: number;
  readonly origin: string;
  readonly shopPort: number;
  readonly shopOrigin: string;
}

export function homeOf(environment: NodeJS.ProcessEnv): Home {
  const chosen = environment['SOTTO_HOME'];
  const folder = resolve(ROOT, chosen ?? '.sotto');
  const port = portOf(environment, 'SOTTO_PORT', DEFAULT_PORT);
  const shopPort = portOf(environment, 'SOTTO_SHOP_PORT', DEFAULT_SHOP_PORT);
  if (port === shopPort) throw new Halt('SOTTO_PORT and SOTTO_SHOP_PORT must differ.');
  return {
    folder,
    state: join(folder, 'state'),
    demo: join(folder, 'demo.json'),
    restored: join(folder, 'restored'),
    mail: join(folder, 'mail'),
    log: join(folder, 'server.log'),
    wrangler: join(folder, 'wrangler'),
    running: join(folder, 'running.json'),
    // Beside wrangler.toml, where everybody looks for it; another home is complete in itself.
    secrets: join(chosen === undefined ? ROOT : folder, '.dev.vars'),
    port,
    // Passkeys and secure cookies need the name: 127.0.0.1 is not a domain.
    origin: `http://localhost:${port}`,
    shopPort,
    // Another site than localhost for a browser, so that the demo embeds the widget as a stranger's page would.
    shopOrigin: `http://127.0.0.1:${shopPort}`,
  };
}

/** A path as the person at the terminal would type it. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

function portOf(environment: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const given = environment[name];
  if (given === undefined) return fallback;
  const port = Number(given);
  if (!/^\d+$/.test(given) || port < 1 || port > 65535) {
    throw new Halt(`${name} must be a port between 1 and 65535, and is "${given}".`);
  }
  return port;
}
