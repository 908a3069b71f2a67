/** What is said of canned replies. */

export const words = {
  intro: 'Texts that are written often. An agent types / and the shortcut to insert one.',
  none: 'There is no canned reply yet.',
  create: 'New canned reply',
  createAction: 'Create the reply',
  shortcut: 'Shortcut',
  shortcutHint: 'One word of letters, digits, - and _. Agents type it after a slash.',
  shortcutWrong: 'One word that begins with a letter or a digit, then letters, digits, - and _.',
  shortcutTaken: 'There is a reply with this shortcut already.',
  text: 'Text',
  textHint: 'These are filled in when it is inserted:',
  textMissing: 'Write what the reply says.',
  textLong: 'This is longer than a message may be.',
  unknown: (names: string) => `Nobody knows what to fill in for ${names}.`,
  forAll: 'Every team',
  forTeam: 'For',
  remove: 'Delete',
  removeAsk: (shortcut: string) => ({
    title: `Delete /${shortcut}?`,
    text: 'It is deleted for everybody and can not be brought back. Messages that were made with it stay.',
    yes: 'Delete',
  }),
};
