/** What is said of alarms. */
import type { AlarmRule } from '../../../../protocol/alarms.ts';
import type { LedgerFacts } from '../../../../protocol/ledger.ts';
import type { Webhook } from '../../../../protocol/webhooks.ts';

const number = (value: LedgerFacts[string] | undefined) => Number(value ?? 0);

export const words = {
  intro:
    'Sotto watches the ledger, and raises an alarm where something in it is unusual. Whoever may see it is mailed. It stays until somebody says why it is well, or what they did.',
  open: 'Open',
  none: 'Nothing is unusual.',
  answered: 'Answered',
  noneAnswered: 'No alarm was ever answered.',
  more: 'Show more',
  times: (count: number) => (count === 1 ? 'Once' : `${count} times`),
  since: (first: string, last: string) => `from ${first} to ${last}`,
  drill: 'DRILL: nothing has happened',
  about: 'About',
  aboutYou: 'This is about you. Somebody else has to answer it.',
  look: 'What they did',
  lookAtAccount: 'What happened to their account',
  declare: 'Declare an incident',
  declareThis: (what: string) => `Declare an incident: ${what}`,
  answer: 'Answer',
  answerThis: (what: string) => `Answer: ${what}`,
  why: 'Why it is well, or what you did',
  whyHint: 'It is kept with the alarm and can’t be changed. Who answered stands in the ledger.',
  send: 'Answer it',
  done: 'Answered.',
  by: (name: string, when: string) => `Answered by ${name}, ${when}`,
  webhooks: {
    title: 'Other systems that are told',
    intro:
      'Each alarm is posted to these addresses as well, signed as the Standard Webhooks specification says. What is sent names nobody.',
    none: 'No other system is told.',
    address: 'Address of the other system',
    addressHint: 'It begins with https. Only its first part is ever shown again.',
    add: 'Add it',
    secretOnce: 'Give the other system this secret now: it is not shown again.',
    secret: 'The secret with which the other system checks what it is told',
    test: 'Test',
    testThis: (host: string) => `Test ${host}`,
    remove: 'Remove',
    removeThis: (host: string) => `Remove ${host}`,
    removeAsk: (host: string) => ({
      title: `Tell ${host} no more?`,
      text: 'Its secret is forgotten. To tell it again, it has to be added anew.',
      yes: 'Remove',
    }),
    full: (most: number) => `There can be ${most} of them.`,
    tested: ({ host, lastStatus }: Webhook) =>
      lastStatus === 0 ? `${host} gave no answer.` : `${host} answered with ${lastStatus}.`,
    state: ({ lastAt, lastStatus, waiting }: Webhook, whenOf: (at: number) => string) => {
      if (lastAt === null) return 'Nothing was sent yet.';
      const answer = lastStatus === 0 ? 'no answer' : `answer ${lastStatus}`;
      const behind = waiting === 0 ? '' : ` ${waiting} to be sent again.`;
      return `Last sent ${whenOf(lastAt)}: ${answer}.${behind}`;
    },
  },
  /** What it was that was found, in a sentence. */
  found: {
    'reading.budget': ({ budget }) =>
      `They were asked for their second factor before they could open more ${budget === 'files' ? 'files' : 'conversations'}.`,
    'reading.unusual': ({ count, most }) =>
      `They read ${number(count)} conversations within an hour. The most in an hour of the four weeks before was ${number(most)}.`,
    'reading.files': ({ count, most }) =>
      `They opened ${number(count)} files within an hour. The most in an hour of the four weeks before was ${number(most)}.`,
    'export.mass': ({ count }) => `They took data along ${number(count)} times within a day.`,
    'refusals.many': ({ count }) => `They were refused ${number(count)} times within an hour.`,
    'signIn.failures': ({ count }) =>
      `Within an hour, ${number(count)} tries to be them failed. Nobody got in by these.`,
    'signIn.spray': ({ count }) => `Within an hour, ${number(count)} tries to be somebody failed.`,
    'signIn.country': () =>
      'If it was not they, sign them out everywhere, and have them choose another password.',
    'keys.overdue': () =>
      'It has been in use for longer, or more often, than the standards that Sotto keeps to allow. Renew it under “Keys”.',
    'ledger.broken': ({ what }) =>
      `${String(what ?? 'It could not be proved')}. Keep everything as it is, and find out who changed the database.`,
    'ledger.unsent': () =>
      'Nobody outside has it as it stood on these days. It is tried again; the log says under “mail.witness” why it failed.',
    'retention.late': ({ conversations, files }) =>
      files !== undefined
        ? `Files in ${number(files) === 1 ? 'a conversation' : `${number(files)} conversations`} could not be deleted in more than one night, though their time is over. The log says why.`
        : `${number(conversations) === 1 ? 'A conversation' : `${number(conversations)} conversations`} could not be erased in more than one night, though the time to keep it is over. The log says why.`,
    'backup.missing': ({ what }) =>
      `${String(what ?? 'None was made')}. The log says what keeps Sotto from making one.`,
    'backup.broken': ({ what }) =>
      `${String(what ?? 'It could not be proved')}. The next one will be full. Find out who can write to the bucket.`,
    'backup.drill': ({ what }) =>
      `${String(what ?? 'It could not be proved')}. Should this deployment be lost, some of it may not come back.`,
    'file.malware': () =>
      'It is shut away, and nobody opens it. Find out who sent it, and whether they sent others.',
    'incident.overdue': () =>
      'Tell them now, and why it is late; or say in the incident why nobody has to be told.',
    'checks.worse': ({ checks }) =>
      `Look at these under Security checks: ${Array.isArray(checks) ? checks.join(', ') : 'some'}.`,
  } satisfies Record<AlarmRule, (facts: LedgerFacts) => string>,
};
