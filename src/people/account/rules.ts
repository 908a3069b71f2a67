/** What an account decides, as pure functions: throttling (S4), one-time codes (S3), sessions and refresh (S5, S6). */
import type { RoleHeld } from '../../protocol/roles.ts';
import type { PersonId, SessionId, TeamId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';
import type { Gates } from '../../protocol/training.ts';

/** What a person may do is read from these facts; `version` grows with every change. */
export type Rights = RoleHeld & {
  person: PersonId;
  teams: TeamId[];
  active: boolean;
  version: number;
  /** Until when what lessons stand before is open to them. */
  gates?: Gates;
};

/** Do these allow the same, in whatever order their teams stand? */
export function areSame(one: Omit<Rights, 'version'>, other: Omit<Rights, 'version'>): boolean {
  const teams = new Set(one.teams);
  const sameTeams = teams.size === new Set(other.teams).size && other.teams.every((team) => teams.has(team));
  const sameRole = one.role === other.role && JSON.stringify(one.grants) === JSON.stringify(other.grants);
  const sameGates = JSON.stringify(one.gates ?? {}) === JSON.stringify(other.gates ?? {});
  return sameTeams && sameRole && sameGates && one.active === other.active;
}

/**
 * How a session was proved (RFC 8176, and a name of our own for a recovery code): no session exists without a second
 * factor. A passkey that verified its user is two by itself.
 */
export type Amr = readonly ('pwd' | 'otp' | 'recovery' | 'pop' | 'mfa')[];

/** What proved a second factor, each of which counts once: a one-time code's step, or the challenge that a passkey signed. */
export type Proof = { by: 'totp'; step: number } | { by: 'passkey'; challenge: string };

export const amrOf: Record<Proof['by'], Amr> = { totp: ['pwd', 'otp'], passkey: ['pop', 'mfa'] };

/**
 * Where and on what somebody signs in: the network and the browser as keyed hashes, what they are called as coarse as
 * it is kept.
 */
export type Whence = { network: string; browser: string; device: string | null; country: string | null };

/** Links that are mailed to a person, and how long each is good. */
export const linkLifetimes = {
  invitation: lifetimes.invitation,
  reset: lifetimes.mailedLink,
  address: lifetimes.mailedLink,
};
export type Link = keyof typeof linkLifetimes;

export type Session = {
  id: SessionId;
  amr: Amr;
  /** When it began, when a second factor was last proved in it, and when its person last did something. Unix milliseconds. */
  authAt: number;
  provedAt: number;
  usedAt: number;
  device: string | null;
  country: string | null;
  /** The number of the refresh token that is good now, and when it became so. */
  generation: number;
  rotatedAt: number;
};

export type Factor = 'password' | 'totp' | 'recovery' | 'ownerKey';
export type Tries = { failures: number; lastAt: number };

const freeTries = 4;
const pauseAt = 100;
const firstDelay = 1_000;
const longestDelay = 3_600_000;

/**
 * May a factor be tried now? Delays double from the fifth failure on up to an hour; at 100 failures in a row
 * (NIST SP 800-63B-4, 3.2.2) that factor pauses until another one has been proved.
 */
export function mayTry(tries: Tries, now: number): boolean {
  return tries.failures < pauseAt && hasWaited(tries, now);
}

/** As `mayTry`, but without an end: for what nobody can take a risk by, such as a mail. */
export function hasWaited(tries: Tries, now: number): boolean {
  if (tries.failures <= freeTries) return true;
  const delay = Math.min(firstDelay * 2 ** (tries.failures - freeTries - 1), longestDelay);
  return now - tries.lastAt >= delay;
}

const stepLength = 30_000;
const previousStepGrace = 10_000;

/** The time steps whose code counts at `now` (RFC 6238): this one, and the previous one for 10 s more. */
export function openSteps(now: number): number[] {
  const current = Math.floor(now / stepLength);
  return now % stepLength < previousStepGrace ? [current, current - 1] : [current];
}

/** When a session is over: idle and absolute limits (NIST SP 800-63B-4, 2.2.3). */
export function endOf({ usedAt, authAt }: Pick<Session, 'usedAt' | 'authAt'>, idleLimit: number): number {
  return Math.min(usedAt + idleLimit, authAt + lifetimes.sessionAbsolute);
}

/** Was a second factor proved in this session just now (ASVS 7.5.3)? An ordinary refresh proves nothing. */
export function isFresh({ provedAt }: Pick<Session, 'provedAt'>, now: number): boolean {
  return now - provedAt < lifetimes.stepUp;
}

export type Refresh = 'rotate' | 'repeat' | 'end';

/**
 * What a genuine refresh token of this generation does. The newest rotates. The one before it, again within 10 s,
 * gets the same successor (which is unused: its use would have rotated). Anything else was stolen and ends the family.
 */
export function refreshRule(session: Session, generation: number, now: number): Refresh {
  if (generation === session.generation) return 'rotate';
  const repeated = generation === session.generation - 1 && now - session.rotatedAt <= lifetimes.refreshGrace;
  return repeated ? 'repeat' : 'end';
}
