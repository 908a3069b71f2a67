/**
 * What is said on a socket (docs/PROTOCOL.md). The server refuses unknown fields; clients ignore them, since
 * versions overlap at every deploy.
 */
import * as v from 'valibot';
import { idSchema, messageIdSchema } from './ids.ts';
import { limits } from './limits.ts';

export const subprotocol = 'sotto.v1';
export const ping = 'ping';
export const pong = 'pong';

const utf8 = new TextEncoder();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A message's text: well-formed, not empty, at most `limits.textBytes` of UTF-8. Kept exactly as sent. */
export const textSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(limits.textBytes),
  v.check((text) => text.isWellFormed(), 'not well-formed Unicode'),
  v.check((text) => utf8.encode(text).length <= limits.textBytes, `longer than ${limits.textBytes} bytes`),
);

/** Something said, as its client sends it: `since` is the last number that the client knew when it was written. */
export const postSchema = v.strictObject({
  id: messageIdSchema,
  since: count,
  kind: v.literal('text'),
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
]);
export type ClientFrame = v.InferOutput<typeof clientFrameSchema>;

/** Frames from a client to an inbox. */
export const inboxClientFrameSchema = v.variant('type', [
  v.strictObject({ type: v.literal('renew'), ticket: token }),
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

/** A conversation as its audience sees it. Times are Unix milliseconds. */
export const conversationViewSchema = v.object({
  id: idSchema('conversation'),
  site: idSchema('site'),
  state: v.picklist(conversationStates),
  assignee: v.nullable(personSchema),
  startedAt: count,
  page: v.nullable(v.string()),
});
export type ConversationView = v.InferOutput<typeof conversationViewSchema>;

/** A message as everyone in its audience sees it. `scheme` 1: sealed at rest by the server's keys. */
export const messageSchema = v.object({
  seq: count,
  id: v.string(),
  at: count,
  from: authorSchema,
  kind: v.literal('text'),
  scheme: v.literal(1),
  text: v.string(),
});
export type Message = v.InferOutput<typeof messageSchema>;

/** A member of staff as a conversation's audience knows them; `name` is null once it was erased. */
export const participantSchema = v.object({ id: personSchema, name: v.nullable(v.string()) });
export type Participant = v.InferOutput<typeof participantSchema>;

/** Frames from a conversation to a client. */
export const serverFrameSchema = v.variant('type', [
  v.object({
    type: v.literal('welcome'),
    conversation: conversationViewSchema,
    you: v.object({ from: authorSchema, until: count }),
    epoch: v.string(),
    head: count,
    people: v.array(participantSchema),
  }),
  v.object({
    type: v.literal('messages'),
    messages: v.array(messageSchema),
    older: v.optional(v.literal(true)),
  }),
  v.object({ type: v.literal('refused'), id: v.optional(v.string()), code: v.string(), detail: v.string() }),
  v.object({ type: v.literal('people'), people: v.array(participantSchema) }),
  v.object({ type: v.literal('changed'), conversation: conversationViewSchema }),
  v.object({ type: v.literal('renewed'), until: count }),
]);
export type ServerFrame = v.InferOutput<typeof serverFrameSchema>;

/** A conversation's line in an inbox: no text and no preview. `waitingSince` is null while nobody waits for us. */
export const inboxEntrySchema = v.object({
  id: idSchema('conversation'),
  site: idSchema('site'),
  state: v.picklist(conversationStates),
  assignee: v.nullable(personSchema),
  waitingSince: v.nullable(count),
  startedAt: count,
  changedAt: count,
  version: count,
});
export type InboxEntry = v.InferOutput<typeof inboxEntrySchema>;

/** Frames from an inbox to a client: first the list, then each entry as it changes; the higher version wins. */
export const inboxServerFrameSchema = v.variant('type', [
  v.object({ type: v.literal('list'), until: count, entries: v.array(inboxEntrySchema) }),
  v.object({ type: v.literal('entry'), entry: inboxEntrySchema }),
  v.object({ type: v.literal('refused'), code: v.string(), detail: v.string() }),
  v.object({ type: v.literal('renewed'), until: count }),
]);
export type InboxServerFrame = v.InferOutput<typeof inboxServerFrameSchema>;
