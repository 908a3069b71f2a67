import { Halt } from '../halt.ts';
import type { ClamdAddress } from './clamd.ts';

/** Where Debian's clamd listens. */
export const DEBIAN_CLAMD = '/run/clamav/clamd.ctl';
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

export interface ScannerSettings {
  readonly secret: string;
  readonly clamd: ClamdAddress;
  readonly host: string;
  readonly port: number;
  /** The files of its certificate and key; else somebody on this machine ends TLS before it. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

/** @throws {Halt} naming the variable that is wrong, and not its value. */
export function scannerSettings(environment: NodeJS.ProcessEnv): ScannerSettings {
  const {
    SCANNER_SECRET: secret = '',
    SCANNER_HOST: host = '127.0.0.1',
    SCANNER_PORT: port = '8789',
    SCANNER_CERT: cert,
    SCANNER_KEY: key,
    CLAMD = DEBIAN_CLAMD,
  } = environment;
  if (!/^[A-Za-z0-9_-]{32,}$/.test(secret))
    throw new Halt('SCANNER_SECRET must be at least 32 characters of base64url, the same as Sotto’s.');
  if ((cert === undefined) !== (key === undefined))
    throw new Halt('SCANNER_CERT and SCANNER_KEY must both be set, or neither.');
  const tls = cert === undefined || key === undefined ? undefined : { cert, key };
  if (tls === undefined && !LOOPBACK.includes(host))
    throw new Halt(
      'SCANNER_HOST must be of this machine alone, unless SCANNER_CERT and SCANNER_KEY are set.',
    );
  return { secret, clamd: clamdAt(CLAMD), host, port: portIn('SCANNER_PORT', port), tls };
}

/** `/run/clamav/clamd.ctl`, or `127.0.0.1:3310`. */
function clamdAt(text: string): ClamdAddress {
  if (text.startsWith('/')) return { path: text };
  const [, host, port] = /^\[?([^[\]]+)\]?:(\d+)$/.exec(text) ?? [];
  if (host === undefined || port === undefined)
    throw new Halt('CLAMD must be the path of a socket, or a host and a port such as 127.0.0.1:3310.');
  return { host, port: portIn('CLAMD', port) };
}

function portIn(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new Halt(`${name} must have a port between 1 and 65535.`);
  return port;
}
