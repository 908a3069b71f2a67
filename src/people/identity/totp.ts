/** Time-based one-time codes (RFC 6238) by the `otpauth` library: SHA-1, six digits, 30 s, a secret of 20 bytes. */
import { Secret, TOTP } from 'otpauth';
import { timingSafeEqual } from 'node:crypto';
import { openSteps } from '../account.ts';

const period = 30;
const secretBytes = 20;

export function newTotpSecret(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(secretBytes));
}

/** What an authenticator app reads from the QR code, and the secret to type by hand. */
export function enrolmentOf(secret: Uint8Array, label: string): { secret: string; uri: string } {
  const totp = totpOf(secret, label);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The newest time step whose code this is and that still counts at `now`, or undefined. */
export function stepOf(secret: Uint8Array, code: string, now: number): number | undefined {
  const totp = totpOf(secret);
  return openSteps(now).find((step) => equal(totp.generate({ timestamp: step * period * 1000 }), code));
}

function totpOf(secret: Uint8Array, label = ''): TOTP {
  return new TOTP({ issuer: 'Sotto', label, secret: new Secret({ buffer: secret.slice().buffer }), period });
}

function equal(left: string, right: string): boolean {
  const utf8 = new TextEncoder();
  return left.length === right.length && timingSafeEqual(utf8.encode(left), utf8.encode(right));
}
