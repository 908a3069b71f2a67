/** What is said of what holds for everybody. */

export const words = {
  signIn: 'Sign-in rules',
  intro:
    'These hold for everyone who works here, and for no customer. A change counts at once: whatever is open connects anew.',
  idle: 'Lock after this many minutes',
  idleHint: (least: number, most: number) =>
    `In which nobody does anything on the page, from ${least} to ${most}. A minute before, the page says so.`,
  networks: 'Where staff may work from',
  networksOwners: 'Only owners change it.',
  networksHint:
    'One address or network on each line, like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48. Name those of IPv4 and of IPv6. Empty: from anywhere.',
  here: (address: string) => `You are at ${address} now.`,
  networksMany: (most: number) => `At most ${most} networks.`,
  networksWrong: (text: string) => `“${text}” is neither an address nor a network like 203.0.113.0/24.`,
  details: 'What is personal in the ledger',
  detailsIntro:
    'From where and by what somebody signed in, and why somebody looked at a file or put a legal hold. It is sealed for each person and month. When its time is over nobody can read it any more; what was done, by whom and when stays, and can be proved.',
  detailsDays: 'Days that it can be read',
  detailsHint: (least: number, most: number) =>
    `From ${least.toLocaleString('en')} to ${most.toLocaleString('en')}, after the end of its month. It counts from the next night on, for what is there too. A legal hold or a restriction keeps what it has of a customer.`,
  detailsSet: 'Set this time',
  detailsOver: (people: number, before: string) =>
    people === 0
      ? 'This makes nothing unreadable for now.'
      : `With the next night, this makes what the ledger has of ${people === 1 ? '1 person' : `${people.toLocaleString('en')} people`} from before ${before} unreadable, for good.`,
  budgets: 'How much anybody opens in an hour',
  budgetsIntro:
    'Whoever has opened as many conversations or files within an hour is asked for their second factor before they open more, and whoever watches over them hears of it. A stolen session gets no further than this.',
  budgetsSet: 'Set these budgets',
  budgetsOf: { budgets: 'Conversations', fileBudgets: 'Files' },
  budgetHint: (most: number) => `From 1 to ${most}.`,
  pgp: {
    title: 'OpenPGP key for backups',
    intro:
      'Sotto seals backups by itself. With an OpenPGP key, each backup is sealed once more, to you alone: the private half never comes here, and without it no backup can be opened. Keep it, and a copy of it, where you keep what must not be lost. Copies, files that are taken along and conversations by mail can be encrypted to it too, where somebody says so.',
    none: 'There is no key: backups lie under Sotto’s own seal alone.',
    fingerprintIs: 'Fingerprint',
    users: 'Whose it says it is',
    nobody: 'It does not say',
    algorithm: 'Sealed by',
    until: 'Good until',
    ends: (at: number | null) =>
      at === null ? 'no end' : new Date(at).toLocaleDateString(undefined, { dateStyle: 'long' }),
    key: 'Public key',
    keyHint: 'As this writes it: gpg --armor --export-options export-minimal --export, and the key’s name.',
    owners: 'Only owners choose it.',
    fingerprint: 'Its fingerprint',
    fingerprintHint:
      'As your own program or your card shows it (gpg --fingerprint), not as whoever sent you the key says. It is compared.',
    use: 'Seal backups to this key',
    replace: 'Seal backups to this key from now on',
    used: 'The next backup is sealed to it.',
    remove: 'Remove this key',
    removeAsk: {
      title: 'Remove the OpenPGP key?',
      text: 'The next backup lies under Sotto’s own seal alone. Those that are there stay sealed to this key.',
      yes: 'Remove it',
    },
  },
};
