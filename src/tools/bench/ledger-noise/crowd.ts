/**
 * A process of its own that knocks at one door as often a second as it is told, each time from another network, and is
 * refused: `node crowd.ts <url> <door> <each second> <seconds>`. It says on its channel what became of it.
 */
import { Agent, request } from 'node:http';
import { beats } from '../beats.ts';
import { type Door, doors, type Knocked } from './knocking.ts';

/** Whoever waits for so many answers asks for no more: the pace is what the server carries then. */
const AT_ONCE = 64;
/** Networks, each a /48 of the range for documentation (RFC 3849). */
const NETWORKS = 0x10000;

const [url = '', door = '', perSecond, seconds] = process.argv.slice(2);
const { method, path, status } = doors[door as Door];
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const before = process.cpuUsage();
let refused = 0;
let open = 0;

for await (const _ of beats(Number(perSecond), Number(seconds))) if (open < AT_ONCE) knock();
while (open > 0) await new Promise((settle) => setTimeout(settle, 1));
agent.destroy();
const { user, system } = process.cpuUsage(before);
process.send?.({ refused, cpuMs: (user + system) / 1000 } satisfies Knocked);
process.disconnect();

function knock(): void {
  open += 1;
  const network = ((refused + open) % NETWORKS).toString(16);
  const headers = { 'cf-connecting-ip': `2001:db8:${network}::1` };
  request(new URL(path, url), { method, agent, headers }, (answer) => {
    if (answer.statusCode !== status) throw new Error(`${path} answered ${answer.statusCode ?? ''}`);
    answer.resume().once('end', () => {
      open -= 1;
      refused += 1;
    });
  }).end();
}
