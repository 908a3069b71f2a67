/** Who kept this machine busy, so that what others did on it is not taken for ours. */
import { cpuMs, machineCpuMs } from '../engine/process.ts';

/** How many processors each kept busy. `bench`: this process; `others`: whatever has nothing to do with it. */
export type Busy = Readonly<Record<'server' | 'crowd' | 'bench' | 'others', number>>;

/**
 * Counts from now on, until what it returns is called.
 * @param server the process that is measured
 */
export function watchProcessors(server: number): (crowdMs?: number) => Busy {
  const read = () => {
    const { user, system } = process.cpuUsage();
    return {
      at: performance.now(),
      server: cpuMs(server),
      bench: (user + system) / 1000,
      all: machineCpuMs(),
    };
  };
  const before = read();
  return (crowdMs = 0) => {
    const now = read();
    const took = now.at - before.at;
    const [ours, bench] = [now.server - before.server, now.bench - before.bench];
    const others = Math.max(0, now.all - before.all - ours - bench - crowdMs);
    return { server: ours / took, crowd: crowdMs / took, bench: bench / took, others: others / took };
  };
}

export function busyInWords(busy: Busy): string {
  const each = Object.entries(busy).filter(([, share]) => share > 0);
  return each.map(([whose, share]) => `${whose} ${share.toFixed(2)}`).join(', ');
}
