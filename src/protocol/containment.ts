/** Containing an incident: what can be held back in one act each, and what somebody has seen between two times. */
import * as v from 'valibot';
import { type ContainmentId, idSchema, type PersonId, type SiteId } from './ids.ts';
import { lifetimes } from './limits.ts';
import { pgpWishSchema } from './pgp.ts';

/**
 * `readOnly`: nobody writes anything. `exports`, `files`: nothing of theirs goes out, and no file comes in. `logging`:
 * more of each request is logged. `site`: its customers can neither write nor read. `person`: they are out, and can't sign
 * in. `network`: nobody comes in from there, staff or customer.
 */
export const containmentKinds = [
  'readOnly',
  'exports',
  'files',
  'logging',
  'site',
  'person',
  'network',
] as const;
export type ContainmentKind = (typeof containmentKinds)[number];

/** Everything that can be done at once in an incident: what is held back, who is signed out, and what is renewed. */
export type ContainingAct = ContainmentKind | 'endPerson' | 'endTeam' | 'endAll' | 'keys';

/** Why, in words that name nobody: they stand in the clear, in the ledger too. */
export const containmentReasons = [
  'account',
  'key',
  'file',
  'export',
  'device',
  'vendor',
  'leak',
  'service',
  'drill',
  'other',
] as const;
export type ContainmentReason = (typeof containmentReasons)[number];

const reason = v.picklist(containmentReasons);
/** In milliseconds; absent: until somebody undoes it. */
const lasts = v.pipe(v.number(), v.safeInteger(), v.minValue(60_000), v.maxValue(lifetimes.ban));
const ofAll = { reason, lasts: v.exactOptional(lasts) };

export const containmentRequest = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['readOnly', 'exports', 'files']), ...ofAll }),
  // It fills the log, and so ends by itself.
  v.strictObject({
    kind: v.literal('logging'),
    reason,
    lasts: v.pipe(lasts, v.maxValue(lifetimes.raisedLogging)),
  }),
  v.strictObject({ kind: v.literal('site'), target: idSchema('site'), ...ofAll }),
  v.strictObject({ kind: v.literal('person'), target: idSchema('person'), reason }),
  // An IPv4 /24 or an IPv6 /48, or any address in it. What is somebody's today is somebody else's next year.
  v.strictObject({
    kind: v.literal('network'),
    target: v.pipe(v.string(), v.maxLength(60)),
    reason,
    lasts,
  }),
]);

/** `target`: the site, the person, or the network as it is written; null: all of it, or it is not known any more. */
export type Containment = {
  id: ContainmentId;
  kind: ContainmentKind;
  target: SiteId | PersonId | string | null;
  reason: ContainmentReason;
  by: PersonId;
  at: number;
  until: number | null;
};
export type ContainmentsAnswer = { containments: Containment[] };
export type ContainmentAnswer = { containment: Containment };

/** What everybody on staff is told: which modes hold now. */
export type HeldMode = Extract<ContainmentKind, 'readOnly' | 'exports' | 'files'>;
export type HeldAnswer = { held: HeldMode[] };

/** What takes data along. In an incident what was seen is asked for by those alone who can end this too. */
export const exportDoors: readonly string[] = [
  'POST /visitors/:id/copies',
  'POST /copies/:id/open',
  'POST /conversations/:id/transcripts',
  'POST /ledger/export',
];

export const fileDoors: readonly string[] = [
  'POST /conversations/:id/files',
  'PUT /conversations/:id/files/:file/parts/:part',
  'POST /conversations/:id/files/:file/finish',
  'POST /conversations/:id/files/:file/open',
  'POST /conversations/:id/files/:file/release',
];

/**
 * What stays open while nobody writes: coming in and going, and whatever that takes of somebody who has lost or not yet got
 * a factor, a code or their password (after a restore nobody has codes); proving once more that it is oneself, what contains
 * an incident and what is done in one, and what changes nothing though it is a POST. Every other door but a GET is shut.
 */
