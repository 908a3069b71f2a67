/** Sotto's own keys, as whoever rotates them sees them. */
import * as v from 'valibot';
import { idSchema } from './ids.ts';

export type KeyPurpose = 'data' | 'pepper' | 'lookup' | 'token' | 'ledger';
export type KeyDue = 'later' | 'soon' | 'over';

/** What lies under keys, in the order in which it is wrapped anew. */
export type KeyHolder =
  | 'people'
  | 'visitors'
  | 'bans'
  | 'requests'
  | 'incidents'
  | 'ledger'
  | 'conversations'
  | 'keyStore'
  | 'passwords'
  | 'siteSecrets'
  | 'witness'
  | 'contracts'
  | 'controller'
  | 'incidentPolicies'
  | 'incidentContacts'
  | 'checkExceptions'
  | 'alarms';

/** How far a retired key's things are wrapped anew. `holder`: what is next; `left`: what could not be. */
export type KeyRotation = { done: number; holder: KeyHolder | null; isOver: boolean; left: number };
/** `lasts`: Unix milliseconds; `due`: of an active key, when it is to be renewed. */
export type KeyView = {
  id: number;
  purpose: KeyPurpose;
  state: 'active' | 'retired';
  createdAt: number;
  lasts: number | null;
  uses: number | null;
  mostUses: number | null;
  due: KeyDue | null;
  rotation: KeyRotation | null;
};
/** What is sealed anew, in this order; at first nobody may use former keys any more, and at last a backup is begun. */
export type EmergencyStage =
  'wait' | 'conversation' | 'ledger' | 'bans' | 'requests' | 'incidents' | 'visitors' | 'people' | 'backup';
/**
 * How far everything is sealed anew under keys of its own. `stage`: what is next, null once it is over; `done`: stretches of
 * messages, files, months of somebody in the ledger, and rows; `left`: what could not be, or not all of it; `isOfOne`: it is
 * for one conversation alone.
 */
export type Emergency = {
  begunAt: number;
  done: number;
  stage: EmergencyStage | null;
  isOver: boolean;
  left: number;
  isOfOne: boolean;
};
/** The newest root in KEYRING, which is renewed by the command line alone. Unix milliseconds; `since`: null, not noted yet. */
export type RootView = { root: number; since: number | null; lasts: number; due: KeyDue };
/**
 * By purpose, the active one first. `emergency`: the newest; null: there was none. `archived`: how many months of somebody
 * may lie in the ledger's archive, where what is personal is not sealed anew.
 */
export type KeysAnswer = { keys: KeyView[]; root: RootView; emergency: Emergency | null; archived: number };
/** Null: all of them. */
export const emergencyRequest = v.strictObject({ conversation: v.nullable(idSchema('conversation')) });
/** `leaked`: of a key that signs tokens, that nothing which it signed is believed any more. */
export const keyRenewRequest = v.strictObject({ leaked: v.optional(v.boolean(), false) });
