/** The record of processing (D46): one pure function of what is set, and of which kinds of data there are. */
import type { Site } from '../../protocol/bodies.ts';
import type { Controller, Processing, ProcessingOfSite } from '../../protocol/processing.ts';
import { measuresOf } from '../../protocol/profiles.ts';
import { type Jurisdiction, jurisdictionNames, outsideJurisdiction } from '../../protocol/residency.ts';
import { kinds } from './kinds.ts';

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
    times: kinds.flatMap(({ times }) => times({ sites, ledgerDetailsDays: known.ledgerDetailsDays })),
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
    ...kinds.flatMap(({ data }) => data ?? []),
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
