import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** The kernel counts time in these (`getconf CLK_TCK`, 100 on every Linux that we know). */
const TICKS_PER_SECOND = 100;

/** Processor time that a process has used so far, in milliseconds, to the nearest ten. Linux alone. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Processor time that all processes of this machine have used so far, in milliseconds. Linux alone. */
export function machineCpuMs(): number {
  const [total = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // user, nice, system, idle, iowait, irq, softirq, steal; guests are counted with the user.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = total.split(/ +/).slice(1).map(Number);
  return ((user + nice + system + irq + softirq) * 1000) / TICKS_PER_SECOND;
}

/** Memory of a process that no other process shares, in bytes. Linux alone. */
export function privateBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kibibytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty): +(\d+) kB$/gm)].map(([, size]) =>
    Number(size),
  );
  return kibibytes.reduce((sum, size) => sum + size, 0) * 1024;
}

/** Memory of a process that lies in the machine's, in bytes. Linux alone. */
export function residentBytes(pid: number): number {
  return statusBytes(pid, 'VmRSS');
}

/** The most that `residentBytes` was since `resetPeak`. Linux alone. */
export function peakBytes(pid: number): number {
  return statusBytes(pid, 'VmHWM');
}

export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function statusBytes(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
}

export interface Runtime {
  readonly pid: number;
  readonly residentBytes: number;
}

/** The runtimes that this process started and that still run. */
export function runtimes(): Runtime[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm='], { encoding: 'utf8' });
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  const own = rows.filter(
    ([, parent, , name]) => Number(parent) === process.pid && name?.endsWith('workerd'),
  );
  return own.map(([pid, , kibibytes]) => ({ pid: Number(pid), residentBytes: Number(kibibytes) * 1024 }));
}
