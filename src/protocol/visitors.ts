/** HTTP bodies about visitors: who somebody is on a site, and the keys by which a site vouches for its customers. */
import * as v from 'valibot';
import type { Proof } from './frames.ts';
import { addressSchema, languageSchema } from './fields.ts';
import { type ConversationId, type IdentityKeyId, idSchema, type SiteId, type VisitorId } from './ids.ts';

export const visitorRequest = v.strictObject({
  /** What the site's page says of its customer: a token that the site has signed, or null for nobody. */
  vouch: v.optional(v.nullable(v.string())),
});
export type VisitorSession = {
  access: string;
  expires: number;
  now: number;
  /** `vouched`: their site says who they are. */
  visitor: { id: string; vouched: boolean; proof: Proof };
  queueKey: string;
};

/** A code is mailed to this address, in words of this language if there are some. */
export const codeRequest = v.strictObject({
  address: addressSchema,
  language: v.optional(languageSchema),
});
/** Until when it is good, and when another one can be asked for, in Unix milliseconds. */
export type CodeAnswer = { until: number; again: number };
/** The code that came, and where it came. Whoever gives it back is answered as a visitor of this site. */
export const proofRequest = v.strictObject({
  address: addressSchema,
  code: v.pipe(v.string(), v.regex(/^\d{6}$/, 'not six digits')),
});

const coordinate = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/, 'not 32 bytes of base64url'));
/** A public key as a JWK (RFC 7517). Which algorithm it verifies follows from it, and from nothing else. */
const publicKeySchema = v.pipe(
  v.record(v.string(), v.unknown()),
  v.check((jwk) => !('d' in jwk || 'k' in jwk), 'holds a private key'),
  v.variant('kty', [
    v.object({ kty: v.literal('OKP'), crv: v.literal('Ed25519'), x: coordinate }),
    v.object({ kty: v.literal('EC'), crv: v.literal('P-256'), x: coordinate, y: coordinate }),
    // From 2,048 bits to 4,096.
    v.object({
      kty: v.literal('RSA'),
      n: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{342,683}$/, 'not of 2,048 to 4,096 bits')),
      e: v.literal('AQAB'),
    }),
  ]),
);
export type PublicKey = v.InferOutput<typeof publicKeySchema>;
/** Without a public key Sotto makes a secret. */
export const identityKeyRequest = v.strictObject({ publicKey: v.nullable(publicKeySchema) });
export const identityAlgorithms = ['EdDSA', 'ES256', 'RS256', 'HS256'] as const;
export type IdentityAlgorithm = (typeof identityAlgorithms)[number];
/** `thumbprint`: of a public key (RFC 7638); a secret has none. */
export type IdentityKey = {
  id: IdentityKeyId;
  alg: IdentityAlgorithm;
  thumbprint: string | null;
  createdAt: number;
};
export type IdentityKeysAnswer = { keys: IdentityKey[] };
/** `secret`: the one that was made, which is shown now and never again. */
export type IdentityKeyAnswer = { key: IdentityKey; secret: string | null };

// Visitors who have written, for staff
/** Those after this one in the list: seen before then or, at the very same time, with a lower id. */
export const visitorsQuery = v.strictObject({
  before: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/), v.transform(Number))),
  id: v.optional(idSchema('visitor')),
});
export type VisitorsQuery = v.InferOutput<typeof visitorsQuery>;
/** `newest`: the conversation in which they were last seen, at that time in Unix milliseconds. */
export type SeenVisitor = {
  id: VisitorId;
  site: SiteId;
  newest: ConversationId;
  conversations: number;
  lastAt: number;
  banned: boolean;
};
export type VisitorsAnswer = { visitors: SeenVisitor[] };
