/** What is said where staff have a copy of everything about a customer made. */
export const words = {
  title: 'A copy of their data',
  means:
    'Everything that is kept about them in one file (zip): to be read, and as data. It lies here for seven days, for you alone until you hand it over with the answer to a request.',
  none: 'You have none of theirs.',
  make: 'Have a copy made…',
  makeDo: 'Make the copy',
  why: 'Why',
  whyHint: 'It is kept in the ledger, with your name. It takes your second step.',
  backstage: 'Put in what staff keep to themselves',
  backstageHint:
    'Notes, tags, legal holds and who watched unseen. They may be about others too: look the copy through before it goes to anybody.',
  encryptHint:
    'Whoever has the secret key opens it, and nobody else: it can’t be handed over with the answer to a request.',
  encrypted: 'Encrypted with OpenPGP',
  with: 'With what staff keep to themselves',
  without: 'Without what staff keep to themselves',
  making: (done: number) =>
    done === 1 ? 'Being made: one entry so far.' : `Being made: ${done} entries so far.`,
  ready: (until: string) => `Ready. It is here until ${until}.`,
  open: 'Open the copy',
  opened: 'It is being downloaded. That you opened it stands in the ledger.',
};
