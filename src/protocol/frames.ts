/**
 * What is said on a socket (docs/PROTOCOL.md). The server refuses unknown fields; clients ignore them, since
 * versions overlap at every deploy.
 */
import * as v from 'valibot';
import { idSchema, messageIdSchema } from './ids.ts';
import { groups, sensitivities } from './files.ts';
import { limits } from './limits.ts';
import { maskedKinds } from './marks.ts';

export { ping, pong, subprotocol } from './subprotocol.ts';

const utf8 = new TextEncoder();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A message's text: well-formed, not empty, at most `limits.textBytes` of UTF-8. Kept exactly as sent. */
export const textSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(limits.textBytes),
  v.check((text) => text.isWellFormed(), 'not well-formed Unicode'),
  // A UTF-16 unit takes three bytes at most, so that a short text need not be counted.
  v.check(
    (text) => text.length * 3 <= limits.textBytes || utf8.encode(text).length <= limits.textBytes,
    `longer than ${limits.textBytes} bytes`,
  ),
);

/** Something said, as its client sends it: `since` is the last number that the client knew when it was written. */
export const postSchema = v.strictObject({
  id: messageIdSchema,
  since: count,
  /** A note is for staff alone. */
  kind: v.picklist(['text', 'note']),
  text: textSchema,
});
export type Post = v.InferOutput<typeof postSchema>;

const token = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.tokenLength));

/** Frames from a client to a conversation. */
export const clientFrameSchema = v.variant('type', [
  v.strictObject({
    type: v.literal('post'),
    posts: v.pipe(v.array(postSchema), v.minLength(1), v.maxLength(limits.postsPerFrame)),
  }),
  v.strictObject({ type: v.literal('renew'), ticket: token }),
  v.strictObject({
    type: v.literal('page'),
    before: v.pipe(count, v.minValue(1)),
    limit: v.pipe(count, v.minValue(1), v.maxValue(limits.pageMessages)),
  }),
  v.strictObject({ type: v.literal('typing'), on: v.boolean(), kind: v.picklist(['text', 'note']) }),
  v.strictObject({ type: v.literal('read'), seq: v.pipe(count, v.minValue(1)) }),
]);
export type ClientFrame = v.InferOutput<typeof clientFrameSchema>;

export const presences = ['available', 'away', 'offline'] as const;
export type Presence = (typeof presences)[number];

/** Frames from a client to an inbox: stay, where I am, and the entries after this one. */
export const inboxClientFrameSchema = v.variant('type', [
  v.strictObject({ type: v.literal('renew'), ticket: token }),
  v.strictObject({ type: v.literal('present'), as: v.picklist(['available', 'away']) }),
  v.strictObject({ type: v.literal('more'), after: v.nullable(idSchema('conversation')) }),
]);
export type InboxClientFrame = v.InferOutput<typeof inboxClientFrameSchema>;

const personSchema = idSchema('person');
export const authorSchema = v.variant('kind', [
  v.object({ kind: v.literal('staff'), id: personSchema }),
  v.object({ kind: v.literal('visitor'), id: idSchema('visitor') }),
]);
export type Author = v.InferOutput<typeof authorSchema>;

export const conversationStates = ['waiting', 'claimed', 'closed'] as const;
export type ConversationState = (typeof conversationStates)[number];

/**
 * Who answers for what is known of a customer: their site, or nobody; for an address also a code that was mailed there,
 * which says that somebody who writes here could read it.
 */
export const proofSchema = v.object({
  name: v.nullable(v.literal('site')),
  address: v.nullable(v.picklist(['site', 'code'])),
});
export type Proof = v.InferOutput<typeof proofSchema>;
export const unproved: Proof = { name: null, address: null };

/** What a customer said of themselves, or staff wrote there, or somebody answers for, which `proof` says. */
export const customerSchema = v.object({
  name: v.nullable(v.string()),
  address: v.nullable(v.string()),
  /** A language tag (BCP 47) and a time zone (IANA), as the customer's browser names them. */
  language: v.nullable(v.string()),
  timeZone: v.nullable(v.string()),
  answers: v.array(v.object({ question: v.string(), answer: v.string() })),
  /** Absent in conversations of before somebody could answer for anything. */
  proof: v.optional(proofSchema),
});
export type Customer = v.InferOutput<typeof customerSchema>;

