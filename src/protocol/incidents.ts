/** Incidents: how grave they are, in which states they are worked on, whom the law wants told and until when. */
import * as v from 'valibot';
import type { ContainingAct } from './containment.ts';
import { codePoints, wellFormed } from './fields.ts';
import { type AlarmId, idSchema, type IncidentId, isAnyId, type PersonId } from './ids.ts';
import type { LedgerAnswer } from './ledger.ts';
import { limits } from './limits.ts';

/** What can have happened: for each there is a runbook. */
export const incidentKinds = {
  account: 'A colleague’s account is in somebody else’s hands',
  key: 'A key or a secret has leaked',
  file: 'A malicious file came in',
  export: 'Data was taken along in bulk',
  device: 'A device is lost or stolen',
  vendor: 'A supplier was broken into',
  brokenLedger: 'The ledger is not what was signed',
  outage: 'Sotto does not answer',
  misdirected: 'A customer’s data went to the wrong person',
  other: 'Something else',
} as const;
export type IncidentKind = keyof typeof incidentKinds;
export const incidentKindNames = Object.keys(incidentKinds) as [IncidentKind, ...IncidentKind[]];

/** How grave it is, the gravest first, by what has to be so, and how soon somebody has to be at it. */
export const severities = {
  1: {
    name: 'Critical',
    when: 'Customers’ data is in wrong hands or being taken now, or nobody can work.',
    first: 'Everything else stops. Somebody leads at once, day or night.',
  },
  2: {
    name: 'High',
    when: 'An account, a key or a device is in wrong hands, or data may have been read by whoever should not.',
    first: 'Somebody leads within an hour.',
  },
  3: {
    name: 'Moderate',
    when: 'A safeguard has failed, and nothing shows that data was read or lost.',
    first: 'It is begun on the same day.',
  },
  4: {
    name: 'Low',
    when: 'Something that should not have been, without danger to anybody’s data.',
    first: 'It is begun within a week.',
  },
} as const;
export type Severity = keyof typeof severities;
export const severityLevels = [1, 2, 3, 4] as const satisfies readonly Severity[];

/** It goes forward through these, one at a time. */
export const incidentStates = ['detect', 'contain', 'eradicate', 'recover', 'followUp', 'closed'] as const;
export type IncidentState = (typeof incidentStates)[number];
/** In which there is something to be done. */
export const openStates = ['detect', 'contain', 'eradicate', 'recover', 'followUp'] as const;
export type OpenState = (typeof openStates)[number];

/** What somebody does in an incident. Of each there is one, and a deputy. */
export const incidentRoles = {
  lead: 'Leads: decides, and sees to it that everything is done',
  technical: 'Finds out what happened, contains it and mends it',
  privacy: 'Says whom the law wants told, and tells them',
  communications: 'Speaks to customers, staff and the press',
} as const;
export type IncidentRole = keyof typeof incidentRoles;
export const incidentRoleNames = Object.keys(incidentRoles) as [IncidentRole, ...IncidentRole[]];
/** Whoever has these, or is their deputy, approves the policy. */
export const approvingRoles = ['lead', 'privacy'] as const satisfies readonly IncidentRole[];
export type ApprovingRole = (typeof approvingRoles)[number];

/** Notices that a law asks for. `hours`: from when it became known; null: without undue delay. */
export const legalClocks = {
  'gdpr.authority': { law: 'GDPR, article 33', whom: 'the supervisory authority', hours: 72 },
  'gdpr.people': { law: 'GDPR, article 34', whom: 'the people whose data it is', hours: null },
  'hipaa.people': {
    law: '45 CFR 164.404 to 164.408',
    whom: 'the individuals, the Secretary of HHS and, of more than 500 in a state, the media',
    hours: 60 * 24,
  },
} as const;
export type LegalClock = keyof typeof legalClocks;
export const legalClockNames = Object.keys(legalClocks) as [LegalClock, ...LegalClock[]];

/** Who found it: somebody, by themselves or by an alarm, or nobody, for it is played. */
export type IncidentOrigin = 'person' | 'alarm' | 'drill';

/**
 * What to do when this has happened. `first`: in the first ten minutes; `contain`: what can be done at once against it;
 * `tell`: who has to know, and when.
 */
export type Runbook = {
  when: string;
  first: readonly string[];
  tasks: Readonly<Record<OpenState, readonly string[]>>;
  contain: readonly ContainingAct[];
  tell: readonly string[];
};

// What is asked ---------------------------------------------------------------------------------------------------

const text = (most: number) =>
  v.pipe(
    v.string(),
    v.maxLength(most * 2),
    wellFormed,
    v.check((said) => said.trim() !== '', 'empty'),
    v.check((said) => codePoints(said) <= most, `longer than ${most} characters`),
  );
const said = text(limits.incidentText);
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const severity = v.picklist(severityLevels);
const people = v.pipe(
  v.partial(v.strictObject(v.entriesFromList(incidentRoleNames, v.nullable(idSchema('person'))))),
  v.readonly(),
);
/** Accounts, conversations, files, sites, webhooks: whatever stands in the ledger by its id. */
const things = v.pipe(
  v.array(
    v.pipe(
      v.string(),
      v.check((id) => isAnyId(id), 'not an id'),
    ),
  ),
  v.maxLength(limits.incidentThings, `longer than ${limits.incidentThings}`),
);

/**
 * `noticedAt`: when it became known, from which the law counts; `beganAt`: from when on the ledger is looked through;
 * `things`: ids of what it is about; `drill`: it is played. Unix milliseconds.
 */
