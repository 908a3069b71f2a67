/**
 * What can be permitted, each with a plain sentence, and the roles that are built in as sets of it. What they do not
 * name is denied (docs/RULES.md, P1). The rule that decides by them is src/people/permission.ts.
 */
import { type Reach, reaches } from './reach.ts';

type Permission = {
  /** What it lets do, in words that finish “the right to”. */
  readonly means: string;
  /** How far it can reach for staff; nowhere: it is for customers alone. */
  readonly reaches: readonly Reach[];
  readonly recorded: Recorded;
};

/**
 * Whether its use stands in the ledger: each time; once for each person, thing and quarter of an hour; as a fact of the
 * entry of something else; or not, because it shows nothing of anybody or lies in the conversation itself.
 */
export type Recorded = 'always' | 'quarterly' | 'within' | 'no';

const everywhere = ['all'] as const;
const seen = ['all', 'team', 'waiting'] as const;
const worked = reaches;

export const permissions = {
  'conversation.begin': { means: 'begin a conversation', reaches: [], recorded: 'no' },
  'conversation.list': {
    means: 'see conversations in the list',
    reaches: seen,
    recorded: 'quarterly',
  },
  'conversation.read': { means: 'read a conversation', reaches: seen, recorded: 'quarterly' },
  'conversation.watch': {
    means: 'watch a conversation without being shown as there',
    reaches: ['all', 'team'],
    recorded: 'always',
  },
  'conversation.claim': { means: 'claim a conversation', reaches: ['all', 'team'], recorded: 'always' },
  'conversation.post': {
    means: 'answer in a conversation that one has claimed',
    reaches: ['own'],
    recorded: 'no',
  },
  'conversation.note': { means: 'write notes for colleagues', reaches: worked, recorded: 'no' },
  'conversation.handOver': { means: 'hand over a conversation', reaches: worked, recorded: 'always' },
  'conversation.tag': { means: 'tag a conversation', reaches: worked, recorded: 'no' },
  'conversation.snooze': { means: 'put off a conversation', reaches: worked, recorded: 'no' },
  'conversation.close': { means: 'close a conversation', reaches: worked, recorded: 'always' },
  'conversation.reopen': { means: 'reopen a conversation', reaches: worked, recorded: 'always' },
  'conversation.rate': { means: 'rate a conversation', reaches: [], recorded: 'no' },
  'conversation.hold': {
    means: 'put a legal hold on a conversation',
    reaches: ['all', 'team'],
    recorded: 'always',
  },
  'file.send': {
    means: 'send files in a conversation that one has claimed',
    reaches: ['own'],
    recorded: 'no',
  },
  'file.open': { means: 'open files', reaches: worked, recorded: 'always' },
  'file.release': {
    means: 'let a file be opened that could not be scanned for malware',
    reaches: ['all', 'team'],
    recorded: 'always',
  },
  'customer.address': { means: 'see customers’ addresses', reaches: worked, recorded: 'within' },
  'customer.change': { means: 'change what is known of a customer', reaches: worked, recorded: 'always' },
  'customer.copy': {
    means: 'take along a copy of everything that is kept about a customer',
    reaches: everywhere,
    recorded: 'always',
  },
  'visitor.list': {
    means: 'see who has written, and who is banned',
    reaches: ['all', 'team'],
    recorded: 'quarterly',
  },
  'visitor.ban': {
    means: 'ban visitors, and let them in again',
    reaches: ['all', 'team'],
    recorded: 'always',
  },
  'privacy.answer': {
    means: 'see and answer what customers ask about their data',
    reaches: everywhere,
    recorded: 'always',
  },
  'message.delete': { means: 'take back one’s own message', reaches: ['own'], recorded: 'always' },
  'message.redact': { means: 'destroy the text of a message', reaches: worked, recorded: 'always' },
  'replies.list': { means: 'use canned replies', reaches: everywhere, recorded: 'no' },
  'replies.change': { means: 'change canned replies', reaches: ['all', 'team'], recorded: 'always' },
  'inbox.rebuild': { means: 'rebuild an inbox', reaches: everywhere, recorded: 'always' },
  'people.list': { means: 'see who works here, and their roles', reaches: everywhere, recorded: 'no' },
  'people.invite': { means: 'invite people', reaches: everywhere, recorded: 'always' },
  'people.change': {
    means: 'change people’s roles and disable people',
    reaches: everywhere,
    recorded: 'always',
  },
  'people.endSessions': { means: 'sign people out everywhere', reaches: everywhere, recorded: 'always' },
  'people.reset': {
    means: 'take away the second factors of somebody who has lost them',
    reaches: everywhere,
    recorded: 'always',
  },
  'owners.appoint': { means: 'make somebody an owner', reaches: everywhere, recorded: 'within' },
  'owners.makeKey': { means: 'have a new owner key made', reaches: everywhere, recorded: 'always' },
  'roles.change': { means: 'make roles, change and remove them', reaches: everywhere, recorded: 'always' },
  'teams.list': { means: 'see the teams', reaches: everywhere, recorded: 'no' },
  'teams.create': { means: 'make teams', reaches: everywhere, recorded: 'always' },
  'teams.change': { means: 'change teams and who is in them', reaches: everywhere, recorded: 'always' },
  'sites.list': { means: 'see the sites', reaches: everywhere, recorded: 'no' },
  'sites.create': { means: 'make sites', reaches: everywhere, recorded: 'always' },
  'sites.change': { means: 'change sites', reaches: everywhere, recorded: 'always' },
  'organisation.change': {
    means: 'change the settings of the organisation',
    reaches: everywhere,
    recorded: 'always',
  },
  'keys.rotate': {
    means: 'see how old Sotto’s own keys are, and renew them',
    reaches: everywhere,
    recorded: 'always',
  },
  'backup.begin': {
    means: 'see the backups, and have one made',
    reaches: everywhere,
    recorded: 'always',
  },
  'backup.putBack': {
    means: 'have a conversation, or all of one customer’s, put back from a backup',
    reaches: everywhere,
    recorded: 'always',
  },
  'privacy.see': {
    means: 'see the profiles of laws and the record of processing',
    reaches: everywhere,
    recorded: 'no',
  },
  'privacy.change': {
    means: 'turn profiles of laws on and off, and note contracts and who answers for the data',
    reaches: everywhere,
    recorded: 'always',
  },
  'training.see': {
    means: 'see who has taken which lessons',
    reaches: ['all', 'team'],
    recorded: 'no',
  },
  'training.assign': {
    means: 'say who takes which lessons, and write lessons',
    reaches: everywhere,
    recorded: 'always',
  },
  'checks.see': {
    means: 'see the security checks, and take their report along',
    reaches: everywhere,
    recorded: 'no',
  },
  'checks.run': {
    means: 'run the security checks, and accept for a while that one does not pass',
    reaches: everywhere,
    recorded: 'always',
  },
  'live.see': {
    means: 'see who is at work, and how long customers wait',
    reaches: ['all', 'team'],
    recorded: 'no',
  },
  'alarms.read': {
    means: 'see alarms, and be mailed them',
    reaches: ['all', 'team'],
    recorded: 'quarterly',
  },
  'alarms.answer': { means: 'answer for alarms', reaches: ['all', 'team'], recorded: 'always' },
  'incident.see': {
    means: 'see incidents, who does what in one, and the plan for them',
    reaches: everywhere,
    recorded: 'quarterly',
  },
  'incident.declare': { means: 'declare an incident', reaches: everywhere, recorded: 'always' },
  'incident.lead': {
    means:
      'work on incidents, or on those in which one has a part, and close them; everywhere, the plan as well',
    reaches: ['all', 'own'],
    recorded: 'always',
  },
  'incident.contain': {
    means: 'contain an incident: freeze, lock and block, and see what somebody has seen',
    reaches: everywhere,
    recorded: 'always',
  },
  'ledger.read': { means: 'see who did and read what', reaches: everywhere, recorded: 'quarterly' },
  'ledger.export': { means: 'take the ledger along as a file', reaches: everywhere, recorded: 'always' },
} as const satisfies Record<string, Permission>;

