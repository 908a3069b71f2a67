/** HTTP bodies under `/api/v1`, what is asked and what is answered. Requests refuse unknown fields. */
import * as v from 'valibot';
import {
  addressSchema,
  codePoints,
  languageSchema,
  nameSchema,
  reasonSchema,
  versionSchema,
  wellFormed,
} from './fields.ts';
import {
  conversationViewSchema,
  messageSchema,
  postSchema,
  type removalSchema,
  textSchema,
} from './frames.ts';
import { idSchema, messageIdSchema, type PersonId, type ReplyId, type TeamId } from './ids.ts';
import { groups } from './files.ts';
import type { ProfileId } from './laws.ts';
import { limits } from './limits.ts';
import { plainMasking } from './marks.ts';
import { type Role, roleSchema } from './roles.ts';
import type { Palettes } from './palette.ts';

/**
 * An origin as browsers write it: scheme, host, optional port, nothing else. It stands in a header, and URL parsers
 * let `*`, `;` and quotes pass as a host, so the letters of a host are named here.
 */
export const originSchema = v.pipe(
  v.string(),
  v.maxLength(300),
  v.regex(/^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/, 'not an http(s) origin'),
  v.check((text) => URL.parse(text)?.origin === text, 'not an origin'),
);

export const personStates = ['invited', 'active', 'disabled'] as const;
export type PersonState = (typeof personStates)[number];

export type Person = {
  id: PersonId;
  name: string;
  address: string;
  role: Role;
  /** What a role that the organisation made is called; null for one that is built in. */
  roleName: string | null;
  teams: TeamId[];
  state: PersonState;
};

// People
export const emptyRequest = v.strictObject({});
export const inviteRequest = v.strictObject({
  name: nameSchema,
  address: addressSchema,
  role: roleSchema,
  teams: v.pipe(
    v.array(idSchema('team')),
    v.maxLength(limits.teamsPerPerson),
    v.check((teams) => new Set(teams).size === teams.length, 'not each once'),
  ),
});
export const personChangeRequest = v.partial(
  v.strictObject({ state: v.picklist(['active', 'disabled']), role: roleSchema }),
);
/** Who asked that somebody's second factors are taken away, and when, in Unix milliseconds. */
export type ResetWish = { by: PersonId; at: number };
/** `hasFactor`: whether they have a second factor yet. */
export type Colleague = Person & { hasFactor: boolean; reset: ResetWish | null };
export type PeopleAnswer = { people: Colleague[] };
/** Of signing everybody out: how many were, and how many stand above whoever asked. */
export type EverybodyAnswer = { signedOut: number; above: number };
export type PersonAnswer = { person: { id: PersonId } };
export type Team = { id: TeamId; name: string };
export type TeamsAnswer = { teams: Team[] };
export const teamRequest = v.strictObject({ name: nameSchema });
const members = v.pipe(v.array(idSchema('person')), v.maxLength(limits.membersPerTeam));
export const teamChangeRequest = v.partial(v.strictObject({ name: nameSchema, members }));
export type TeamAnswer = { team: Team };
export type MembersAnswer = { members: PersonId[] };
export const rebuildRequest = v.strictObject({ after: v.nullable(idSchema('conversation')) });
/** How many conversations told the inbox anew, and where to go on; null when all have. */
export type RebuildAnswer = { told: number; next: string | null };

// Canned replies
/** Up to the limit in code points, well-formed, not blank. */
const textUpTo = (most: number) =>
  v.pipe(
    v.string(),
    v.maxLength(most * 2),
    wellFormed,
    v.check((text) => text.trim() !== '', 'empty'),
    v.check((text) => codePoints(text) <= most, `longer than ${most} characters`),
  );
export const replyRequest = v.strictObject({
  /** Null: for every team. */
  team: v.nullable(idSchema('team')),
  shortcut: v.pipe(
    v.string(),
    v.maxLength(limits.shortcutLength),
    v.regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u, 'not one word'),
  ),
  text: textSchema,
});
export const replyChangeRequest = v.partial(replyRequest);
export type CannedReply = { id: ReplyId; team: TeamId | null; shortcut: string; text: string };
export type RepliesAnswer = { replies: CannedReply[] };
export type ReplyAnswer = { reply: CannedReply };

