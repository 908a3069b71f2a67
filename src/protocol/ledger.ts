/**
 * What is recorded: each door that changes something, and the action as which it stands in the ledger. A permission
 * keeps its own name there. `null`: nothing that anybody would have to answer for.
 */
import { type Action, actions } from './permissions.ts';
import type { RefusalCode } from './refusals.ts';

/** What is done without any permission: about one's own sign-in, or by nobody in particular. */
export const ownActions = {
  setup: 'set Sotto up',
  'signIn.password': 'prove a password',
  'signIn.factor': 'sign in',
  'signIn.enrol': 'set up a first second factor',
  'signIn.recovery': 'sign in with a recovery code',
  'signIn.ownerKey': 'give the owner key',
  'signIn.strange': 'use a session that had been used elsewhere since',
  'session.end': 'sign out',
  'invitation.redeem': 'accept an invitation',
  'reset.ask': 'ask for another password',
  'reset.redeem': 'choose another password by mail',
  'address.redeem': 'prove a new address',
  'ownerKey.cancel': 'stop the owner key',
  'me.stepUp': 'prove once more that it is they',
  'me.password': 'change one’s own password',
  'me.address': 'change one’s own address',
  'me.recoveryCodes': 'make new recovery codes',
  'me.factor': 'add a second factor',
  'me.dropFactor': 'remove a second factor',
  'me.endSessions': 'end one’s own sessions',
  'visitor.prove': 'prove one’s address as a visitor, or go on in another browser by it',
  'copy.open': 'open a copy of everything that is kept about somebody',
  'door.refused': 'be refused at a door',
  'conversation.expire': 'erase a conversation whose time is over',
  'retention.report': 'count what was deleted as its time was over',
  'conversation.erase': 'erase a conversation as its customer asked',
  'privacy.ask': 'ask something about one’s own data',
  'consent.withdraw': 'withdraw one’s consent',
  'privacy.erase': 'erase a customer as they asked',
  'privacy.stop': 'stop erasing a customer, for a legal hold is on a conversation of theirs',
  'keys.renew': 'renew the keys that sign tokens',
  'keys.discard': 'throw away a key that nothing needs any more',
  'keys.adopt': 'wrap its keys under a new root',
  'conversation.reseal': 'seal a conversation anew under another key',
  'alarm.raise': 'raise an alarm',
  'ledger.check': 'check the whole ledger',
  'backup.make': 'make a backup',
  'backup.restore': 'put a backup back',
  'backup.return': 'put a conversation, or all of one customer’s, back from a backup',
  'backup.drill': 'put a backup back into a scratch space, and compare',
  'backup.tried': 'note that a backup was put back by hand',
  'incident.drill': 'play a drill to its end',
  'file.block': 'shut away a file in which malware was found',
  'incident.approve': 'approve the plan for incidents',
  'training.answer': 'answer the questions of a lesson',
  'training.renew': 'ask everybody again who has taken a lesson that means something else since',
  'checks.look': 'look at everything that the security checks measure',
  'transcript.send': 'mail a conversation to its customer',
} as const;

export type LedgerAction = Action | keyof typeof ownActions;

