/** When a backup is full, which are kept, and when one is missing. */
import type { BackupState } from '../../protocol/backups.ts';

export type Backup = {
  number: number;
  run: string;
  isFull: boolean;
  previous: number | null;
  state: BackupState;
  begunAt: number;
  overAt: number | null;
  ledger: number | null;
  parts: number | null;
  bytes: number | null;
  hash: string | null;
  /** The OpenPGP key that its parts are sealed to once more, by its fingerprint and itself; null: to none. */
  pgp: string | null;
  pgpKey: string | null;
  /** What is not as it was signed. */
  wrong: string | null;
  /** It was there when another one was put back, or all was sealed anew: what is made since builds upon none of these. */
  isFound: boolean;
};

const hour = 3_600_000;
const day = 24 * hour;

export const figures = {
  /** When one is made each night, in UTC. */
  madeAt: { hour: 3, minute: 17 },
  /** So many build upon one that is full, at most. */
  chain: 6,
  /** One from each of so many days is there. */
  keptDays: 35,
  /** The last one that is whole is at most so old: they are made each night, and take some time. */
  oldest: 26 * hour,
  /** One that takes longer is given up. */
  longest: 2 * day,
} as const;

type Standing = Pick<Backup, 'number' | 'isFull' | 'state'> & { isFound?: boolean };

/**
 * @param before all that were begun, in their order
 * @param pgp the OpenPGP key that it will be sealed to: those that build upon one another are under one
 */
export function isNextFull(before: readonly (Standing & Pick<Backup, 'pgp'>)[], pgp: string | null): boolean {
  const full = before.findLast(({ isFull, state }) => isFull && state === 'whole');
  const last = before.at(-1);
  if (full === undefined || last?.state !== 'whole' || last.isFound === true || last.pgp !== pgp) return true;
  return before.filter(({ number }) => number > full.number).length >= figures.chain;
}

/**
 * The oldest that has to stay: the newest full one from which each of the days that are kept can be put back.
 * @returns 0: all stay
 */
export function keptFrom(backups: readonly (Standing & Pick<Backup, 'begunAt'>)[], now: number): number {
  const isOld = ({ begunAt }: Pick<Backup, 'begunAt'>) => begunAt <= now - figures.keptDays * day;
  const base = backups.findLast((each) => each.isFull && each.state === 'whole' && isOld(each));
  return base?.number ?? 0;
}

/** Whether there should be one that is newer. Where there never was one, the first night is waited for. */
export function isMissing(backups: readonly Pick<Backup, 'state' | 'begunAt'>[], now: number): boolean {
  const last = backups.findLast(({ state }) => state === 'whole') ?? backups[0];
  return last !== undefined && last.begunAt < now - figures.oldest;
}

/** When the next one of every night is made (wrangler.toml). */
export function nextNight(now: number): number {
  const tonight = new Date(now).setUTCHours(figures.madeAt.hour, figures.madeAt.minute, 0, 0);
  return tonight > now ? tonight : tonight + day;
}

export function isGivenUp({ state, begunAt }: Pick<Backup, 'state' | 'begunAt'>, now: number): boolean {
  return state === 'making' && begunAt < now - figures.longest;
}
