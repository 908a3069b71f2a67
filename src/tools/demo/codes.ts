import { TOTP, URI } from 'otpauth';

export const STEP_MS = 30_000;
/** The server takes the previous step's code for ten seconds more; two are left for the way there. */
const SAFE_GRACE_MS = 8_000;

export function stepAt(now: number): number {
  return Math.floor(now / STEP_MS);
}

/** The oldest step whose code the server still takes, so that the one being shown stays unused where possible. */
export function stepToSpend(now: number): number {
  return now % STEP_MS < SAFE_GRACE_MS ? stepAt(now) - 1 : stepAt(now);
}

export function codeOf(uri: string, step: number): string {
  const factor = URI.parse(uri);
  if (!(factor instanceof TOTP)) throw new Error('This is not the address of a time-based code');
  return factor.generate({ timestamp: step * STEP_MS });
}

/** The codes to type at `now`, in words: each works once, so a step that was already used is left out. */
export function codesInWords(uri: string, spent: number, now: number): string {
  const step = stepAt(now);
  const next = timeOfDay((step + 1) * STEP_MS);
  const upcoming = spaced(codeOf(uri, step + 1));
  if (spent >= step) return `${upcoming} from ${next} on (the one before is used up)`;
  const seconds = Math.ceil(((step + 1) * STEP_MS - now) / 1000);
  return `${spaced(codeOf(uri, step))} until ${next} (${seconds} s), then ${upcoming}`;
}

function spaced(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

function timeOfDay(time: number): string {
  return new Date(time).toLocaleTimeString('en-GB');
}
