import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly group: number;
  readonly command: string;
}

/** Every process that this user can see. */
export function processes(): Process[] {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/** Small Linux images have no `ps`, but all have /proc. */
function fromProc(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The second field is the name in parentheses, which may itself hold spaces and parentheses.
      const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z') return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number(pid), group: Number(group), command }];
    } catch {
      // It ended while we were reading.
      return [];
    }
  });
}

function fromPs(): Process[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,command='], { encoding: 'utf8' });
  return list.split('\n').flatMap((line) => {
    const fields = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return fields === null
      ? []
      : [{ pid: Number(fields[1]), group: Number(fields[2]), command: fields[3] ?? '' }];
  });
}
