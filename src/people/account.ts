/** Accounts: the door to a member of staff's object. */
import type { Env } from '../config.ts';
import type { PersonId } from '../protocol/ids.ts';
import { objectOf } from '../residency.ts';
import type { Account } from './account/object.ts';

export { isFresh, openSteps, type Proof, type Rights, type Session, type Whence } from './account/rules.ts';
export type { NewSession } from './account/object.ts';
export type { Room, SessionState, TakenSeat } from './account/seats.ts';

export type AccountStub = DurableObjectStub<Account>;

export function accountOf(env: Env, person: PersonId): AccountStub {
  return stubOf(env, person);
}

/** The stand-in for an address that nobody has, by the address's keyed hash in hexadecimal. */
export function strangerOf(env: Env, lookup: Uint8Array): AccountStub {
  return stubOf(env, `stranger_${lookup.toHex()}`);
}

function stubOf(env: Env, name: string): AccountStub {
  return objectOf(env, 'Account', name) as AccountStub;
}
