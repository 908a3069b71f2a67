import type { AddressInfo, Server } from 'node:net';

/** At a port of this machine that nobody else has; @returns which. */
export function listening(server: Server): Promise<number> {
  return new Promise((listens, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => listens((server.address() as AddressInfo).port));
  });
}
