/** What is said of incidents. */
import type { ContainmentReason } from '../../../../protocol/containment.ts';
import type {
  ApprovingRole,
  ClockView,
  IncidentKind,
  IncidentNote,
  IncidentRole,
  IncidentState,
  LegalClock,
  ListedIncident,
  Notice,
  OpenState,
  PolicyVersion,
} from '../../../../protocol/incidents.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const counted = (count: number, one: string) => (count === 1 ? `1 ${one}` : `${count} ${one}s`);
/** As coarse as it may be read at a glance. */
const howLong = (span: number) => {
  if (span >= 3 * day) return counted(Math.floor(span / day), 'day');
  if (span >= hour) return counted(Math.floor(span / hour), 'hour');
  return counted(Math.max(1, Math.floor(span / minute)), 'minute');
};

export const words = {
  intro:
    'What puts at risk what customers tell you: declare it, and Sotto says what to do now, who has to know, and until when.',
  declare: 'Declare an incident',
  plan: 'Policy and roles',
  open: 'Open',
  none: 'There is no incident.',
  noneHow: 'Whoever is in doubt declares one. Nobody is blamed for it.',
  closed: 'Closed',
  noneClosed: 'No incident was ever closed.',
  more: 'Show more',
  drill: 'Drill',
  drillMeans: 'This is a drill. Nothing has happened, and nobody outside is told.',
  states: {
    detect: 'Detect',
    contain: 'Contain',
    eradicate: 'Eradicate',
    recover: 'Recover',
    followUp: 'Follow up',
    closed: 'Closed',
  } satisfies Record<IncidentState, string>,
  stateMeans: {
    detect: 'What happened, since when, and to whose data?',
    contain: 'Stop it from getting worse.',
    eradicate: 'Take away what made it possible.',
    recover: 'Work as usual again, and watch closely.',
    followUp: 'Write down what was learnt, and who changes what by when.',
    closed: 'It is over.',
  } satisfies Record<IncidentState, string>,
  due: (at: number, now: number) =>
    at < now ? `Late by ${howLong(now - at)}` : `${howLong(at - now)} left to tell`,
  line: ({ state, nextDueAt }: ListedIncident, now: number) =>
    [words.states[state], nextDueAt !== null && state !== 'closed' && words.due(nextDueAt, now)].filter(
      Boolean,
    ),

  // Declaring
  declareIntro:
    'Say what you know now. How grave it is, since when and what it is about can be changed later.',
  title: 'What it is, in a line',
  what: 'What happened, and how you noticed',
  sealed: 'It is sealed, and only whoever may see incidents reads it.',
  kind: 'Which kind',
  severity: 'How grave',
  severityOption: (level: number, name: string) => `${level} · ${name}`,
  noticed: 'When it was noticed',
  noticedHint: 'The law counts from here.',
  began: 'Since when, as far as you know',
  beganHint: 'The ledger is looked through from here on.',
  account: 'Whose account it is about',
  nobodysAccount: 'Nobody’s, or not known yet',
  things: 'What else it is about',
  about: 'What it is about',
  thingsHint: 'The ids or addresses of conversations, files, sites or people, one to a line.',
  isDrill: 'This is a drill',
  fromAlarm: 'It was raised by an alarm, which stays with it.',
  declareDo: 'Declare it',

  // One
  incident: 'An incident',
  goOn: (state: IncidentState) => `Go on: ${words.states[state].toLowerCase()}`,
  goBack: 'Go back',
  backTo: 'Back to',
  backWhy: 'Why it goes back',
  backDo: 'Go back there',
  moved: (state: IncidentState) => `It is at: ${words.states[state].toLowerCase()}.`,
  facts: {
    kind: 'Kind',
    severity: 'How grave',
    declared: 'Declared',
    noticed: 'Noticed',
    began: 'Since',
    things: 'About',
    alarm: 'Raised by',
    alarmLink: 'An alarm',
    closed: 'Closed',
  },
  by: (name: string, when: string) => `${name}, ${when}`,
  first: 'The first ten minutes',
  tell: 'Who has to know',
  containing: 'What can contain it',
  containingHow: 'Each opens the page on which it is done, with this incident filled in.',
  containingNot: 'It takes the right to contain an incident.',
  /** As which an incident of the kind stands where it is contained. */
  reasonOf: {
    ...{ account: 'account', key: 'key', file: 'file', export: 'export', device: 'device', vendor: 'vendor' },
    ...{ brokenLedger: 'other', outage: 'service', misdirected: 'leak', other: 'other' },
  } satisfies Record<IncidentKind, ContainmentReason>,
  tasks: 'What is to be done',
  tasksOf: (done: number, all: number) => `${done} of ${all} done`,
  now: 'now',
  doneBy: (name: string, when: string) => `Done by ${name}, ${when}`,
  addTask: 'Add a task',
  taskText: 'What is to be done',
  taskPhase: 'When',
  taskAdd: 'Add it',
  notes: 'Notes and decisions',
  noteKinds: { note: 'Note', decision: 'Decision', back: 'Went back' } satisfies Record<
    IncidentNote['kind'],
    string
  >,
  noteKind: 'What it is',
  noteText: 'What you saw, or what was decided and why',
  noteAdd: 'Write it down',
  clocks: 'Whom the law wants told',
  clockNone: 'No clock runs.',
  clockState: ({ dueAt, settled }: ClockView, now: number) => {
    if (settled !== null) return settled.outcome === 'done' ? 'Told' : 'Nobody has to be told';
    return dueAt === null ? 'Without undue delay' : words.due(dueAt, now);
  },
  clockDue: (when: string) => `Until ${when}`,
  clockSettle: 'Settle it',
  clockSettleThis: (whom: string) => `Settle it: ${whom}`,
  clockOutcome: 'How it is',
  clockOutcomes: { done: 'They were told', notNeeded: 'They need not be told, because…' },
  clockText: 'What was told to whom, or why not',
  clockDo: 'Keep that',
  clockBegin: (law: string) => `Begin the clock of ${law}`,
  notices: 'Texts for the notices',
  noticesHow: 'Fill in what stands in brackets, and have somebody who knows the law read it.',
  languages: { en: 'English', de: 'German' } satisfies Record<Notice['language'], string>,
  noticeName: ({ clock, language }: Notice) => `${words.clockNames[clock]}, ${words.languages[language]}`,
  clockNames: {
    'gdpr.authority': 'To the authority (GDPR)',
    'gdpr.people': 'To the people (GDPR)',
    'hipaa.people': 'To individuals (HIPAA)',
  } satisfies Record<LegalClock, string>,
  part: 'Who works on it, and on what',
  nobody: 'Nobody',
  partSave: 'Save',
  timeline: 'Timeline',
  timelineHow:
    'Looked up in the ledger just now: whatever concerns this incident or what it names, alarms, and what contains one.',
  timelineNot: 'It takes the right to read the ledger.',
  close: 'Close it',
  closeHow:
    'It takes a written review, and what follows from it. For each clock of the law it has to be said what was done.',
  review: 'What was learnt',
  reviewHint: 'What happened, what went well, what did not, and what would have stopped it.',
  action: (number: number) => `Action ${number}`,
  actionText: 'What is changed',
  actionWho: 'By whom',
  actionWhen: 'Until when',
  actionAdd: 'Another action',
  actionDrop: (number: number) => `Drop action ${number}`,
  choose: 'Choose…',
  closeDo: 'Close the incident',
  reviewed: 'Review',
  actions: 'What follows from it',
  actionLine: (name: string, when: string) => `${name}, until ${when}`,

  // The plan
  planIntro: 'What everybody does when something goes wrong: written down, approved and kept.',
  policy: 'Policy',
  policyState: ({ version, isApproved, approvals }: PolicyVersion) => {
    if (version === 0) return 'Not approved yet. This text comes with Sotto: change it to fit, and save it.';
    if (isApproved) return `Version ${version} is approved.`;
    return approvals.length === 0
      ? `Version ${version} is not approved yet.`
      : `Version ${version} is approved in part.`;
  },
  approvers: 'It is approved by whoever leads and whoever sees to privacy, or their deputies.',
  approved: (role: string, name: string, when: string) => `Approved as ${role}: ${name}, ${when}`,
  approve: 'Approve this version',
  policyEdit: 'Change it',
  policyText: 'The policy, in Markdown',
  policySave: 'Save as a new version',
  versions: 'Former versions',
  versionOf: (version: number, name: string, when: string) => `Version ${version}, ${name}, ${when}`,
  roles: 'Roles',
  rolesHow: 'Whoever has one is mailed when an incident is declared, and so is their deputy.',
  roleNames: {
    lead: 'Lead',
    technical: 'Technical',
    privacy: 'Privacy',
    communications: 'Communications',
  } satisfies Record<IncidentRole, string>,
  approvingNames: { lead: 'lead', privacy: 'privacy' } satisfies Record<ApprovingRole, string>,
  ranks: { first: 'Who', deputy: 'Deputy' },
  contacts: { first: 'How to reach them', deputy: 'How to reach the deputy' },
  contactHint: 'When Sotto or mail does not work, such as by telephone. It is sealed.',
  rolesSave: 'Save the roles',
  unfilled: (roles: readonly string[]) => `Nobody has: ${roles.join(', ')}.`,
  severities: 'How grave it is',
  runbooks: 'Runbooks',
  runbookWhen: 'When',
  runbookTasks: (state: OpenState) => words.states[state],

  /** Which kind an alarm suggests. */
  kindOfAlarm: {
    'reading.budget': 'account',
    'reading.unusual': 'account',
    'reading.files': 'account',
    'export.mass': 'export',
    'refusals.many': 'account',
    'signIn.failures': 'account',
    'signIn.spray': 'account',
    'signIn.country': 'account',
    'keys.overdue': 'key',
    'ledger.broken': 'brokenLedger',
    'file.malware': 'file',
  } as Readonly<Record<string, IncidentKind>>,
};