/** By method and path below `/api/v1`. */
export const recordedDoors: Readonly<Record<string, LedgerAction | null>> = {
  'POST /setup': 'setup',
  // It enters itself, in the ledger that it has put back.
  'POST /setup/restore': null,
  'POST /sign-in': 'signIn.password',
  'POST /sign-in/totp': 'signIn.factor',
  // The beginning of what is recorded once it is done.
  'POST /sign-in/enrolment': null,
  'POST /sign-in/enrolment/confirm': 'signIn.enrol',
  'POST /sign-in/enrolment/passkey': null,
  'POST /sign-in/enrolment/passkey/confirm': 'signIn.enrol',
  'POST /sign-in/enrolment/finish': 'signIn.factor',
  'POST /sign-in/recovery': 'signIn.recovery',
  'POST /sign-in/owner-key': 'signIn.ownerKey',
  'POST /sign-in/passkey/challenge': null,
  'POST /sign-in/passkey': 'signIn.factor',
  'POST /session/refresh': null,
  'POST /session/activity': null,
  'DELETE /session': 'session.end',
  'POST /invitations/redeem': 'invitation.redeem',
  // Answered before it is known of whom: it is entered where it is done.
  'POST /resets': null,
  'POST /resets/redeem': 'reset.redeem',
  'POST /addresses/redeem': 'address.redeem',
  'POST /owner-key/cancel': 'ownerKey.cancel',
  'POST /me/step-up/passkey': null,
  'POST /me/step-up': 'me.stepUp',
  'POST /me/password': 'me.password',
  'POST /me/address': 'me.address',
  'POST /me/recovery-codes': null,
  'POST /me/recovery-codes/keep': 'me.recoveryCodes',
  'POST /me/owner-key': null,
  'POST /me/owner-key/keep': 'owners.makeKey',
  'POST /me/totp': null,
  'POST /me/totp/confirm': 'me.factor',
  'DELETE /me/totp': 'me.dropFactor',
  'POST /me/passkeys/challenge': null,
  'POST /me/passkeys': 'me.factor',
  'PATCH /me/passkeys/:id': null,
  'DELETE /me/passkeys/:id': 'me.dropFactor',
  'DELETE /me/sessions': 'me.endSessions',
  'DELETE /me/sessions/:id': 'me.endSessions',
  'POST /people': 'people.invite',
  'POST /people/:id/invitation': 'people.invite',
  'PATCH /people/:id': 'people.change',
  'DELETE /people/:id': 'people.invite',
  'POST /people/:id/reset': 'people.reset',
  'POST /people/:id/reset/approve': 'people.reset',
  'DELETE /people/:id/reset': 'people.reset',
  'DELETE /people/:id/sessions': 'people.endSessions',
  'DELETE /teams/:id/sessions': 'people.endSessions',
  'DELETE /sessions': 'people.endSessions',
  'POST /roles': 'roles.change',
  'PATCH /roles/:id': 'roles.change',
  'DELETE /roles/:id': 'roles.change',
  'POST /teams': 'teams.create',
  'PATCH /teams/:id': 'teams.change',
  'POST /teams/:id/rebuild': 'inbox.rebuild',
  'POST /teams/:id/tickets': null,
  'PATCH /organisation': 'organisation.change',
  'PUT /organisation/pgp': 'organisation.change',
  'DELETE /organisation/pgp': 'organisation.change',
  'PUT /profiles/:profile': 'privacy.change',
  'PUT /contracts/:measure': 'privacy.change',
  'PUT /processing/controller': 'privacy.change',
  'POST /sites': 'sites.create',
  'PATCH /sites/:site': 'sites.change',
  'POST /sites/:site/keys': 'sites.change',
  'DELETE /sites/:site/keys/:key': 'sites.change',
  'POST /sites/:site/visitor': null,
  'DELETE /sites/:site/visitor': null,
  'POST /sites/:site/visitor/codes': null,
  'POST /sites/:site/visitor/proof': 'visitor.prove',
  'POST /sites/:site/visitor/requests': 'privacy.ask',
  'POST /sites/:site/visitor/consents/withdraw': 'consent.withdraw',
  'POST /replies': 'replies.change',
  'PATCH /replies/:id': 'replies.change',
  'DELETE /replies/:id': 'replies.change',
  // What is said in a conversation, and how it is kept in order, the conversation itself keeps.
  'POST /conversations': null,
  // Anybody can ask for these, again and again: the conversation enters what was done.
  'POST /conversations/:id/close': null,
  'POST /conversations/:id/removals': null,
  'POST /customer-names': null,
  'POST /conversations/:id/claim': 'conversation.claim',
  'POST /conversations/:id/reopen': 'conversation.reopen',
  'POST /conversations/:id/snooze': null,
  'PUT /conversations/:id/tags': null,
  'PATCH /conversations/:id/customer': 'customer.change',
  'PUT /conversations/:id/rating': null,
  'POST /conversations/:id/hand-over': 'conversation.handOver',
  'POST /conversations/:id/codes': null,
  'POST /conversations/:id/tickets': null,
  'POST /conversations/:id/transcripts': 'transcript.send',
  'POST /conversations/:id/watch': 'conversation.watch',
  'PUT /conversations/:id/hold': 'conversation.hold',
  // What is sent stands in the conversation.
  'POST /conversations/:id/files': null,
  'PUT /conversations/:id/files/:file/parts/:part': null,
  'POST /conversations/:id/files/:file/finish': null,
  'DELETE /conversations/:id/files/:file': null,
  'POST /conversations/:id/files/:file/open': 'file.open',
  'POST /conversations/:id/files/:file/release': 'file.release',
  'POST /visitors/:id/copies': 'customer.copy',
  'POST /copies/:id/open': 'copy.open',
  'POST /conversations/:id/bans': 'visitor.ban',
  'POST /bans': 'visitor.ban',
  'DELETE /bans/:id': 'visitor.ban',
  'POST /alarms/:id/answer': 'alarms.answer',
  'POST /incidents': 'incident.declare',
  'PATCH /incidents/:id': 'incident.lead',
  'POST /incidents/:id/move': 'incident.lead',
  'POST /incidents/:id/notes': 'incident.lead',
  'POST /incidents/:id/tasks': 'incident.lead',
  'PUT /incidents/:id/tasks/:task': 'incident.lead',
  'PUT /incidents/:id/clocks/:clock': 'incident.lead',
  'POST /incidents/:id/close': 'incident.lead',
  'PUT /incident-plan/policy': 'incident.lead',
  'POST /incident-plan/policy/:version/approval': 'incident.approve',
  'PUT /incident-plan/roles': 'incident.lead',
  'POST /requests': 'privacy.answer',
  'POST /requests/:id/extend': 'privacy.answer',
  'POST /requests/:id/refuse': 'privacy.answer',
  'POST /requests/:id/fulfil': 'privacy.answer',
  'PUT /visitors/:id/restriction': 'privacy.answer',
  'POST /webhooks': 'organisation.change',
  'DELETE /webhooks/:id': 'organisation.change',
  // It says nothing of anybody, and changes nothing.
  'POST /webhooks/:id/test': null,
  'POST /emergency': 'keys.rotate',
  'POST /keys/:id/renew': 'keys.rotate',
  'POST /backups': 'backup.begin',
  'POST /backups/returns': 'backup.putBack',
  'POST /backups/tried': 'backup.tried',
  'POST /training/lessons/:lesson/answers': 'training.answer',
  'PUT /training/roles/:role': 'training.assign',
  'POST /training/lessons': 'training.assign',
  'PUT /training/lessons/:lesson': 'training.assign',
  'DELETE /training/lessons/:lesson': 'training.assign',
  'POST /checks/runs': 'checks.run',
  'PUT /checks/:check/exception': 'checks.run',
  'DELETE /checks/:check/exception': 'checks.run',
  'POST /ledger/export': 'ledger.export',
  'PUT /ledger/witness': 'organisation.change',
  'POST /drills': 'incident.lead',
  'POST /containment': 'incident.contain',
  'DELETE /containment/:id': 'incident.contain',
  'POST /radius': 'incident.contain',
  'POST /radius/export': 'incident.contain',
};

