/** How a backup is put back step by step: what each step gets, and where it leaves off. */
import type { Env } from '../../config.ts';
import type { BackupReader } from './reading.ts';
import type { Counts, Restore } from './store.ts';
import type { Target } from './target.ts';

export type Restoring = { env: Env; reader: BackupReader; restore: Restore; target: Target };

/** `at`: the place of a backup in its chain. `part`: that of a part among its own. `after`: how far the part is done. */
export type Place<Stage extends string = string> = { stage: Stage; at: number; part: number; after: string };
export type Step = { next: Place | null; counts: Counts };

export function begin(stage: string): Place {
  return { stage, at: 0, part: 0, after: '' };
}

export function textOf({ stage, at, part, after }: Place): string {
  return `${stage} ${at} ${part} ${after}`;
}

export function placeFrom(text: string): Place {
  const [, stage = '', at, part, after = ''] = /^(\w+) (\d+) (\d+) (.*)$/s.exec(text) ?? [];
  return { stage, at: Number(at), part: Number(part), after };
}