export const ratingSchema = v.object({
  score: v.pipe(count, v.minValue(1), v.maxValue(5)),
  comment: v.nullable(v.string()),
});
export type Rating = v.InferOutput<typeof ratingSchema>;

/** What somebody agreed to before a conversation, and when they took that back; absent: they have not. */
const consentSchema = v.object({ version: v.string(), at: count, withdrawnAt: v.optional(count) });
export type Consent = v.InferOutput<typeof consentSchema>;

/** What staff alone know of a conversation. */
export const backstageSchema = v.object({
  team: idSchema('team'),
  visitor: idSchema('visitor'),
  tags: v.array(v.string()),
  /** Put off until then; a customer's message ends it. */
  snoozedUntil: v.nullable(count),
  customer: customerSchema,
  consent: v.nullable(consentSchema),
  /** A legal hold: by whom and when. */
  hold: v.nullable(v.object({ by: personSchema, at: count })),
  /** It is kept, and nothing else is done with it (GDPR, article 18). */
  restricted: v.optional(v.literal(true)),
});
export type Backstage = v.InferOutput<typeof backstageSchema>;

/** A conversation as its audience sees it. Times are Unix milliseconds. `staff` is for staff alone. */
export const conversationViewSchema = v.object({
  id: idSchema('conversation'),
  site: idSchema('site'),
  state: v.picklist(conversationStates),
  assignee: v.nullable(personSchema),
  startedAt: count,
  page: v.nullable(v.string()),
  rating: v.nullable(ratingSchema),
  staff: v.optional(backstageSchema),
});
export type ConversationView = v.InferOutput<typeof conversationViewSchema>;

/** Why a file is covered: what its name or looks say, what its sender says, or its site's rule. */
export const covers = [...sensitivities, 'sender', 'site'] as const;
export type Cover = (typeof covers)[number];
/**
 * How far a file's scan for malware is, and where it ended. `unscanned`: it could not be scanned, and is closed;
 * `released`: somebody with the right lets it be opened all the same; `gone`: its key is destroyed.
 */
export const fileStates = ['waiting', 'clean', 'blocked', 'unscanned', 'released', 'gone'] as const;
export type FileState = (typeof fileStates)[number];
/** Why a file is gone. */
export const fileEnds = ['expired', 'removed'] as const;

/** A file as everyone in its message's audience sees it. Times are Unix milliseconds. */
export const fileSchema = v.object({
  id: idSchema('file'),
  bytes: count,
  state: v.picklist(fileStates),
  /** When it is gone, or went; a legal hold keeps it beyond that. */
  until: count,
  end: v.optional(v.picklist(fileEnds)),
  /** What is known of it; null once it is gone. */
  about: v.nullable(
    v.object({
      name: v.string(),
      mediaType: v.string(),
      group: v.picklist(groups),
      /** Whether it can be shown, and not only kept. */
      shown: v.boolean(),
      /** Pictures, in pixels. */
      width: v.optional(count),
      height: v.optional(count),
      sensitive: v.array(v.picklist(covers)),
      /** It seems to hold passwords, keys or tokens. */
      secrets: v.boolean(),
    }),
  ),
});
export type FileView = v.InferOutput<typeof fileSchema>;

/** Taken back by its author, or destroyed by somebody with the right; staff are told by whom. */
export const removedSchema = v.object({
  how: v.picklist(['deleted', 'redacted']),
  at: count,
  by: v.optional(authorSchema),
});
export type Removed = v.InferOutput<typeof removedSchema>;

/**
 * A message as everyone in its audience sees it. `scheme` 1: sealed at rest by the server's keys. A note hangs on
 * the number that it follows: `n` counts from 1 and is there for notes alone. Of what was removed the place is
 * left, and `text` is empty, as it is of a file. `masked`: which kinds the marks in `text` stand for.
 */
export const messageSchema = v.object({
  seq: count,
  n: v.optional(v.pipe(count, v.minValue(1))),
  id: v.string(),
  at: count,
  from: authorSchema,
  kind: v.picklist(['text', 'note', 'file']),
  scheme: v.literal(1),
  text: v.string(),
  masked: v.optional(v.array(v.picklist(maskedKinds))),
  file: v.optional(fileSchema),
  removed: v.optional(removedSchema),
});
export type Message = v.InferOutput<typeof messageSchema>;

