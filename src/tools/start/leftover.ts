import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endGroup } from '../command.ts';
import { Halt } from '../halt.ts';
import { ROOT } from '../project.ts';
import type { Home } from './home.ts';
import { processes, type Process } from './processes.ts';

const PATIENCE_MS = 5_000;

/** Who runs Sotto from this home: the tool that was called, and the process group of the server that it started. */
export interface Running {
  readonly tool: number;
  readonly server: number;
}

export function writeRunning(home: Home, running: Running): void {
  writeFileSync(home.running, JSON.stringify(running), { mode: 0o600 });
}

export function forgetRunning(home: Home): void {
  rmSync(home.running, { force: true });
}

/**
 * Ends the server of a run that was killed, and says whether there was one. A number in a file may belong to
 * somebody else by now, so only processes whose command line is ours are touched.
 * @throws {Halt} where Sotto is running from this home in another terminal.
 */
export async function endLeftover(home: Home): Promise<boolean> {
  const running = readRunning(home);
  if (running === undefined) return false;
  const all = processes();
  if (all.some(({ pid, command }) => pid === running.tool && pid !== process.pid && isOurTool(command))) {
    throw new Halt(`Sotto is already running here (process ${running.tool}): end it first.`);
  }
  const found = serverProcesses(running.server, all).length > 0;
  if (found) await endServer(running.server);
  forgetRunning(home);
  return found;
}

/** Asks the server's group to end, and insists when it does not. */
export async function endServer(group: number): Promise<void> {
  endGroup(group, 'SIGTERM');
  if (await ended(group)) return;
  endGroup(group, 'SIGKILL');
  if (!(await ended(group))) throw new Halt(`The server (process group ${group}) could not be ended.`);
}

async function ended(group: number): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE_MS; waited += 50) {
    if (serverProcesses(group, processes()).length === 0) return true;
    await wait(50);
  }
  return false;
}

/** Wrangler, and the runtimes that outlive it when it alone is killed: all are started from this checkout. */
export function serverProcesses(group: number, all: readonly Process[]): Process[] {
  // The runtimes are called by their real path, which is elsewhere where node_modules is a link.
  const places = [ROOT, realpathSync(join(ROOT, 'node_modules'))];
  return all.filter(
    ({ group: its, command }) =>
      its === group &&
      places.some((place) => command.includes(place)) &&
      /wrangler|workerd|esbuild/.test(command),
  );
}

export function isOurTool(command: string): boolean {
  return /src\/tools\/start\.ts\b/.test(command);
}

function readRunning(home: Home): Running | undefined {
  try {
    const { tool, server } = JSON.parse(readFileSync(home.running, 'utf8')) as Partial<Running>;
    // Group 0 would be our own and group 1 everybody's.
    return Number.isInteger(server) && Number(server) > 1
      ? { tool: Number(tool), server: Number(server) }
      : undefined;
  } catch {
    return undefined;
  }
}
