/**
 * Refresh tokens: 256 bits that only the vault's key and the session's random salt give together. So nothing that
 * could be stolen from the account's rows is a token, and the same successor can be given twice (refreshRule).
 */
import { timingSafeEqual } from 'node:crypto';
import type { PersonId, SessionId } from '../../protocol/ids.ts';
import type { Vault } from '../../vault.ts';

export type RefreshPlace = { person: PersonId; session: SessionId; generation: number };
export type HeldRefresh = RefreshPlace & { token: string };

export async function refreshTokenOf(vault: Vault, salt: Uint8Array, place: RefreshPlace): Promise<string> {
  const { person, session, generation } = place;
  const mac = await vault.lookup('refresh', [person, session, generation, salt.toHex()].join('.'));
  return mac.toBase64({ alphabet: 'base64url', omitPadding: true });
}

export async function isRefreshToken(vault: Vault, salt: Uint8Array, held: HeldRefresh): Promise<boolean> {
  const utf8 = new TextEncoder();
  const expected = utf8.encode(await refreshTokenOf(vault, salt, held));
  const given = utf8.encode(held.token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