/** A member of staff as a conversation's audience knows them; `name` is null once it was erased. */
export const participantSchema = v.object({ id: personSchema, name: v.nullable(v.string()) });
export type Participant = v.InferOutput<typeof participantSchema>;

/** Who has this conversation open; for staff alone. */
export const presentSchema = v.object({ staff: v.array(personSchema), visitor: v.boolean() });
export type Present = v.InferOutput<typeof presentSchema>;

/** A place whose message was removed. */
export const removalSchema = v.object({ seq: count, n: v.optional(count), removed: removedSchema });
export type Removal = v.InferOutput<typeof removalSchema>;

/** Frames from a conversation to a client. */
export const serverFrameSchema = v.variant('type', [
  v.object({
    type: v.literal('welcome'),
    conversation: conversationViewSchema,
    you: v.object({ from: authorSchema, until: count }),
    epoch: v.string(),
    head: count,
    /** Staff: how many notes hang on the head. */
    n: v.optional(count),
    people: v.array(participantSchema),
    /** How far each has read. */
    read: v.array(v.object({ from: authorSchema, seq: count })),
    present: v.optional(presentSchema),
  }),
  v.object({
    type: v.literal('messages'),
    messages: v.array(messageSchema),
    older: v.optional(v.literal(true)),
  }),
  v.object({ type: v.literal('refused'), id: v.optional(v.string()), code: v.string(), detail: v.string() }),
  v.object({ type: v.literal('people'), people: v.array(participantSchema) }),
  v.object({ type: v.literal('changed'), conversation: conversationViewSchema }),
  v.object({ type: v.literal('removed'), removals: v.array(removalSchema) }),
  /** What has become of the file at this place. */
  v.object({ type: v.literal('file'), seq: count, file: fileSchema }),
  v.object({
    type: v.literal('typing'),
    from: authorSchema,
    kind: v.picklist(['text', 'note']),
    on: v.boolean(),
  }),
  v.object({ type: v.literal('read'), from: authorSchema, seq: count }),
  v.object({ type: v.literal('present'), present: presentSchema }),
  v.object({ type: v.literal('renewed'), until: count }),
]);
export type ServerFrame = v.InferOutput<typeof serverFrameSchema>;

/** A conversation's line in an inbox: no text and no preview. `waitingSince` is null while nobody waits for us. */
export const inboxEntrySchema = v.object({
  id: idSchema('conversation'),
  site: idSchema('site'),
  team: idSchema('team'),
  state: v.picklist(conversationStates),
  assignee: v.nullable(personSchema),
  snoozedUntil: v.nullable(count),
  waitingSince: v.nullable(count),
  startedAt: count,
  changedAt: count,
  version: count,
});
export type InboxEntry = v.InferOutput<typeof inboxEntrySchema>;

/** A member of the team, or somebody who holds one of its conversations, and whether they are there. */
export const colleagueSchema = v.object({
  id: personSchema,
  name: v.nullable(v.string()),
  presence: v.picklist(presences),
  /** A member who may have the team's conversations, and so may be handed one. */
  answers: v.boolean(),
});
export type Colleague = v.InferOutput<typeof colleagueSchema>;

/**
 * Frames from an inbox to a client: first the most urgent entries, then on request the others by id, and each entry
 * as it changes; the higher version wins. An entry with another team has left this inbox; `gone` is one that the reader
 * may not see any more.
 */
export const inboxServerFrameSchema = v.variant('type', [
  v.object({
    type: v.literal('list'),
    until: count,
    entries: v.array(inboxEntrySchema),
    /** Whether there are more than these. */
    more: v.boolean(),
    people: v.array(colleagueSchema),
  }),
  v.object({ type: v.literal('page'), entries: v.array(inboxEntrySchema), more: v.boolean() }),
  v.object({ type: v.literal('people'), people: v.array(colleagueSchema) }),
  v.object({ type: v.literal('entry'), entry: inboxEntrySchema }),
  v.object({ type: v.literal('gone'), id: idSchema('conversation'), version: count }),
  v.object({ type: v.literal('refused'), code: v.string(), detail: v.string() }),
  v.object({ type: v.literal('renewed'), until: count }),
]);
export type InboxServerFrame = v.InferOutput<typeof inboxServerFrameSchema>;
