/** What people ask about their own data (GDPR 12 to 22, CCPA, HIPAA), and how it stands. */
import * as v from 'valibot';
import { reasonSchema, versionSchema } from './fields.ts';
import { type CopyId, idSchema, type PersonId, type RequestId, type SiteId, type VisitorId } from './ids.ts';

export const requestKinds = [
  'access',
  'portability',
  'rectification',
  'restriction',
  'objection',
  'erasure',
] as const;
export type RequestKind = (typeof requestKinds)[number];
/** Whose clock runs. */
export const requestLaws = ['gdpr', 'ccpa', 'hipaa'] as const;
export type RequestLaw = (typeof requestLaws)[number];
/** By whom it was proved who asks: their site, a code that was mailed to them, or staff, who say how. */
export type RequestProof = 'site' | 'code' | 'staff';
/** `working`: it takes longer than a moment, and goes on by itself. */
export const requestStates = ['open', 'working', 'refused', 'done'] as const;
export type RequestState = (typeof requestStates)[number];
/**
 * Why one is refused, as its receipt says it: it is not proved who asks (GDPR 12(6)), it is unfounded or excessive (12(5)),
 * a law wants the data kept (17(3)(b)), they are needed for legal claims (17(3)(e)), it would harm others (15(4)), or
 * something else.
 */
export const refusalGrounds = ['unproved', 'unfounded', 'duty', 'claims', 'others', 'other'] as const;
export type RefusalGround = (typeof refusalGrounds)[number];

/**
 * As its person sees it. Times are Unix milliseconds; `doneAt` is also when it was refused. `hasReceipt`: there is signed
 * proof of what became of it.
 */
export type OwnRequest = {
  id: RequestId;
  kind: RequestKind;
  state: RequestState;
  openedAt: number;
  dueAt: number;
  extendedAt: number | null;
  doneAt: number | null;
  /** Why it takes longer, and what was answered; null where nothing was said, or all of it was erased. */
  extension: string | null;
  answer: string | null;
  /** What they were handed, until it is gone. */
  copy: { id: CopyId; until: number } | null;
  hasReceipt: boolean;
};
/** As whoever answers it sees it in the list. `held`: erasing stopped at a legal hold. */
export type ListedRequest = Pick<
  OwnRequest,
  'id' | 'kind' | 'state' | 'openedAt' | 'dueAt' | 'extendedAt' | 'doneAt'
> & {
  visitor: VisitorId;
  site: SiteId;
  law: RequestLaw;
  proof: RequestProof;
  openedBy: PersonId | null;
  decidedBy: PersonId | null;
  held: boolean;
};
/**
 * `wish`: what they say about it. `how`: how staff know who asks. `name`: what is proved of them. `conversations`: how many
 * were erased so far, while that goes on. `others`: who else has proved the same address, as a rule on other sites. `banned`:
 * they do not get into the chat for now, and read nothing there.
 */
export type FullRequest = ListedRequest &
  Pick<OwnRequest, 'extension' | 'answer' | 'copy' | 'hasReceipt'> & {
    wish: string | null;
    how: string | null;
    name: string | null;
    conversations: number | null;
    others: SameAddress[];
    banned: boolean;
  };
/** Another visitor with the same proved address. `waits`: their request for the same that waits for an answer. */
export type SameAddress = { visitor: VisitorId; site: SiteId; waits: RequestId | null };

export const askRequest = v.strictObject({
  kind: v.picklist(requestKinds),
  /** What they say about it. */
  wish: v.nullable(reasonSchema),
});
/** `of`: the visitor, or a conversation of theirs. */
export const openRequest = v.strictObject({
  of: v.union([idSchema('visitor'), idSchema('conversation')]),
  kind: v.picklist(requestKinds),
  law: v.picklist(requestLaws),
  how: reasonSchema,
  wish: v.nullable(reasonSchema),
});
export const extendRequest = v.strictObject({ reason: reasonSchema });
export const refuseRequest = v.strictObject({
  ground: v.picklist(refusalGrounds),
  /** In words, for whoever asked. */
  reason: reasonSchema,
});
/**
 * What was done. An erasure says that itself. `copy`: whoever answers had it made, and hands it over with the answer to who
 * asked for access or to take their data elsewhere.
 */
export const fulfilRequest = v.strictObject({
  answer: v.nullable(reasonSchema),
  copy: v.optional(idSchema('copy')),
});

/** Restricts somebody's data, or lifts that, and why. */
export const restrictionRequest = v.strictObject({ on: v.boolean(), reason: reasonSchema });
/** Null: their data are not restricted. `since`: what they began until then is. */
export type RestrictionAnswer = { restriction: { since: number; by: PersonId } | null };

/** Those that wait for an answer, the first that is due first; or the others, the last that was decided first. */
export const requestsQuery = v.strictObject({
  state: v.picklist(['open', 'over']),
  /** As `next` of the page before. */
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}\.req_[\w-]{22}$/, 'not the end of a page'))),
});
/** `next`: where the next page begins; null: there is none. */
export type RequestsAnswer = { requests: ListedRequest[]; next: string | null };
export type RequestAnswer = { request: FullRequest };
export type OwnRequestsAnswer = { requests: OwnRequest[] };
/** What somebody agreed to before they wrote, the last time, and when they took it back; null: they have not. */
export type OwnConsent = { version: string; at: number; withdrawnAt: number | null };
export type OwnConsentsAnswer = { consents: OwnConsent[] };
export const withdrawalRequest = v.strictObject({ version: versionSchema });
export type OwnRequestAnswer = { request: OwnRequest };
