/** The Security and Privacy Rules under the Health Insurance Portability and Accountability Act, 45 CFR 164. */
import { builtIn, byCheck, byContract, type Measures, set } from './measure.ts';

/** From when it was made; two of the years may be leap years. */
const sixYears = 6 * 365 + 2;

export const hipaa = {
  risk: {
    answers: '164.308(a)(1)(ii)(A)',
    says: 'You have written down the risks to health data, and what you do about them.',
    stand: byContract,
  },
  review: {
    answers: '164.308(a)(1)(ii)(D)',
    says: 'Who read and did what stands in a ledger, and what is unusual in it raises an alarm.',
    stand: builtIn('L8', 'M2'),
  },
  access: {
    answers: '164.308(a)(4)',
    says: 'What a role does not name is denied, and teams see their own conversations alone.',
    stand: builtIn('P1', 'P2'),
  },
  training: {
    answers: '164.308(a)(5)',
    says: 'Everybody has taken the lessons that their role is asked, and none is late.',
    stand: byCheck('training'),
  },
  incidents: {
    answers: '164.308(a)(6)',
    says: 'The plan for incidents is approved, somebody has each role in it, and it is played.',
    stand: byCheck('incident-plan', 'incident-drills'),
  },
  contingency: {
    answers: '164.308(a)(7)',
    says: 'There is a backup outside of the database of last night, and one was put back of late and came to the same.',
    stand: byCheck('backup-recent', 'restore-drill'),
  },
  unique: {
    answers: '164.312(a)(2)(i)',
    says: 'Everybody signs in as themselves, and the ledger has who it was.',
    stand: builtIn('S2', 'L7'),
  },
  logOff: {
    answers: '164.312(a)(2)(iii)',
    says: 'A session in which nobody does anything ends after 15 minutes at most.',
    stand: set({ idleMinutes: 15 }),
  },
  sealed: {
    answers: '164.312(a)(2)(iv)',
    says: 'Messages, names, addresses and files lie sealed, each conversation and file under a key of its own.',
    stand: builtIn('K1', 'K8', 'F37'),
  },
  audit: {
    answers: '164.312(b)',
    says: 'Each door that can change anything is recorded, and no row of the ledger changes.',
    stand: builtIn('L6', 'L7'),
  },
  integrity: {
    answers: '164.312(c)(1)',
    says: 'What was changed, cut or moved does not open, and is not given out.',
    stand: builtIn('K1', 'F37'),
  },
  staffProof: {
    answers: '164.312(d)',
    says: 'Nobody on staff gets in without a second factor.',
    stand: builtIn('S2'),
  },
  customerProof: {
    answers: '164.312(d)',
    says: 'Customers prove by a mailed code that it is they before they open a file.',
    stand: set({ 'files.code': true }),
  },
  transmission: {
    answers: '164.312(e)',
    says: 'Sotto refuses to run on an address that is not https, but for a developer’s own machine.',
    stand: builtIn('K4'),
  },
  documents: {
    answers: '164.316(b)(2)(i)',
    says: 'What stands in the ledger is never deleted, and what is personal in it can be read for six years at least.',
    stand: set({ ledgerDetailsDays: sixYears }),
  },
  policies: {
    answers: '164.316(b)(1)',
    says: 'Your policies are written down, and you keep each for six years after it was last in effect.',
    stand: byContract,
  },
  minimum: {
    answers: '164.502(b)',
    says: 'Card numbers, national numbers, passwords and keys are masked, and staff see a file only once they have said why.',
    stand: set({
      'masking.cards': true,
      'masking.nationalIds': true,
      'masking.secrets': true,
      'files.sensitive': true,
    }),
  },
  associates: {
    answers: '164.502(e)',
    says: 'You have a business associate agreement with Cloudflare, and with whoever else Sotto passes anything on to.',
    stand: byContract,
  },
  copy: {
    answers: '164.524',
    says: 'Everything about one person is put together and handed to them within 30 days, which Sotto counts.',
    stand: builtIn('D20', 'D31', 'D48', 'D50'),
  },
  amendment: {
    answers: '164.526',
    says: 'Customers ask in the chat to have it put right, and are answered. Whoever has the right corrects their name and address.',
    stand: builtIn('D20', 'D48', 'V5', 'L7'),
  },
  accounting: {
    answers: '164.528',
    says: 'Who on staff read, opened or took along what of somebody is put together from the ledger, which is never deleted. What was told to others outside of the chat is for you to note.',
    stand: builtIn('L8', 'N30', 'N32'),
  },
  breachPlan: {
    answers: '164.404 to 164.408',
    says: 'The plan for incidents is approved and somebody has each role in it, so that it is settled who tells the people whom a breach concerns, and the Department; and no notice is late.',
    stand: byCheck('incident-plan', 'incident-clocks'),
  },
} as const satisfies Measures;
