/**
 * What is kept of people, kind by kind: in which tables, objects and buckets it lies, what it is, and for how long. A new
 * table has to be named here (worker-tests/duties/laws.test.ts), so that the record of processing (D95) forgets none.
 */
import { lifetimes } from '../../protocol/limits.ts';
import type { ProcessingOfSite } from '../../protocol/processing.ts';
import { backupFigures } from '../backups.ts';

export type Time = { what: string; howLong: string };
/** What the times of some kinds hang on. `ledgerDetailsDays`: see `Known`. */
export type Set = { sites: readonly ProcessingOfSite[]; ledgerDetailsDays: number };
export type Kind = {
  readonly in: readonly string[];
  /** What it is, and of whom. Null: it stands with another kind. */
  readonly data: string | null;
  readonly times: (set: Set) => readonly Time[];
};

const day = 86_400_000;
const minute = 60_000;
const days = (count: number) => (count === 1 ? '1 day' : `${count} days`);
const always = (what: string, howLong: string) => () => [{ what, howLong }];
const asLongAs = 'For as long as their account is kept, disabled or not';

export const kinds: readonly Kind[] = [
  {
    in: ['Conversation', 'conversations', 'Inbox'],
    data: 'Of customers: what they write, when, from which page, in which language and time zone, to what they agreed, how they rate it, and notes and tags of staff about it.',
    times: ({ sites }) =>
      sites.map(({ name, conversationDays }) => ({
        what: `Conversations on ${name}`,
        howLong:
          conversationDays === null
            ? 'For ever, as nobody has set a time.'
            : `${days(conversationDays)} after the last that happened in it, unless a legal hold or a restriction keeps it.`,
      })),
  },
  {
    in: ['visitors', 'visitor_holds', 'restrictions'],
    data: 'Of customers: what their site says of them or a code has proved, when they were seen, which browsers are theirs, and whether their data are restricted.',
    times: ({ sites }) =>
      sites.map(({ name, visitorDays }) => ({
        what: `Customers on ${name} of whom no conversation is left`,
        howLong:
          visitorDays === null
            ? 'For ever, as nobody has set a time.'
            : `${days(visitorDays)} after they were last seen, unless their data are restricted.`,
      })),
  },
  {
    in: ['FILES'],
    data: null,
    times: ({ sites }) => [
      ...sites
        .filter(({ files }) => files.length > 0)
        .map(({ name, fileDays }) => ({
          what: `Files on ${name}`,
          howLong: `${days(fileDays)} after they were sent, unless a legal hold or a restriction keeps them.`,
        })),
      { what: 'Uploads that nobody finishes', howLong: 'A day.' },
    ],
  },
  {
    in: ['uploads'],
    data: null,
    times: always(
      'How many files, and how much, a customer or a network (by a keyed hash) has sent',
      'Until the next day.',
    ),
  },
  {
    in: ['bans'],
    data: 'Of customers: whether they, their address or their network are kept out, why, by whom and until when.',
    times: always('Bans', `Until they end or are lifted, ${days(lifetimes.ban / day)} at most.`),
  },
  {
    in: ['requests'],
    data: 'Of customers: what they asked about their own data, how they were known, and what was answered.',
    times: always(
      'Requests about somebody’s own data',
      'What is said in them goes with their customer. The register of ids, kinds, times and outcomes is never deleted.',
    ),
  },
  {
    in: ['erased', 'spent_secrets'],
    data: null,
    times: always(
      'The registers of what was erased and which browsers’ secrets are spent, by ids alone',
      'They are never deleted, so that nothing of it comes back.',
    ),
  },
  {
    in: ['visitor_codes', 'vouches'],
    data: null,
    times: always(
      'Codes that are mailed to customers, and tokens by which sites vouch for them',
      `${lifetimes.visitorCode / minute} minutes at most. That a code was asked for is kept for a week, by keyed hashes.`,
    ),
  },
  {
    in: ['copies', 'COPIES'],
    data: null,
    times: always('Copies of everything about a customer', `${days(lifetimes.copy / day)}.`),
  },
  {
    in: ['transcripts'],
    data: null,
    times: always(
      'That a conversation was mailed',
      `${lifetimes.transcriptAgain / minute} minutes. Mail itself is handed to Cloudflare at once, and Sotto keeps none of it.`,
    ),
  },
  {
    in: ['people', 'team_members', 'passkeys', 'owner_key'],
    data: 'Of staff: name, e-mail address, role, teams, and second factors.',
    times: always(
      'Accounts of staff',
      'They are disabled and not deleted: by them alone it is known who did what the ledger has. An invitation that is taken back goes at once.',
    ),
  },
  {
    in: ['Account', 'resets'],
    data: 'Of staff: their sessions with device and country, whether they are there, what they have opened within the hour, and from which networks (IPv4 /24, IPv6 /48, by a keyed hash), browsers and countries they signed in.',
    times: () => [
      {
        what: 'Sessions of staff',
        howLong: `Until they end, ${lifetimes.sessionAbsolute / 3_600_000} hours at most.`,
      },
      {
        what: 'By which networks, browsers and countries an account is known again',
        howLong: `${days(lifetimes.browserKnown / day)} after the last sign-in from there, twenty of each at most.`,
      },
      {
        what: 'Links that are mailed to staff, and wishes to reset their factors',
        howLong: `${lifetimes.mailedLink / minute} minutes; wishes a day; invitations 72 hours.`,
      },
    ],
  },
  {
    in: ['training_taken', 'training_reminded'],
    data: 'Of staff: which lessons they have taken, when, and how they were reminded.',
    times: always('Which lessons somebody has taken', `${asLongAs}, to show that they had learned it.`),
  },
  {
    in: ['incident_roles', 'incident_policies', 'incident_approvals'],
    data: 'Of those who have a part in the plan for incidents: how they are reached.',
    times: () => [
      {
        what: 'How those are reached who have a part in the plan for incidents',
        howLong:
          'Until the plan names them no more. Of whoever does not work here any more it is shown to nobody.',
      },
      { what: 'Each version of the plan, and who wrote and approved it', howLong: 'It is never deleted.' },
    ],
  },
  {
    in: ['incidents', 'incident_notes', 'incident_tasks', 'incident_clocks', 'drills', 'drill_things'],
    data: 'Of incidents: what happened, when, whom and what it touched, and who did what about it; and who began a drill.',
    times: always(
      'Incidents, what was noted in them, and their reviews; reports of drills',
      'They are never deleted: each breach has to be documented (article 33(5)). Customers stand in them by their ids alone, unless somebody writes a name.',
    ),
  },
  {
    in: ['containment'],
    data: 'Of staff and customers: who is locked, which network (by a keyed hash) is blocked, why, and by whom.',
    times: always('What is held back in an incident', 'Until it ends or is undone.'),
  },
  {
    in: ['Watch'],
    data: 'Of staff: alarms about what they did, who answered for one and why, and which of them were mailed about it.',
    times: always('Alarms, and the reasons in the answers to them', 'They are never deleted.'),
  },
  {
    in: ['check_runs', 'check_results', 'check_exceptions'],
    data: 'Of staff: who had security checks run, which of their accounts a check found by its id, and who accepted what and why.',
    times: always(
      'What security checks found',
      `${days(lifetimes.checkHistory / day)}; why one was accepted, until that is taken back.`,
    ),
  },
  {
    in: ['Ledger', 'ledger', 'ledger_keys', 'ledger_late', 'LEDGER'],
    data: 'Of staff and customers: who did and read what, when; and, sealed apart from it, by what device and from which country and network (IPv4 /24, IPv6 /48) staff signed in, and why they looked.',
    times: ({ ledgerDetailsDays }) => [
      {
        what: 'What is personal in the ledger: from where and by what staff signed in, and why they looked',
        howLong: `${days(ledgerDetailsDays)} after the end of its month, unless a legal hold or a restriction keeps it.`,
      },
      { what: 'All else in the ledger, which names ids alone', howLong: 'It is never deleted.' },
    ],
  },
  {
    in: ['controller', 'ledger_witness'],
    data: 'Of those who answer for the data, and who witnesses the ledger: name and how they are reached.',
    times: always('Who answers for the data, and who witnesses the ledger', 'Until it is changed.'),
  },
  {
    in: ['BACKUPS'],
    data: null,
    times: always(
      'Backups of all of this',
      `${days(backupFigures.keptDays)}, and with them what they build upon, at most ${days(backupFigures.chain)} older. What was erased opens in none of them.`,
    ),
  },
  {
    in: ['Scratch', 'returns', 'return_lines', 'runs', 'restores'],
    data: null,
    times: always(
      'What is put back from a backup to try it, and to which ids long duties have come',
      'The first until the drill is over, two days at most; the ids stay.',
    ),
  },
];

/** What holds nothing of anybody: settings, keys, and how far Sotto's own work is. */
export const ofNobody: readonly string[] = [
  ...['keys', 'KEYS', 'roots', 'unmoved', 'residency'],
  ...['organisation', 'profiles', 'contracts', 'roles', 'teams', 'sites', 'site_keys', 'replies'],
  ...['own_lessons', 'training_asked', 'ledger_archive', 'restore_counts'],
  ...['backups', 'backup_parts', 'backup_marks', 'backup_objects'],
];
