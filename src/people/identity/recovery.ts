/**
 * Recovery codes: ten, each good once, for whoever does not have their second factor at hand. With 120 random bits
 * each they need no slow hash (OWASP ASVS 5.0, 6.5.2 asks for one below 112 bits); what is kept of them is keyed, so
 * that a stolen database is of no use.
 */
import type { PersonId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Vault } from '../../vault.ts';

const count = 10;
const groupLength = 4;

/** As they are shown: six groups of four, without letters that look like others (Crockford's base 32). */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: count }, () => readableSecret(limits.recoveryCodeLength));
}

/** That many letters of 5 random bits each, in groups that a person can copy. */
export function readableSecret(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  const letters = Array.from(bytes, (byte) => limits.recoveryAlphabet.charAt(byte & 31)).join('');
  return letters.match(new RegExp(`.{${groupLength}}`, 'g'))?.join('-') ?? letters;
}

/** What the account keeps of a code, and compares. @param code as the request's schema leaves it */
export async function recoveryHash(vault: Vault, person: PersonId, code: string): Promise<string> {
  return (await vault.lookup('recovery', `${person}.${code.replaceAll('-', '')}`)).toHex();
}