/**
 * What ends an incident, says that there is one, and the proof of oneself that all of it takes, does not wait for the
 * ledger: where that can't be told of it, it is entered late.
 */
export const containingDoors: readonly string[] = [
  'DELETE /sessions',
  'DELETE /people/:id/sessions',
  'DELETE /me/sessions',
  'DELETE /me/sessions/:id',
  'DELETE /teams/:id/sessions',
  'POST /me/step-up',
  'POST /containment',
  'DELETE /containment/:id',
  'POST /emergency',
  'POST /keys/:id/renew',
  'POST /bans',
  'POST /conversations/:id/bans',
  'POST /incidents',
  'POST /incidents/:id/move',
  'POST /incidents/:id/notes',
];

export const ledgerActions: readonly LedgerAction[] = [
  ...actions,
  ...(Object.keys(ownActions) as (keyof typeof ownActions)[]),
];

/** Refusals that say that somebody lacked a right or a proof, and not merely that something did not fit. */
export const recordedRefusals = [
  'factor_needed',
  'wrong_credentials',
  'wrong_code',
  'wrong_passkey',
  'vouch_refused',
  'step_up_needed',
  'not_allowed',
  'restricted',
  'place_refused',
  'banned',
  'exports_frozen',
  'files_frozen',
  'origin_refused',
  'not_found',
  'link_gone',
  'last_factor',
  'would_lock_out',
  'too_fast',
  'enough_today',
] as const satisfies readonly RefusalCode[];
export type RecordedRefusal = (typeof recordedRefusals)[number];

// What staff are shown of it --------------------------------------------------------------------------------------

export type LedgerOutcome = 'done' | 'refused' | 'failed' | 'unknown';
export type LedgerFacts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
/**
 * `personal`: what was sealed of it; `erased` once its key was destroyed; `unreadable` where the key is there, and what lies
 * beside the entry is not what was sealed with it.
 */
export type LedgerEntry = {
  seq: number;
  id: string;
  at: number;
  actor: string | null;
  session: string | null;
  action: string;
  object: string | null;
  subject: string | null;
  outcome: LedgerOutcome;
  facts: LedgerFacts;
  late: boolean;
  personal: LedgerFacts | 'erased' | 'unreadable' | null;
};
/**
 * The newest first. `next`: null where nothing follows. `archive`: what was entered before this moment, in Unix milliseconds,
 * may lie in the archive, which is not looked through; null: nothing lies there.
 */
export type LedgerAnswer = { entries: LedgerEntry[]; next: string | null; archive: number | null };

/** What the lines of a file of what was looked for say: a head, and the entries, the newest first. */
export type SelectionLine =
  | { format: string; origin: string; at: number; filter: object; archive: LedgerAnswer['archive'] }
  | Omit<LedgerEntry, 'id' | 'personal'>;

/** What the lines of an export say, in this order: one head, all entries from the first on, all tiles. */
export type LedgerLine =
  | { format: 'sotto-ledger/1'; origin: string; keys: string[]; checkpoints: string[] }
  | { seq: number; leaf: string; details: string | null }
  | { tile: [level: number, index: number]; hashes: string };