// Sites
/** A text in several languages, by BCP 47 tag. */
const localised = v.pipe(
  v.record(languageSchema, textUpTo(limits.siteTextLength)),
  v.check((texts) => Object.keys(texts).length <= limits.languages, 'too many languages'),
);
export type Localised = v.InferOutput<typeof localised>;
const timeZone = v.pipe(v.string(), v.maxLength(64), v.check(isTimeZone, 'not a time zone'));
const minute = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_440));
const span = v.pipe(
  v.strictObject({ from: minute, to: minute }),
  v.check(({ from, to }) => from < to, 'ends before it begins'),
);
/** When somebody is there: for each day of the week from Monday on, spans in minutes since midnight there. */
const hoursSchema = v.strictObject({
  timeZone,
  week: v.pipe(v.array(v.pipe(v.array(span), v.maxLength(6))), v.length(7)),
});
export type Hours = v.InferOutput<typeof hoursSchema>;
export const questionKinds = ['name', 'address', 'text'] as const;
const questionSchema = v.strictObject({
  kind: v.picklist(questionKinds),
  /** What is asked; for a name or an address the widget has words of its own. */
  label: localised,
  required: v.boolean(),
});
export type Question = v.InferOutput<typeof questionSchema>;
/** What files a site takes, for how long, and what it takes to open one. */
const fileRulesSchema = v.strictObject({
  /** Which kinds; none: no files. */
  groups: v.pipe(
    v.array(v.picklist(groups)),
    v.check((groups) => new Set(groups).size === groups.length, 'not each once'),
  ),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.fileBytes)),
  days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.fileDaysMax)),
  /** Whether each is covered, or those alone that look like it or whose sender says so. */
  sensitive: v.picklist(['all', 'some']),
  /** Whether customers prove by a mailed code that it is they before they open one. */
  code: v.boolean(),
});
export type FileRules = v.InferOutput<typeof fileRulesSchema>;
/** What is masked in messages before anything of them is kept or passed on. */
const maskingSchema = v.strictObject({
  cards: v.boolean(),
  ibans: v.boolean(),
  nationalIds: v.boolean(),
  secrets: v.boolean(),
});
export const siteSettingsSchema = v.strictObject({
  /** The site's colour; the widget keeps the contrast. */
  colour: v.nullable(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/, 'not a colour like #175c4c'))),
  title: localised,
  greeting: localised,
  /** Null: always open. */
  hours: v.nullable(hoursSchema),
  questions: v.pipe(v.array(questionSchema), v.maxLength(limits.questions)),
  /** Asked for before the first message; a new version asks anew. */
  consent: v.nullable(
    v.strictObject({
      version: versionSchema,
      text: localised,
    }),
  ),
  files: fileRulesSchema,
  /** How many days after the last that happened in it a conversation is erased; null: never. */
  keptDays: v.nullable(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.conversationDaysMax)),
  ),
  /** How many days after they were last seen whoever has no conversation left is erased; null: never. */
  visitorDays: v.nullable(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.conversationDaysMax)),
  ),
  masking: maskingSchema,
});
export type SiteSettings = v.InferOutput<typeof siteSettingsSchema>;
export const plainSettings: SiteSettings = {
  colour: null,
  title: {},
  greeting: {},
  hours: null,
  questions: [],
  consent: null,
  files: {
    groups: ['image', 'pdf', 'text', 'office', 'audio', 'video'],
    bytes: limits.fileBytes,
    days: limits.fileDays,
    sensitive: 'some',
    code: false,
  },
  keptDays: limits.conversationDays,
  visitorDays: limits.visitorDays,
  masking: plainMasking,
};

export const siteRequest = v.strictObject({
  name: nameSchema,
  team: idSchema('team'),
  origins: v.pipe(v.array(originSchema), v.minLength(1), v.maxLength(limits.originsPerSite)),
});
export const siteChangeRequest = v.partial(
  v.strictObject({ ...siteRequest.entries, settings: siteSettingsSchema }),
);
export type Site = { id: string; name: string; team: string; origins: string[]; settings: SiteSettings };
/** `profiles`: those that are on. */
export type SitesAnswer = { sites: Site[]; profiles: ProfileId[] };
export type SiteAnswer = { site: Site };
/** What a widget shows before anything is written. `online`: somebody is there; `away`: nobody right now. */
export type WidgetAnswer = {
  name: string;
  settings: SiteSettings;
  /** What the site's colour makes of the widget; null where it has Sotto's own. */
  palettes: Palettes | null;
  /** `unavailable`: for now nobody can write there, whatever its hours say. */
  state: 'online' | 'away' | 'closed' | 'unavailable';
  /** When it opens next, in Unix milliseconds, if it is closed and ever opens. */
  opensAt: number | null;
};

