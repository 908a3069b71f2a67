/** The record of processing (D46): one pure function of what is set. */
import type { Site } from '../../protocol/bodies.ts';
import { lifetimes } from '../../protocol/limits.ts';
import type { Controller, Processing, ProcessingOfSite } from '../../protocol/processing.ts';
import { measuresOf } from '../../protocol/profiles.ts';
import { backupFigures } from '../backups.ts';
import { type Jurisdiction, jurisdictionNames, outsideJurisdiction } from '../../protocol/residency.ts';

const day = 86_400_000;

/** What is asked about the deployment: each null, or empty, where there is none. */
export type Known = {
  at: number;
  origin: string;
  jurisdiction: Jurisdiction | null;
  controller: Controller;
  sites: readonly Omit<Site, 'team'>[];
  scannerHost: string | null;
  webhookHosts: readonly string[];
  /** The part of the witness's address behind its @. */
  witnessHost: string | null;
  /** For how many days what is personal in the ledger can be read. */
  ledgerDetailsDays: number;
};

export function recordOf(known: Known): Processing {
  const sites = known.sites.map(siteOf);
  const { at, origin, controller } = known;
  return {
    ...{ at, origin, controller },
    purposes: [
      'Answering customers who write in the chat of these websites.',
      'Keeping a record of who on staff did and read what, and finding misuse.',
      'Teaching staff, and answering for incidents.',
    ],
    people: ['Customers who write, and whom they write about', 'Staff who work with Sotto'],
    data: dataOf(sites),
    sites,
    recipients: recipientsOf(known),
    transfers: transfersOf(known),
    times: timesOf(sites, known.ledgerDetailsDays),
    security: measuresOf('gdpr').flatMap(([, { answers, says, stand }]) =>
      /^Art\. (?:25|32)/.test(answers) && stand.is === 'built in'
        ? [{ what: says, rules: [...stand.rules] }]
        : [],
    ),
  };
}

function transfersOf({ jurisdiction }: Known): string[] {
  if (jurisdiction === null)
    return [
      'The place where the data lie is not pinned: Cloudflare decides where it runs Sotto and keeps what is sealed, also outside of the European Union.',
    ];
  return [
    `Everything that is kept (conversations, people, files, the ledger, backups, keys, and how far long duties are) lies in ${jurisdictionNames[jurisdiction]} and is worked on there.`,
    ...outsideJurisdiction.map((part) => `Not held there: ${part}`),
    'Not held there: whoever else receives something, as it stands under recipients.',
  ];
}

function siteOf({ id, name, origins, settings }: Known['sites'][number]): ProcessingOfSite {
  const { questions, files, consent, masking, keptDays, visitorDays } = settings;
  return {
    ...{ id, name, origins, consent },
    questions: questions.map(({ kind, label, required }) => ({
      ...{ kind, required },
      label: label['en'] ?? Object.values(label)[0] ?? null,
    })),
    files: files.groups,
    masked: (['cards', 'ibans', 'nationalIds', 'secrets'] as const).filter((kind) => masking[kind]),
    conversationDays: keptDays,
    visitorDays,
    fileDays: files.days,
  };
}

function dataOf(sites: readonly ProcessingOfSite[]): string[] {
  const asked = (kind: string) => sites.some(({ questions }) => questions.some((each) => each.kind === kind));
  return [
    'Of customers: what they write, when, from which page, in which language and time zone, and how they rate it.',
    asked('name')
      ? 'Of customers: their name, which is asked for.'
      : 'Of customers: their name, where it is said.',
    asked('address')
      ? 'Of customers: their e-mail address, which is asked for.'
      : 'Of customers: their e-mail address, where it is said.',
    ...(asked('text') ? ['Of customers: what else is asked for, as it stands below.'] : []),
    ...(sites.some(({ files }) => files.length > 0)
      ? ['Of customers and staff: the files that they send.']
      : []),
    'Of staff: name, e-mail address, role, teams, second factors, sessions with device and country, and what they did and read.',
    'Of staff: which lessons they have taken, and when; and of those who have a part in the plan for incidents, how they are reached.',
    'Of incidents: what happened, when, whom and what it touched, and who did what about it.',
    'Special categories (article 9) are not asked for; what customers say of themselves is kept as they say it.',
  ];
}