export type Action = keyof typeof permissions;
export const actions = Object.keys(permissions) as Action[];
/** A set of permissions, each with how far it reaches. */
export type Grants = Partial<Record<Action, Reach>>;

const owned: Grants = { 'conversation.post': 'own', 'file.send': 'own', 'message.delete': 'own' };
/** To be seen by whoever has to answer for what others do. */
const ledger: Grants = {
  'ledger.read': 'all',
  'ledger.export': 'all',
  'alarms.read': 'all',
  'privacy.see': 'all',
  'incident.see': 'all',
  'training.see': 'all',
  'checks.see': 'all',
};
/** For whoever finds out first, and then works on those in which they are given a part. */
const incidents: Grants = { 'incident.see': 'all', 'incident.declare': 'all', 'incident.lead': 'own' };
const known: Grants = { 'replies.list': 'all', 'teams.list': 'all', 'sites.list': 'all' };

/** Everything that can be done with the conversations that lie so far. */
const conversations = (reach: 'all' | 'team'): Grants => ({
  'conversation.list': reach,
  'conversation.read': reach,
  'conversation.watch': reach,
  'conversation.claim': reach,
  'conversation.note': reach,
  'conversation.handOver': reach,
  'conversation.tag': reach,
  'conversation.snooze': reach,
  'conversation.close': reach,
  'conversation.reopen': reach,
  'file.open': reach,
  'customer.address': reach,
  'customer.change': reach,
  'message.redact': reach,
  'replies.change': reach,
  'visitor.list': reach,
  'visitor.ban': reach,
});

