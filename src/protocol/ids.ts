/**
 * Ids. Those that the server mints carry their kind as a prefix and 128 random or keyed bits as base64url, so
 * that none can be guessed and none can stand in another's place. A message's id is a UUID made by its client.
 */
import * as v from 'valibot';

const prefixes = {
  alarm: 'alm',
  ban: 'ban',
  containment: 'ctn',
  conversation: 'con',
  copy: 'cop',
  drill: 'dri',
  file: 'fil',
  identityKey: 'idk',
  incident: 'inc',
  lesson: 'les',
  person: 'per',
  reply: 'rep',
  request: 'req',
  role: 'rol',
  session: 'ses',
  site: 'sit',
  team: 'tea',
  visitor: 'vis',
  webhook: 'whk',
} as const;

export type IdKind = keyof typeof prefixes;
export type Id<Kind extends IdKind> = string & { readonly __kind: Kind };
export type AlarmId = Id<'alarm'>;
export type BanId = Id<'ban'>;
export type ContainmentId = Id<'containment'>;
export type ConversationId = Id<'conversation'>;
export type CopyId = Id<'copy'>;
export type DrillId = Id<'drill'>;
export type FileId = Id<'file'>;
export type IdentityKeyId = Id<'identityKey'>;
export type IncidentId = Id<'incident'>;
export type LessonId = Id<'lesson'>;
export type PersonId = Id<'person'>;
export type ReplyId = Id<'reply'>;
export type RequestId = Id<'request'>;
export type RoleId = Id<'role'>;
export type SessionId = Id<'session'>;
export type SiteId = Id<'site'>;
export type TeamId = Id<'team'>;
export type VisitorId = Id<'visitor'>;
export type WebhookId = Id<'webhook'>;

const idBytes = 16;

/** An id of this kind from 16 bytes or more, of which the first 16 are used. */
export function idFrom<Kind extends IdKind>(kind: Kind, bytes: Uint8Array): Id<Kind> {
  if (bytes.length < idBytes) throw new RangeError(`an id needs ${idBytes} bytes`);
  const text = btoa(String.fromCharCode(...bytes.subarray(0, idBytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .slice(0, 22);
  return `${prefixes[kind]}_${text}` as Id<Kind>;
}

/** A fresh random id. */
export function newId<Kind extends IdKind>(kind: Kind): Id<Kind> {
  return idFrom(kind, crypto.getRandomValues(new Uint8Array(idBytes)));
}

/** The schema of an id of this kind. */
export function idSchema<Kind extends IdKind>(kind: Kind) {
  // The last of 22 characters carries two bits, so only four are canonical: one id has one spelling.
  const shape = new RegExp(`^${prefixes[kind]}_[A-Za-z0-9_-]{21}[AQgw]$`);
  return v.custom<Id<Kind>>((value) => typeof value === 'string' && shape.test(value), `not a ${kind} id`);
}

export function isId<Kind extends IdKind>(kind: Kind, value: unknown): value is Id<Kind> {
  return v.is(idSchema(kind), value);
}

const ofAnyKind = v.union((Object.keys(prefixes) as IdKind[]).map((kind) => idSchema(kind)));

/** Whether it is the id of something, of whichever kind. */
export function isAnyId(value: unknown): value is Id<IdKind> {
  return v.is(ofAnyKind, value);
}

/** A message's id: a UUID in lower case, as `crypto.randomUUID()` writes it (RFC 9562). */
export const messageIdSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'not a lower-case UUID'),
);
