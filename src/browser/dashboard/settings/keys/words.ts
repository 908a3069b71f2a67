/** What is said of Sotto's own keys. */
import type {
  Emergency,
  EmergencyStage,
  KeyDue,
  KeyHolder,
  KeyPurpose,
  KeyView,
} from '../../../../protocol/keys.ts';

const number = new Intl.NumberFormat();
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export const words = {
  intro:
    'The keys under which Sotto keeps everything. Renewing one changes nothing for anybody: nobody has to sign in again, and everything can be read as before.',
  purposes: {
    data: 'Wrapping other keys',
    pepper: 'Passwords and secrets',
    lookup: 'Finding what is sealed',
    token: 'Who is signed in',
    ledger: 'Signing the ledger',
  } satisfies Record<KeyPurpose, string>,
  means: {
    data: 'Each conversation, file, customer and colleague has a key of their own. This one wraps all of those.',
    pepper: 'Passwords are sealed under it, and so are sites’ secrets and webhooks.',
    lookup:
      'By it a sealed address is found again. It is not renewed: what was found by it could not be found any more. Where it has leaked, sign everybody out: then a thief can do no more with it than guess addresses in what was stolen.',
    token: 'It signs what shows that somebody is signed in. It is renewed by itself about every thirty days.',
    ledger:
      'It signs the head of the ledger. Former ones stay known, for what they have signed is kept by others.',
  } satisfies Record<KeyPurpose, string>,
  root: 'The root of all keys',
  rootMeans:
    'All of these are wrapped under it. It lies in the secret KEYRING alone, and whoever sees to the deployment adds another by npm run rotate -- roots.',
  rootNumber: 'Number',
  rootUnknown: 'Noted within a quarter of an hour',
  age: 'In use since',
  since: (at: number) => date.format(at),
  until: 'Renew by',
  by: ({ createdAt, lasts }: KeyView) => (lasts === null ? 'never' : date.format(createdAt + lasts)),
  uses: 'Used at most',
  used: (uses: number, most: number) => `${number.format(uses)} of ${number.format(most)} times`,
  due: {
    later: 'In good time',
    soon: 'Renew soon',
    over: 'Overdue',
  } satisfies Record<KeyDue, string>,
  renew: 'Renew',
  renewThis: (purpose: string) => `Renew: ${purpose}`,
  renewAsk: (purpose: string) => ({
    title: `Renew the key for “${purpose}”?`,
    text: 'Another key takes its place at once. What lies under the old one is moved in the background, and then the old one is thrown away. It takes your second step.',
    yes: 'Renew it',
  }),
  leaked: 'It has leaked',
  leakedThis: 'It has leaked: the key that signs who is signed in',
  leakedAsk: {
    title: 'Believe nothing that it has signed?',
    text: 'Another key signs at once. In about two minutes, whatever the keys before it have signed is refused. Everybody’s page goes on by itself, and nobody has to sign in again.',
    yes: 'Believe it no more',
  },
  begun: 'The key was renewed.',
  refused: 'In about two minutes nothing that the former keys have signed is believed.',
  former: 'Former keys',
  /** How a former key stands, in a sentence. */
  standing: ({ purpose, createdAt, rotation }: KeyView) => {
    const from = `Of ${date.format(createdAt)}`;
    if (purpose === 'ledger') return `${from}: kept, to check what it has signed.`;
    if (purpose === 'token' && rotation === null)
      return `${from}: kept until the last that it has signed runs out.`;
    if (rotation === null) return `${from}: what lies under it is moved from tonight on.`;
    if (purpose === 'token') return `${from}: what it has signed is about to be refused.`;
    const moved = `${number.format(rotation.done)} moved so far`;
    if (!rotation.isOver)
      return rotation.holder === null
        ? `${from}: waiting until nobody uses it any more. ${moved}.`
        : `${from}: moving ${words.holders[rotation.holder]}. ${moved}.`;
    const left = rotation.left === 0 ? 'Some' : number.format(rotation.left);
    return `${from}: ${left} could not be moved, and so it stays. It is tried again each night.`;
  },
  holders: {
    people: 'colleagues’ keys',
    visitors: 'customers’ keys',
    requests: 'what customers asked about their data',
    bans: 'keys of bans',
    incidents: 'what is said in incidents',
    ledger: 'keys of the ledger’s details',
    conversations: 'conversations and their files',
    keyStore: 'the copies in the store of keys',
    passwords: 'passwords',
    siteSecrets: 'sites’ secrets',
    witness: 'the address of the ledger’s witness',
    contracts: 'the notes of contracts',
    controller: 'who answers for the data',
    incidentPolicies: 'the policy for incidents',
    incidentContacts: 'how people are reached in an incident',
    checkExceptions: 'why security checks were accepted',
    alarms: 'webhooks, and answers to alarms',
  } satisfies Record<KeyHolder, string>,
  again: 'Try again now',
  againThis: (at: number) => `Try again now: the key of ${date.format(at)}`,
  others: 'All other keys',
  othersHow:
    'Each conversation, file and person has keys of their own, which Sotto makes and renews by itself: one of a conversation seals at most 1,048,576 messages. Renewing the key that wraps them does not change them. After a theft that is not enough: everything has to be sealed anew.',
  sealAnew: 'Seal everything anew',
  sealAnewAsk: (archived: number) => ({
    title: 'Seal everything anew?',
    text: `The keys that wrap others, that seal passwords and secrets, and that sign who is signed in are renewed. Then each conversation, file, customer and colleague gets another key, under which everything of theirs is sealed anew, and the old one is destroyed. It takes hours where there is much. Nobody has to sign in again, but files that are just being sent have to be sent again. Older backups can’t be put back any more, and so a full one is begun at the end. It takes your second step. What a thief has copied before stays readable to them.${archived === 0 ? '' : ` ${words.archived(archived)}`}`,
    yes: 'Seal it all anew',
  }),
  /** What is left out, in a sentence of its own wherever that is ordered or reported. */
  archived: (months: number) =>
    `Not sealed anew is what is personal in the ledger’s archive: ${months === 1 ? '1 month' : `${number.format(months)} months, each`} of one person. It stays under the keys that it has, for as long as it can be read.`,
  sealAnewBegun: 'Everything is being sealed anew.',
  sealedAnew: ({ begunAt, done, stage, left, isOfOne }: Emergency) => {
    const what = isOfOne ? 'One conversation' : 'Everything';
    const far = `${number.format(done)} so far`;
    const stays = left === 0 ? '' : ` ${number.format(left)} could not be sealed anew, or not all of it.`;
    return stage === null
      ? `${what} sealed anew, begun on ${date.format(begunAt)}.${stays}`
      : `${what} being sealed anew since ${date.format(begunAt)}. Now: ${words.stages[stage]}. ${far}.${stays}`;
  },
  stages: {
    wait: 'waiting two minutes, until nobody uses the former keys any more',
    conversation: 'conversations and their files',
    ledger: 'what is personal in the ledger',
    bans: 'bans',
    requests: 'what customers asked about their data',
    incidents: 'incidents',
    visitors: 'customers',
    people: 'colleagues',
    backup: 'waiting to begin a full backup',
  } satisfies Record<EmergencyStage, string>,
  limits: (uses: number) =>
    `How long and how often a key is used follows NIST SP 800-57 (at most two years) and SP 800-38D (with ${number.format(uses)} uses, half of what it allows).`,
};