export const readOnlyDoors: readonly string[] = [
  'POST /setup',
  'POST /setup/restore',
  'POST /sign-in',
  'POST /sign-in/totp',
  'POST /sign-in/enrolment',
  'POST /sign-in/enrolment/confirm',
  'POST /sign-in/enrolment/passkey',
  'POST /sign-in/enrolment/passkey/confirm',
  'POST /sign-in/enrolment/finish',
  'POST /sign-in/recovery',
  'POST /sign-in/owner-key',
  'POST /sign-in/passkey/challenge',
  'POST /sign-in/passkey',
  'POST /resets',
  'POST /resets/redeem',
  'POST /session/refresh',
  'POST /session/activity',
  'DELETE /session',
  'POST /owner-key/cancel',
  'POST /me/step-up',
  'POST /me/step-up/passkey',
  'DELETE /me/sessions',
  'DELETE /me/sessions/:id',
  'DELETE /people/:id/sessions',
  'DELETE /teams/:id/sessions',
  'DELETE /sessions',
  'POST /containment',
  'DELETE /containment/:id',
  'POST /radius',
  'POST /radius/export',
  'POST /keys/:id/renew',
  'POST /emergency',
  'POST /bans',
  'POST /conversations/:id/bans',
  'DELETE /bans/:id',
  'POST /alarms/:id/answer',
  // The incident that it is done for goes on being worked on; its plan can wait.
  'POST /incidents',
  'PATCH /incidents/:id',
  'POST /incidents/:id/move',
  'POST /incidents/:id/notes',
  'POST /incidents/:id/tasks',
  'PUT /incidents/:id/tasks/:task',
  'PUT /incidents/:id/clocks/:clock',
  'POST /incidents/:id/close',
  'POST /checks/runs',
  'POST /teams/:id/tickets',
  'POST /conversations/:id/tickets',
  'POST /conversations/:id/watch',
  'POST /customer-names',
  'POST /conversations/:id/files/:file/open',
  'POST /copies/:id/open',
  'POST /ledger/export',
  // A browser keeps who it is, and can let go of it.
  'POST /sites/:site/visitor',
  'DELETE /sites/:site/visitor',
];

// What somebody has seen -----------------------------------------------------------------------------------------

const moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const span = { person: idSchema('person'), from: moment, to: moment };
export const radiusRequest = v.strictObject(span);
export const radiusExportRequest = v.strictObject({
  ...span,
  format: v.picklist(['csv', 'ndjson']),
  openpgp: v.optional(pgpWishSchema),
});

/** `read`: what was said in a conversation. `file`: it was opened. `copy`: everything about a customer was taken along. */
export const seenKinds = ['read', 'file', 'copy', 'transcript'] as const;
export type SeenKind = (typeof seenKinds)[number];

/**
 * One thing that somebody saw. `certain` false: they may have, since an entry stands for a quarter of an hour that reaches
 * into the time, or what was opened before could be loaded in it, or it failed or is not known to have come to an end. `first`, `last`: of the entries that say so. Unix milliseconds.
 */
export type SeenThing = {
  kind: SeenKind;
  object: string;
  conversation: string | null;
  visitor: string | null;
  certain: boolean;
  first: number;
  last: number;
  times: number;
};

/** Whom it concerns, with what ways there are to tell them; null: not known, erased, or not for whoever asks. */
export type SeenCustomer = { visitor: string; certain: boolean; name: string | null; address: string | null };

/** Lists and other people's entries, of which it is not kept what stood in them, by action. */
export type SeenList = { action: string; first: number; last: number; times: number };

/**
 * `staff`: colleagues whom they did something to. `until`: how far the ledger had come, in Unix milliseconds. `more`: how
 * many things are not in this answer, but in the file.
 */
export type RadiusAnswer = {
  things: SeenThing[];
  customers: SeenCustomer[];
  staff: string[];
  lists: SeenList[];
  counts: { customers: number; conversations: number; files: number };
  more: number;
  until: number;
};
