/** Strangers who knock, from a process of their own, so that whoever measures does not wait for what they do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * What strangers can send most cheaply. `recorded`: a session is asked for without an origin, which no limit counts and
 * the ledger does. `unrecorded`: no token is shown, which is as little work and is entered nowhere.
 */
export const doors = {
  recorded: { method: 'POST', path: '/api/v1/session/refresh', status: 403 },
  unrecorded: { method: 'GET', path: '/api/v1/session', status: 401 },
} as const;
export type Door = keyof typeof doors;

export interface Knocked {
  readonly refused: number;
  readonly cpuMs: number;
}

/** @returns once the last of them is answered */
export async function knocking(url: URL, door: Door, perSecond: number, seconds: number): Promise<Knocked> {
  const args = [join(import.meta.dirname, 'crowd.ts'), url.href, door, String(perSecond), String(seconds)];
  const crowd = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let knocked: Knocked | undefined;
  crowd.on('message', (message) => (knocked = message as Knocked));
  await once(crowd, 'exit');
  if (knocked === undefined) throw new Error('the crowd has gone');
  return knocked;
}
