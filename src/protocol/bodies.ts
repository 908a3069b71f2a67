/** HTTP bodies under `/api/v1`, what is asked and what is answered. Requests refuse unknown fields. */
import * as v from 'valibot';
import { conversationViewSchema, messageSchema, textSchema } from './frames.ts';
import { idSchema, messageIdSchema, type PersonId, type TeamId } from './ids.ts';
import { limits } from './limits.ts';

const codePoints = (text: string) => [...text].length;
const wellFormed = v.check((text: string) => text.isWellFormed(), 'not well-formed Unicode');

/** A name for people to read: one line, no control or direction-changing characters, trimmed. */
export const nameSchema = v.pipe(
  v.string(),
  v.maxLength(limits.nameLength * 2),
  wellFormed,
  v.trim(),
  v.nonEmpty(),
  v.check((text) => codePoints(text) <= limits.nameLength, `longer than ${limits.nameLength} characters`),
  v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'holds control characters'),
);

/** An e-mail address; compared in lower case. */
export const addressSchema = v.pipe(
  v.string(),
  v.maxLength(limits.addressLength),
  v.trim(),
  v.regex(/^[^\s@<>"(),:;\\[\]\p{Cc}\p{Cf}]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/iu, 'not an e-mail address'),
  v.toLowerCase(),
);

/** A password as typed, in NFC. Its fitness to be chosen is judged apart, so that old ones still open. */
const passwordSchema = v.pipe(
  v.string(),
  v.maxLength(limits.passwordMax * 4),
  wellFormed,
  v.transform((text) => text.normalize('NFC')),
  v.check((text) => codePoints(text) <= limits.passwordMax, `longer than ${limits.passwordMax} characters`),
);
/** A password that somebody chooses: its length counts in code points, and nothing else about it does here. */
export const newPasswordSchema = v.pipe(
  passwordSchema,
  v.check((text) => codePoints(text) >= limits.passwordMin, `shorter than ${limits.passwordMin} characters`),
);

/** A one-time code as typed, spaces allowed. */
const codeSchema = v.pipe(
  v.string(),
  v.maxLength(16),
  v.transform((text) => text.replaceAll(/\s/g, '')),
  v.regex(/^\d{6}$/, 'not six digits'),
);
/** An invitation's token: whose it is, and 256 random bits. */
const invitationToken = v.pipe(
  v.string(),
  v.regex(/^per_[A-Za-z0-9_-]{21}[AQgw]\.[A-Za-z0-9_-]{43}$/, 'not an invitation'),
);

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

export const roles = ['owner', 'admin', 'supervisor', 'agent', 'auditor'] as const;
export type Role = (typeof roles)[number];
export const roleSchema = v.picklist(roles);
export const personStates = ['invited', 'active', 'disabled'] as const;
export type PersonState = (typeof personStates)[number];

// Set-up
export const setupRequest = v.strictObject({
  owner: v.strictObject({ name: nameSchema, address: addressSchema, password: newPasswordSchema }),
  team: v.strictObject({ name: nameSchema }),
});
export type SetupStatus = { needed: boolean };

// Sign-in of staff
export const signInRequest = v.strictObject({ address: addressSchema, password: passwordSchema });
export type SignInAnswer = { next: 'enrol' | 'totp'; token: string };
export const codeRequest = v.strictObject({ code: codeSchema });
export type EnrolmentAnswer = { secret: string; uri: string };
export const emptyRequest = v.strictObject({});

export type Person = {
  id: PersonId;
  name: string;
  address: string;
  role: Role;
  teams: TeamId[];
  state: PersonState;
};

/** `expires` is when the access token runs out, in Unix milliseconds of the server; `now` is its clock. */
export type StaffSession = { access: string; expires: number; now: number; person: Person };

// People
export const inviteRequest = v.strictObject({
  name: nameSchema,
  address: addressSchema,
  role: roleSchema,
  teams: v.pipe(
    v.array(idSchema('team')),
    v.maxLength(50),
    v.check((teams) => new Set(teams).size === teams.length, 'not each once'),
  ),
});
export const redeemRequest = v.strictObject({ token: invitationToken, password: newPasswordSchema });
export const personChangeRequest = v.strictObject({ state: v.picklist(['active', 'disabled']) });
export type PeopleAnswer = { people: Person[] };
export type Team = { id: string; name: string };
export type TeamsAnswer = { teams: Team[] };

// Sites
export const siteRequest = v.strictObject({
  name: nameSchema,
  team: idSchema('team'),
  origins: v.pipe(v.array(originSchema), v.minLength(1), v.maxLength(limits.originsPerSite)),
});
export type Site = { id: string; name: string; team: string; origins: string[] };
export type SitesAnswer = { sites: Site[] };

// Visitors
export type VisitorSession = { access: string; expires: number; now: number; visitor: { id: string } };

// Conversations
export const beginRequest = v.strictObject({
  id: messageIdSchema,
  text: textSchema,
  /** The page that the customer writes from, without query and fragment. */
  page: v.optional(v.pipe(v.string(), v.maxLength(limits.pageLength), wellFormed)),
});
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
export type TicketAnswer = { ticket: string };
