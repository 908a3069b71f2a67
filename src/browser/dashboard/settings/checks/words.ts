/** What is said of security checks. */
import type { CheckStanding } from '../../../../protocol/checks.ts';

const number = new Intl.NumberFormat();
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export const words = {
  intro:
    'Each night, and whenever you like, Sotto looks at itself as it runs: at people and their rights, sites, keys, backups, the ledger, and what it answers to strangers. What could not be looked at is no pass.',
  run: 'Run them now',
  begun: 'The checks are being run.',
  ended: (passed: number, all: number) =>
    `The checks are done: ${number.format(passed)} of ${number.format(all)} passed.`,
  running: 'The checks are being run',
  soFar: (done: number, all: number) =>
    `${number.format(done)} of ${number.format(all)} so far. You can leave this page.`,

  score: 'How it stands',
  none: 'They have not been run yet. The first time is tonight, or now, if you like.',
  of: (passed: number, all: number) => `${number.format(passed)} of ${number.format(all)} passed`,
  last: (at: number) => `Looked at ${moment.format(at)}`,
  standings: {
    failed: 'Failed',
    'not-run': 'Not run',
    accepted: 'Accepted for a while',
    passed: 'Passed',
  } satisfies Record<CheckStanding, string>,
  explained: {
    failed: 'What was looked at, and is not as it should be.',
    'not-run':
      'What could not be looked at, or where there is nothing to look at yet. It does not count as passed.',
    accepted: 'What does not pass, and somebody has said why that is well, until a day.',
    passed: 'What was looked at, and is as it should be.',
  } satisfies Record<CheckStanding, string>,
  section: (standing: CheckStanding, count: number) =>
    `${words.standings[standing]} (${number.format(count)})`,
  nothing: 'None.',
  worse: 'Had passed before',

  more: 'Why, and what it answers',
  moreOf: (title: string) => `Why, and what it answers: ${title}`,
  measures: 'Measures',
  why: 'Why',
  answers: 'Answers',
  found: 'Found',
  fix: 'What to do',
  goTo: (place: string) => `Go to ${place}`,
  at: 'Looked at',
  when: (at: number) => moment.format(at),
  yes: 'yes',
  no: 'no',

  accept: 'Accept for a while',
  acceptThis: (title: string) => `Accept for a while: ${title}`,
  reason: 'Why this is well until then',
  reasonHint: 'Whoever reads the report sees it, and your name.',
  until: 'Until the end of',
  untilHint: 'A year from now at most. From then on it counts again.',
  save: 'Accept it',
  saved: 'Accepted.',
  acceptedBy: (who: string, at: number, until: number) =>
    `${who} on ${day.format(at)}, until ${day.format(until)}`,
  takeBack: 'Accept no more',
  takeBackThis: (title: string) => `Accept no more: ${title}`,
  takenBack: (title: string) => `No more accepted: ${title}.`,

  report: 'Take the report along',
  reportHow:
    'Dated, and signed by the key of the ledger, so that anybody can check offline that nothing in it was changed. Why something was accepted stands in it with the name of who did.',
  page: 'A page (HTML)',
  json: 'Data (JSON)',
  taking: 'The report is being made.',
  taken: 'The browser has the file.',

  history: 'Over time',
  plot: (runs: number) =>
    `How the last ${number.format(runs)} runs came out, the oldest first. The table below says the same.`,
  asTable: 'As a table',
  ranAt: 'Run',
  tableOf: 'Runs, the newest first',
};
