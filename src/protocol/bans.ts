/** HTTP bodies about bans: who may not write for a while, and why. */
import * as v from 'valibot';
import { addressSchema, reasonSchema } from './fields.ts';
import type { BanId, PersonId, TeamId } from './ids.ts';
import { lifetimes } from './limits.ts';

export const banKinds = ['visitor', 'address', 'network'] as const;
export type BanKind = (typeof banKinds)[number];

const why = {
  reason: reasonSchema,
  /** For how long, in milliseconds. */
  lasts: v.pipe(v.number(), v.safeInteger(), v.minValue(60_000), v.maxValue(lifetimes.ban)),
};
/** Of the customer of a conversation: themselves, the address that is proved, or the network that they write from. */
export const customerBanRequest = v.strictObject({ kind: v.picklist(banKinds), ...why });
/** Of nobody in particular. A network is an IPv4 /24 or an IPv6 /48, or any address in it. */
export const banRequest = v.variant('kind', [
  v.strictObject({ kind: v.literal('address'), target: addressSchema, ...why }),
  v.strictObject({ kind: v.literal('network'), target: v.pipe(v.string(), v.maxLength(60)), ...why }),
]);
/** `target`: an address or a network, where it is known which. `team`: whose conversation it comes from. Unix milliseconds. */
export type Ban = {
  id: BanId;
  kind: BanKind;
  target: string | null;
  reason: string;
  team: TeamId | null;
  by: PersonId;
  at: number;
  until: number;
};
export type BansAnswer = { bans: Ban[] };
export type BanAnswer = { ban: Ban };
