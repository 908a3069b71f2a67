import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Clamd } from '../scanner/clamd.ts';
import { demoClamd } from '../scanner/demo-clamd.ts';
import { listening } from '../scanner/listening.ts';
import { scannerOf } from '../scanner/server.ts';
import { DEBIAN_CLAMD } from '../scanner/settings.ts';

const SECRET_BYTES = 32;

/** The scanner of files of the local Sotto, which lives in the tool that started it. */
export interface LocalScanner {
  readonly url: string;
  /** Made anew for each run. */
  readonly secret: string;
  /** What ClamAV calls itself; undefined: there is none, and a demo is in its place. */
  readonly engine: string | undefined;
  end(): void;
}

/** Before the clamd of this machine if one answers, else before a demo. */
export async function startScanner(socket = DEBIAN_CLAMD): Promise<LocalScanner> {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const installed = new Clamd({ path: socket });
  const engine = await installed.engine().then(
    ({ engine }) => engine,
    () => undefined,
  );
  const demo = engine === undefined ? demoClamd() : undefined;
  const clamd =
    demo === undefined ? installed : new Clamd({ host: '127.0.0.1', port: await listening(demo) });
  const server = createServer(scannerOf(secret, clamd, () => undefined));
  const port = await listening(server);
  return {
    ...{ url: `http://localhost:${port}`, secret, engine },
    end: () => {
      server.close().closeAllConnections();
      demo?.close();
    },
  };
}
