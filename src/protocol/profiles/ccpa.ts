/** The California Consumer Privacy Act, as amended: California Civil Code 1798.100 and following. */
import { builtIn, byContract, keptDaysHeld, type Measures, set } from './measure.ts';

export const ccpa = {
  notice: {
    answers: '1798.100(a), .130(a)(5)',
    says: 'Your privacy policy tells customers what the chat collects, why, and for how long.',
    stand: byContract,
  },
  storage: {
    answers: '1798.100(a)(3), (c)',
    says: 'No conversation is kept for ever, and none for more than two years after the last that happened in it; nor what is known of a customer who has none left.',
    stand: set({ keptDays: keptDaysHeld, visitorDays: keptDaysHeld }),
  },
  provider: {
    answers: '1798.100(d)',
    says: 'You have a contract with Cloudflare as your service provider, and with whoever scans files for you.',
    stand: byContract,
  },
  security: {
    answers: '1798.100(e)',
    says: 'Messages, names, addresses and files lie sealed, and nobody on staff gets in without a second factor.',
    stand: builtIn('K1', 'K8', 'S2'),
  },
  deletion: {
    answers: '1798.105',
    says: 'Everything about one person is deleted when they ask for it.',
    stand: builtIn('D23', 'D24', 'D25', 'D26', 'D27'),
  },
  correction: {
    answers: '1798.106',
    says: 'Whoever has the right corrects a customer’s name and address, and the ledger has that they did.',
    stand: builtIn('D48', 'V5', 'L7'),
  },
  knowing: {
    answers: '1798.110',
    says: 'Everything about one person is put together and handed to them.',
    stand: builtIn('D31', 'D48', 'D50'),
  },
  selling: {
    answers: '1798.120',
    says: 'Nothing in the chat comes from an advertiser, and Sotto itself sells and shares nothing.',
    stand: builtIn('W6'),
  },
  sensitive: {
    answers: '1798.121',
    says: 'Card numbers, national numbers, passwords and keys that somebody types are masked before anything of them is kept.',
    stand: set({ 'masking.cards': true, 'masking.nationalIds': true, 'masking.secrets': true }),
  },
  inTime: {
    answers: '1798.130(a)(2)',
    says: 'What a person asks for is answered within 45 days, and Sotto counts the days.',
    stand: builtIn('D20'),
  },
} as const satisfies Measures;