// Conversations
export const beginRequest = v.strictObject({
  id: messageIdSchema,
  text: textSchema,
  /** The page that the customer writes from, without query and fragment. */
  page: v.optional(v.pipe(v.string(), v.maxLength(limits.pageLength), wellFormed)),
  /** What the customer says of themselves. Answers stand in the order of the site's questions of kind `text`. */
  customer: v.optional(
    v.strictObject({
      name: v.optional(nameSchema),
      address: v.optional(addressSchema),
      language: v.optional(languageSchema),
      timeZone: v.optional(timeZone),
      answers: v.optional(
        v.pipe(v.array(v.nullable(textUpTo(limits.answerLength))), v.maxLength(limits.questions)),
      ),
    }),
  ),
  /** The version of what they consented to. */
  consent: v.optional(v.pipe(v.string(), v.maxLength(40))),
});
export type BeginRequest = v.InferOutput<typeof beginRequest>;
export const beginAnswer = v.object({ conversation: conversationViewSchema, message: messageSchema });
export type BeginAnswer = v.InferOutput<typeof beginAnswer>;
export type ConversationsAnswer = { conversations: { id: string; state: string; startedAt: number }[] };
export const historyQuery = v.strictObject({
  before: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/), v.transform(Number))),
  limit: v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]\d{0,2}$/), v.transform(Number), v.maxValue(limits.pageMessages)),
  ),
});
export type HistoryAnswer = { messages: v.InferOutput<typeof messageSchema>[] };
export type ConversationAnswer = { conversation: v.InferOutput<typeof conversationViewSchema> };
/** To a person of the conversation's team, or to another team's queue. The note travels in the same commit. */
export const handOverRequest = v.strictObject({
  to: v.union([idSchema('person'), idSchema('team')]),
  note: v.optional(v.omit(postSchema, ['kind', 'since'])),
});
export type HandOver = v.InferOutput<typeof handOverRequest>;
export const snoozeRequest = v.strictObject({ until: v.nullable(v.pipe(v.number(), v.safeInteger())) });
/** Why a legal hold begins; null ends it. */
export const holdRequest = v.strictObject({ reason: v.nullable(reasonSchema) });
const tagSchema = v.pipe(
  nameSchema,
  v.check((text) => codePoints(text) <= limits.tagLength, `longer than ${limits.tagLength} characters`),
);
export const tagsRequest = v.strictObject({
  tags: v.pipe(
    v.array(tagSchema),
    v.maxLength(limits.tags),
    v.check((tags) => new Set(tags).size === tags.length, 'not each once'),
  ),
});
export const ratingRequest = v.strictObject({
  score: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5)),
  comment: v.nullable(textUpTo(limits.commentLength)),
});
export const customerRequest = v.strictObject({
  name: v.optional(v.nullable(nameSchema)),
  address: v.optional(v.nullable(addressSchema)),
});
export const removalRequest = v.strictObject({
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  n: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  how: v.picklist(['deleted', 'redacted']),
});
export type RemovalAnswer = { removal: v.InferOutput<typeof removalSchema> };
/** A customer's other conversations on the same site, newest first. */
export type EarlierAnswer = { conversations: { id: string; state: string; startedAt: number }[] };
export const namesRequest = v.strictObject({
  ids: v.pipe(v.array(idSchema('conversation')), v.minLength(1), v.maxLength(limits.namesAtOnce)),
});
/**
 * What customers are called, by conversation. Left out are those who gave no name, and conversations that the asker
 * may not read or that did not answer.
 */
export type NamesAnswer = {
  names: Record<string, string>;
  /** The conversations whose customer's name their site answers for. */
  verified: string[];
  /** Those whose customer has proved their address by a code. */
  proved: string[];
};
export type TicketAnswer = { ticket: string };

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
