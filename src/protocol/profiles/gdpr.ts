/** The General Data Protection Regulation, (EU) 2016/679. */
import { builtIn, byCheck, byContract, keptDaysHeld, type Measures, set } from './measure.ts';

export const gdpr = {
  minimal: {
    answers: 'Art. 5(1)(c)',
    says: 'Card numbers, passwords and keys that somebody types are masked before anything of them is kept.',
    stand: set({ 'masking.cards': true, 'masking.secrets': true }),
  },
  storage: {
    answers: 'Art. 5(1)(e)',
    says: 'No conversation is kept for ever, and none for more than two years after the last that happened in it; nor what is known of a customer who has none left.',
    stand: set({ keptDays: keptDaysHeld, visitorDays: keptDaysHeld }),
  },
  consent: {
    answers: 'Art. 7(1)',
    says: 'Where a site asks for consent, what was agreed to is kept with the conversation, word by word and with its version.',
    stand: builtIn('C24'),
  },
  withdrawal: {
    answers: 'Art. 7(3)',
    says: 'What somebody has agreed to in the chat they take back there as easily, and it stands with its version.',
    stand: builtIn('D52'),
  },
  inTime: {
    answers: 'Art. 12(3)',
    says: 'What a person asks for is answered within a month, and Sotto counts the days.',
    stand: builtIn('D20'),
  },
  notice: {
    answers: 'Art. 13',
    says: 'Your privacy notice tells customers of the chat: why, on what basis, for how long, and who else receives it.',
    stand: byContract,
  },
  access: {
    answers: 'Art. 15, 20',
    says: 'Everything about one person is put together and handed to them, in a form that machines read.',
    stand: builtIn('D31', 'D32', 'D48', 'D50'),
  },
  correction: {
    answers: 'Art. 16',
    says: 'Whoever has the right corrects a customer’s name and address, and the ledger has that they did.',
    stand: builtIn('D48', 'V5', 'L7'),
  },
  erasure: {
    answers: 'Art. 17',
    says: 'Everything about one person is erased when they ask for it.',
    stand: builtIn('D23', 'D24', 'D25', 'D26', 'D27'),
  },
  restriction: {
    answers: 'Art. 18',
    says: 'Somebody’s data are kept and nothing else is done with them, where that was asked for.',
    stand: builtIn('D60', 'D61', 'D62'),
  },
  objection: {
    answers: 'Art. 21',
    says: 'Customers object in the chat, and are answered; what they write is used to answer them, and for nothing else.',
    stand: builtIn('D20', 'D21', 'D48'),
  },
  byDesign: {
    answers: 'Art. 25',
    says: 'Nothing is stored of a visitor before they write, what a role does not name is denied, and whoever sees less is sent less.',
    stand: builtIn('W7', 'P1', 'P7', 'C16'),
  },
  fileTime: {
    answers: 'Art. 25(2)',
    says: 'No file is kept for more than two years, and each goes with its conversation.',
    stand: set({ 'files.days': keptDaysHeld }),
  },
  processor: {
    answers: 'Art. 28',
    says: 'You have a contract on processing with Cloudflare, on whose machines Sotto runs, and with whoever scans files for you.',
    stand: byContract,
  },
  record: {
    answers: 'Art. 30(1)',
    says: 'The record of processing is made from what is really set, each time somebody opens it.',
    stand: builtIn('D46'),
  },
  sealed: {
    answers: 'Art. 32(1)(a)',
    says: 'Messages, names, addresses and files lie sealed, each conversation and file under a key of its own.',
    stand: builtIn('K1', 'K8', 'F37'),
  },
  guarded: {
    answers: 'Art. 32(1)(b)',
    says: 'Nobody on staff gets in without a second factor, and rights that end, end at once.',
    stand: builtIn('S2', 'W4'),
  },
  backups: {
    answers: 'Art. 32(1)(c)',
    says: 'Each night a backup of everything is made, from which nothing comes back that was erased.',
    stand: builtIn('R1', 'R10'),
  },
  restore: {
    answers: 'Art. 32(1)(c)',
    says: 'There is a backup of last night, and one was put back of late and came to the same.',
    stand: byCheck('backup-recent', 'restore-drill'),
  },
  tested: {
    answers: 'Art. 32(1)(d)',
    says: 'Once a day Sotto holds its own ledger against what was signed, and raises an alarm where it differs.',
    stand: builtIn('L14'),
  },
  breach: {
    answers: 'Art. 33',
    says: 'What is unusual raises an alarm within seconds, and from when a breach became known its 72 hours are counted.',
    stand: builtIn('M2', 'M5', 'N6'),
  },
  breachPlan: {
    answers: 'Art. 33, 34',
    says: 'The plan for incidents is approved and somebody has each role in it, so that it is settled who tells the authority and the people whom it concerns; and no notice is late.',
    stand: byCheck('incident-plan', 'incident-clocks'),
  },
  transfers: {
    answers: 'Art. 44',
    says: 'The record of processing says in which jurisdiction everything lies that is kept, and what is not held there. There is a contract that allows what leaves it.',
    stand: byContract,
  },
} as const satisfies Measures;