const admin: Grants = {
  ...conversations('all'),
  ...owned,
  ...known,
  'conversation.hold': 'all',
  'privacy.answer': 'all',
  'file.release': 'all',
  'customer.copy': 'all',
  'inbox.rebuild': 'all',
  'people.list': 'all',
  'people.invite': 'all',
  'people.change': 'all',
  'people.endSessions': 'all',
  'people.reset': 'all',
  'roles.change': 'all',
  'teams.create': 'all',
  'teams.change': 'all',
  'sites.create': 'all',
  'sites.change': 'all',
  'organisation.change': 'all',
  'keys.rotate': 'all',
  'backup.begin': 'all',
  'backup.putBack': 'all',
  'training.assign': 'all',
  'checks.run': 'all',
  ...ledger,
  'live.see': 'all',
  'alarms.answer': 'all',
  ...incidents,
  'incident.lead': 'all',
  'incident.contain': 'all',
};

export const builtInRoles = {
  owner: { ...admin, 'owners.appoint': 'all', 'owners.makeKey': 'all', 'privacy.change': 'all' },
  admin,
  supervisor: {
    ...conversations('team'),
    ...owned,
    ...known,
    'people.list': 'all',
    'training.see': 'team',
    'live.see': 'team',
    'alarms.read': 'team',
    'alarms.answer': 'team',
    ...incidents,
  },
  agent: {
    ...owned,
    ...known,
    'conversation.list': 'team',
    'conversation.read': 'team',
    'conversation.claim': 'team',
    'conversation.note': 'team',
    'conversation.tag': 'team',
    'conversation.reopen': 'team',
    'conversation.handOver': 'own',
    'conversation.snooze': 'own',
    'conversation.close': 'own',
    'file.open': 'team',
    'customer.address': 'team',
    'customer.change': 'own',
  },
  auditor: {
    ...known,
    ...ledger,
    'conversation.list': 'all',
    'conversation.read': 'all',
    'visitor.list': 'all',
    'people.list': 'all',
  },
  privacyOfficer: {
    ...known,
    ...ledger,
    'conversation.list': 'all',
    'conversation.read': 'all',
    'conversation.hold': 'all',
    'file.open': 'all',
    'customer.address': 'all',
    'customer.change': 'all',
    'customer.copy': 'all',
    'message.redact': 'all',
    'privacy.answer': 'all',
    'visitor.list': 'all',
    'people.list': 'all',
    ...incidents,
  },
} as const satisfies Record<string, Grants>;

/** What a visitor may do with their own conversations on their own site (P4). */
export const visitorRights: readonly Action[] = [
  'conversation.begin',
  'conversation.list',
  'conversation.read',
  'conversation.post',
  'conversation.close',
  'conversation.rate',
  'file.send',
  'file.open',
  'customer.copy',
  'message.delete',
];