function recipientsOf({ scannerHost, webhookHosts, witnessHost }: Known): Processing['recipients'] {
  const cloudflare = {
    who: 'Cloudflare, as processor',
    what: 'Runs Sotto, keeps everything of it, and sends its mail: links, codes and notices to staff; to customers codes, notices about what they asked, and conversations as OpenPGP messages.',
  };
  return [
    cloudflare,
    ...(scannerHost === null
      ? []
      : [{ who: scannerHost, what: 'Scans the files for malware, and is sent each of them for that.' }]),
    ...webhookHosts.map((who) => ({
      who,
      what: 'Is told that there is an alarm or an incident, of which kind and how grave, and not whom it is about.',
    })),
    ...(witnessHost === null
      ? []
      : [
          {
            who: `Somebody at ${witnessHost}, as witness`,
            what: 'Is mailed the head of the ledger every day, which names nobody.',
          },
        ]),
  ];
}

function timesOf(sites: readonly ProcessingOfSite[], ledgerDetailsDays: number): Processing['times'] {
  const days = (count: number) => (count === 1 ? '1 day' : `${count} days`);
  return [
    ...sites.flatMap(({ name, conversationDays, visitorDays, fileDays, files }) => [
      {
        what: `Conversations on ${name}`,
        howLong:
          conversationDays === null
            ? 'For ever, as nobody has set a time.'
            : `${days(conversationDays)} after the last that happened in it, unless a legal hold or a restriction keeps it.`,
      },
      {
        what: `Customers on ${name} of whom no conversation is left`,
        howLong:
          visitorDays === null
            ? 'For ever, as nobody has set a time.'
            : `${days(visitorDays)} after they were last seen, unless their data are restricted.`,
      },
      ...(files.length === 0
        ? []
        : [
            {
              what: `Files on ${name}`,
              howLong: `${days(fileDays)} after they were sent, unless a legal hold or a restriction keeps them.`,
            },
          ]),
    ]),
    { what: 'Uploads that nobody finishes', howLong: 'A day.' },
    { what: 'Codes that are mailed to customers', howLong: `${lifetimes.visitorCode / 60_000} minutes.` },
    {
      what: 'Links that are mailed to staff',
      howLong: `${lifetimes.mailedLink / 60_000} minutes; invitations 72 hours.`,
    },
    {
      what: 'Mail',
      howLong:
        'It is handed to Cloudflare at once, and Sotto keeps none of it. That a code was asked for and mailed is kept for a week, by keyed hashes.',
    },
    { what: 'Copies of everything about a customer', howLong: `${days(lifetimes.copy / day)}.` },
    {
      what: 'Which lessons somebody has taken',
      howLong: 'For as long as their account is kept, disabled or not, to show that they had learned it.',
    },
    {
      what: 'How those are reached who have a part in the plan for incidents',
      howLong:
        'Until the plan names them no more. Of whoever does not work here any more it is shown to nobody.',
    },
    {
      what: 'Incidents, what was noted in them, and their reviews',
      howLong:
        'They are never deleted: each breach has to be documented (article 33(5)). Customers stand in them by their ids alone, unless somebody writes a name.',
    },
    {
      what: 'Backups of all of this',
      howLong: `${days(backupFigures.keptDays)}, and with them what they build upon, at most ${days(backupFigures.chain)} older. What was erased opens in none of them.`,
    },
    {
      what: 'What is personal in the ledger: from where and by what staff signed in, and why they looked',
      howLong: `${days(ledgerDetailsDays)} after the end of its month, unless a legal hold or a restriction keeps it.`,
    },
    { what: 'All else in the ledger, which names ids alone', howLong: 'It is never deleted.' },
  ];
}
