/** What is said in and around one conversation. */
import type { Message } from '../../../protocol/frames.ts';
import type { StopReason } from '../../connection.ts';

export const words = {
  back: 'Back',
  rule: 'Nobody needs a card number, a password or an identity number in a chat, so never ask for one and never send one. Show the customer the safe way to give it instead.',
  ruleLesson: 'The lesson: what is sensitive data',
  prove: 'Prove that it is you',
  formerStaff: 'A former colleague',
  somebody: 'A colleague',
  heldByYou: 'Claimed by you',
  heldBy: (name: string) => `Claimed by ${name}`,
  waiting: 'Nobody has claimed it',
  closed: 'Closed',
  snoozedUntil: (until: string) => `Snoozed until ${until}`,
  customerHere: 'Customer is here',
  customerGone: 'Customer has left',
  readingToo: (names: string) => `Also reading: ${names}`,
  writingNote: (names: string) => `Writing a note: ${names}`,

  claim: 'Claim',
  close: 'Close',
  reopen: 'Reopen',
  handOver: 'Hand over',
  snooze: 'Snooze',
  unsnooze: 'End the snooze',
  customer: 'Customer',
  actions: 'What to do with this conversation',
  actionsFolded: 'Actions',
  lostRace: (name: string) => `${name} was quicker and has this conversation now.`,

  claimFirst: 'Claim this conversation to answer.',
  taken: (name: string) => `${name} has this conversation.`,
  isClosed: 'This conversation is closed.',
  readOnly: 'You can read this conversation, but not answer.',
  writeNote: 'Write a note',
  stopNote: 'Stop writing the note',

  watch: 'Watch without being shown',
  restricted:
    'The data of this customer are restricted (GDPR, article 18): they are kept, and nobody else on staff reads them. You do, as you answer what customers ask about their data; use them for nothing else.',
  watching: 'You are watching. Colleagues and the customer do not see you. This is recorded.',
  notWatching: {
    unproved: 'Watching without being shown takes your second step.',
    not_allowed: 'You may not watch this conversation without being shown.',
  } as Partial<Record<StopReason, string>>,
  join: 'Join',
  whisper: (name: string | null) => `Whisper to ${name ?? 'your colleagues'}`,
  whisperLabel: 'Whisper: colleagues can read it, customers never see it',

  kinds: 'What you write',
  answer: 'Answer',
  note: 'Note',
  noteLabel: 'Note: customers never see this',
  answerPlaceholder: 'Write an answer. / inserts a canned reply.',
  notePlaceholder: 'Write a note for your colleagues',
  attach: 'Attach a file',
  canned: 'Canned reply',
  cannedList: 'Canned replies',
  cannedNone: 'There is no canned reply for this.',
  missing: (names: string) => `Not known here: ${names}. Check what stands in its place before you send.`,

  messageActions: (name: string, time: string) => `Actions for the message of ${name}, ${time}`,
  messageMenu: 'What to do with this message',
  copy: 'Copy the text',
  notCopied: 'This could not be copied.',
  remove: 'Delete',
  removeAsk: (kind: Message['kind']) => ({
    title: `Delete this ${thingOf(kind)}?`,
    text: `${destroyed(kind)}. That it was there stays visible.`,
    yes: 'Delete',
  }),
  redact: 'Redact',
  redactAsk: (kind: Message['kind']) => ({
    title: `Redact this ${thingOf(kind)}?`,
    text: `${destroyed(kind)} and can not be brought back. That you did it is recorded.`,
    yes: 'Redact',
  }),

  neutral: { 'customer.name': 'there', 'agent.name': 'our team', 'site.name': 'our website' },
  placeholderNames: {
    'customer.name': 'the customer’s name',
    'agent.name': 'your name',
    'site.name': 'the site’s name',
  } as Record<string, string>,

  handOverTitle: 'Hand over this conversation',
  handOverPeople: 'To somebody in this team',
  handOverTeams: 'To another team',
  handOverNobody: 'There is nobody else in this team.',
  handOverNoTeams: 'There is no other team.',
  handOverNote: 'A note for them (customers never see this)',
  handOverChoose: 'Choose who shall have it.',
  handOverDo: 'Hand over',
  handOverAgain: 'Hand over all the same',
  handOverUnsure: 'There was no answer, so it is not known whether it was handed over. Try again.',
  handedOver: 'You do not have this conversation any more. It may have been handed over at the first try.',
  presences: { available: 'Available', away: 'Away', offline: 'Not here' },

  snoozeTitle: 'Snooze this conversation',
  snoozeHint: 'It comes back at that time, or as soon as the customer writes.',
  snoozes: { hour: 'For one hour', tomorrow: 'Until tomorrow', monday: 'Until next Monday' },
  snoozePick: 'Until another time',
  snoozeDo: 'Snooze until then',
  snoozePast: 'Choose a time that is still to come.',
  snoozeFar: 'Choose a time within the next 90 days.',
};

function thingOf(kind: Message['kind']): string {
  return kind === 'file' ? 'file' : 'message';
}

function destroyed(kind: Message['kind']): string {
  return `${kind === 'file' ? 'It' : 'Its text'} is destroyed for everybody`;
}
