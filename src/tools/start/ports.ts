import { createServer } from 'node:net';
import { Halt } from '../halt.ts';

/** Both names that `localhost` may stand for. */
const LOOPBACKS = ['127.0.0.1', '::1'];

/** @throws {Halt} naming the port and the variable that chooses another. */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  if (await isFree(port)) return;
  throw new Halt(
    `Port ${port} is taken by another program: end it, or choose another port with ${variable}.`,
  );
}

export async function isFree(port: number): Promise<boolean> {
  const answers = await Promise.all(LOOPBACKS.map((address) => canListen(port, address)));
  return answers.every(Boolean);
}

function canListen(port: number, address: string): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    // A machine without IPv6 has no ::1 that anybody could take.
    server.once('error', (error: NodeJS.ErrnoException) => answer(error.code === 'EADDRNOTAVAIL'));
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => answer(true)));
  });
}
