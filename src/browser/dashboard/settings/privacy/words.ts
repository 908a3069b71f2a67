/** What is said of requests about customers' data. */
import type {
  RefusalGround,
  RequestKind,
  RequestLaw,
  RequestProof,
  RequestState,
} from '../../../../protocol/privacy.ts';
import type { DeletedKind } from '../../../../protocol/retention.ts';

const day = 86_400_000;
const counted = (one: string, several: string) => (count: number) =>
  count === 1 ? `1 ${one}` : `${count.toLocaleString('en')} ${several}`;
const days = (count: number) => (count === 1 ? '1 day' : `${count} days`);

export const words = {
  intro:
    'What customers ask about their own data, and until when the law wants an answer. Who asked and who answered what stands in the ledger.',
  request: 'A request',
  open: 'To be answered',
  none: 'Nobody waits for an answer.',
  noneHow: 'Open a request from the panel beside a customer’s conversation.',
  over: 'Answered',
  noneOver: 'No request was ever answered.',
  more: 'Show more',
  kinds: {
    access: 'A copy of their data',
    portability: 'Their data, to take elsewhere',
    rectification: 'A correction',
    restriction: 'Restriction: data that is kept and not used',
    objection: 'An objection to a use of their data',
    erasure: 'Erasure of everything about them',
  } satisfies Record<RequestKind, string>,
  states: {
    open: 'To be answered',
    working: 'Being erased',
    refused: 'Refused',
    done: 'Done',
  } satisfies Record<RequestState, string>,
  laws: {
    gdpr: 'GDPR: one month',
    ccpa: 'California (CCPA): 45 days',
    hipaa: 'Records of health (HIPAA): 30 days',
  } satisfies Record<RequestLaw, string>,
  proofs: {
    site: 'Their site says who they are',
    code: 'They have proved their address by a code',
    staff: 'Somebody here knows them',
  } satisfies Record<RequestProof, string>,
  /** How long there is. */
  due: (at: number, now: number) => {
    const left = Math.floor((at - now) / day);
    if (at < now) return `Late by ${days(Math.max(1, Math.ceil((now - at) / day)))}`;
    return left === 0 ? 'Due within a day' : `Due in ${days(left)}`;
  },
  held: 'A legal hold stopped it',
  customer: (sign: string) => `Customer ${sign}`,

  fields: {
    state: 'How it stands',
    customer: 'Customer',
    site: 'Site',
    law: 'By the clock of',
    opened: 'Asked',
    openedBy: 'Opened by',
    due: 'Due',
    proof: 'How it is known who asks',
    wish: 'What they say',
    extension: 'Why it takes longer',
    decidedBy: 'Decided by',
    done: 'Answered',
    answer: 'The answer',
    copy: 'Their copy',
    receipt: 'Receipt',
  },
  themselves: 'The customer',
  receiptHow: 'Signed, for the customer to keep. Anybody can check it, and it names nobody.',
  receipt: 'The receipt',
  others: 'The same address elsewhere',
  othersMean:
    'Customers who have proved the same address. On each site a person is a customer by themselves, and this request is about one of them alone: ask which they mean.',
  openAlso: 'Open a request for them too',
  seeAlso: 'What they asked',
  heldMeans:
    'A legal hold is on a conversation of theirs. What was erased before stays so. It can be erased again once the hold has ended, or refused.',
  bannedMeans:
    'They are banned, and don’t get into the chat for now, where answers and copies are read. Send them what they get some other way, or let them in again under Settings, Visitors.',
  working: (conversations: number) =>
    conversations === 1
      ? 'It goes on by itself. One conversation is erased so far.'
      : `It goes on by itself. ${conversations} conversations are erased so far.`,

  fulfil: 'It is done',
  fulfilHow: {
    access: 'Have the copy made, open it and look it through. Then say here what they get.',
    portability: 'Have the copy made, open it and look it through. Then say here what they get.',
    rectification: 'Change it in the panel beside their conversation, then say here what you changed.',
    restriction:
      'This restricts it: what they wrote until now is closed and kept, and nobody reads it but whoever answers these requests. It is lifted in the panel beside one of their conversations.',
    objection:
      'Sotto uses what customers write to answer them, and for nothing that they could have stopped on its own. What is suggested below says so; see first whether they mean something that you do yourselves.',
  } satisfies Record<Exclude<RequestKind, 'erasure'>, string>,
  handed: (until: string) => `In the chat until ${until}, for them alone`,
  give: 'What they get',
  giveHint:
    'They find it in the chat under “Your data” for seven days, once they have shown that it is they.',
  giveBackstage:
    'It holds what staff keep to themselves, which may be about others too. Give it only if you have looked it through.',
  giveNone: 'Nothing here: they got it some other way',
  copiesUnknown: 'It is not known yet which copies there are. Wait for them, or try again.',
  noCopy: 'No copy is ready yet. Have one made above, or say how else they got their data.',
  told: 'They are mailed that there is an answer, where an address of theirs is proved. What it says stands in the chat alone.',
  /** With what an answer begins, to be changed by whoever gives it. */
  suggested: {
    objection:
      'What you write in our chat is used to answer you, and for nothing else: not for advertising, not for profiles, and it is not sold. If you do not want us to keep it, you can have it erased or restricted.',
  } as Partial<Record<RequestKind, string>>,
  deleted: 'Deleted, as its time was over',
  deletedIntro:
    'Of the last 90 days, which begin at midnight UTC. For how long what is kept is set with each site and with the organisation. Each day stands in the ledger too, with the night after it.',
  deletedNone: 'Nothing’s time was over.',
  deletedColumns: ['Day', 'Site', 'Deleted'],
  deletedNowhere: 'All sites',
  deletedKinds: {
    conversations: counted('conversation', 'conversations'),
    files: counted('file, by its own time', 'files, by their own time'),
    visitors: counted('customer without a conversation', 'customers without a conversation'),
    details: counted(
      'month of one person’s details in the ledger',
      'months of people’s details in the ledger',
    ),
  } satisfies Record<DeletedKind, (count: number) => string>,
  sold: 'Nothing is sold',
  soldText:
    'In Sotto nothing is sold, and nothing is shared for advertising. What customers say goes to you and to those who run this chat for you: Cloudflare, and the scanner for files where there is one. Customers read so under “Your data”; the record of processing names everybody who receives anything. What you do with it elsewhere is for you to say.',
  said: 'What was done',
  saidHint: 'The customer reads it.',
  fulfilDo: 'Mark it as done',
  erase: 'Erase them',
  eraseAsk: {
    title: 'Erase this customer?',
    text: 'All their conversations and files, their name and address, notes about them and bans of them are destroyed, in every team, and don’t come back. Cloudflare’s own copies of the storage still hold them for up to 30 days. It takes your second step.',
    yes: 'Erase them',
  },
  extend: 'Take longer',
  extendHow: 'Once, and the customer has to know why.',
  extendWhy: 'Why it takes longer',
  extendDo: 'Take longer for it',
  refuse: 'Refuse',
  refuseHow: 'The customer has to know why, and that they can complain to the authority.',
  refuseWhy: 'Why it is refused',
  ground: 'On which ground',
  groundHint: 'It stands in the signed receipt. What you write below does not.',
  groundNone: 'Choose one',
  grounds: {
    unproved: 'It is not proved that it is they (GDPR 12(6))',
    unfounded: 'It is unfounded, or too much (12(5))',
    duty: 'A law wants the data kept (17(3)(b))',
    claims: 'The data are needed for legal claims (17(3)(e))',
    others: 'It would harm others (15(4))',
    other: 'Something else',
  } satisfies Record<RefusalGround, string>,
  refuseDo: 'Refuse it',

  create: 'A customer asks about their data',
  createIntro:
    'For whoever asks by telephone, by letter or in a conversation. Make sure that it is they, and say how you know: who asks for somebody else’s data is a common fraud.',
  kind: 'What they ask for',
  law: 'Which clock runs',
  how: 'How you know that it is they',
  howHint: 'Such as: they wrote from the address that we have of them.',
  wish: 'What they say about it',
  wishHint: 'Optional. It is sealed, and goes with them.',
  createDo: 'Open the request',
};