export const declareRequest = v.strictObject({
  title: text(limits.reason),
  what: said,
  kind: v.picklist(incidentKindNames),
  severity,
  noticedAt: time,
  beganAt: time,
  things,
  alarm: v.nullable(idSchema('alarm')),
  drill: v.boolean(),
});
/** What is left out stays as it is. */
export const changeIncidentRequest = v.pipe(
  v.partial(v.strictObject({ severity, people, things, beganAt: time })),
  v.check((changed) => Object.keys(changed).length > 0, 'empty'),
);
/** `reason`: of going back; null: forward. */
export const moveRequest = v.strictObject({ to: v.picklist(openStates), reason: v.nullable(said) });
export const noteRequest = v.strictObject({ kind: v.picklist(['note', 'decision']), text: said });
export const taskRequest = v.strictObject({ phase: v.picklist(openStates), text: said });
export const tickRequest = v.strictObject({ done: v.boolean() });
/** `begun`: it runs; else why nobody has to be told, or what was told to whom. */
export const clockRequest = v.variant('outcome', [
  v.strictObject({ outcome: v.literal('begun') }),
  v.strictObject({ outcome: v.picklist(['done', 'notNeeded']), text: said }),
]);
/** What was learnt, and what follows from it: each by whom and until when. */
export const closeRequest = v.strictObject({
  review: text(limits.incidentReview),
  actions: v.pipe(
    v.array(v.strictObject({ text: said, person: idSchema('person'), dueAt: time })),
    v.minLength(1, 'shorter than 1'),
    v.maxLength(limits.incidentActions, `longer than ${limits.incidentActions}`),
  ),
});
/** `version`: the newest that its writer has seen. */
export const policyRequest = v.strictObject({
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  text: text(limits.incidentPolicy),
});

const place = v.strictObject({
  person: idSchema('person'),
  /** How they are reached when Sotto is not. */
  contact: v.pipe(v.string(), v.maxLength(limits.reason), wellFormed),
});
const pair = v.strictObject({ first: v.nullable(place), deputy: v.nullable(place) });
export const rolesRequest = v.strictObject({
  roles: v.strictObject(v.entriesFromList(incidentRoleNames, pair)),
});
export type RolePlaces = v.InferOutput<typeof rolesRequest>['roles'];

// What is answered ------------------------------------------------------------------------------------------------

/**
 * `settledAt`: when somebody was told, or it was found that nobody has to be; `dueAt`: null where the law names no time.
 * `text`: what was told, or why not.
 */
export type ClockView = {
  clock: LegalClock;
  dueAt: number | null;
  settled: { at: number; by: PersonId; outcome: 'done' | 'notNeeded'; text: string } | null;
};
/** `phase`: in which state it is to be done; `after`: what was decided at its end, with whom it is up to and until when. */
export type IncidentTask = {
  id: string;
  phase: OpenState | 'after';
  text: string;
  person: PersonId | null;
  dueAt: number | null;
  done: { by: PersonId; at: number } | null;
};
/** `back`: why it went back to a former state. */
export type IncidentNote = {
  id: string;
  at: number;
  by: PersonId;
  kind: 'note' | 'decision' | 'back';
  text: string;
};
/** `nextDueAt`: when the next clock runs out, or did; null: none runs. */
export type ListedIncident = {
  id: IncidentId;
  title: string;
  kind: IncidentKind;
  severity: Severity;
  state: IncidentState;
  origin: IncidentOrigin;
  drill: boolean;
  declaredAt: number;
  closedAt: number | null;
  nextDueAt: number | null;
};
export type IncidentPeople = Readonly<{ [Role in IncidentRole]?: PersonId | null | undefined }>;
export type FullIncident = ListedIncident & {
  declaredBy: PersonId;
  noticedAt: number;
  beganAt: number;
  alarm: AlarmId | null;
  things: readonly string[];
  people: IncidentPeople;
  notes: IncidentNote[];
  tasks: IncidentTask[];
  clocks: ClockView[];
  review: { text: string; by: PersonId } | null;
};

export const incidentsQuery = v.strictObject({
  state: v.picklist(['open', 'closed']),
  before: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'not Unix milliseconds'), v.transform(Number))),
});
/** The newest first. `next`: what `before` of the next page is; null where nothing follows. */
export type IncidentsAnswer = { incidents: ListedIncident[]; next: number | null };
/** `mayLead`: whether whoever asks may work on it. */
export type IncidentAnswer = { incident: FullIncident; mayLead: boolean };
export const timelineQuery = v.strictObject({
  before: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}\.\d{1,15}$/, 'not where a page ended'))),
});
/** What the ledger holds of it, the newest first, without what is personal in it. */
export type TimelineAnswer = LedgerAnswer;
export type Notice = { clock: LegalClock; language: 'en' | 'de'; title: string; text: string };
export type NoticesAnswer = { notices: Notice[] };

export type Approval = { role: ApprovingRole; person: PersonId; at: number };
/** `version`: 0 is the text that comes with Sotto, which nobody has saved or approved. */
export type PolicyVersion = {
  version: number;
  text: string;
  by: PersonId | null;
  at: number | null;
  approvals: Approval[];
  isApproved: boolean;
};
/** `policy`: the newest version first. */
export type PlanAnswer = {
  policy: PolicyVersion[];
  roles: RolePlaces;
  runbooks: Record<IncidentKind, Runbook>;
};
