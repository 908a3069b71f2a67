/** What is said, in English, where customers have what is kept about them encrypted. */
export const english = {
  means:
    'If you use OpenPGP, give us your public key. What you are then sent, or download here, can be opened with your secret key alone.',
  key: 'Your public key',
  keyHint:
    'All of it, from “BEGIN PGP PUBLIC KEY BLOCK” to its end. We keep it only for what you have us do here.',
  keyNeeded: 'Please paste your public key, from “BEGIN PGP PUBLIC KEY BLOCK” to its end.',
  secret: 'That is your secret key. It was not sent. Never give it to anybody, and paste the public one.',
  mail: 'Mail me this conversation',
  mailMeans: 'The mail goes to the address that you have confirmed, once in ten minutes.',
  mailed: 'It was mailed to the address that you have confirmed.',
  copy: 'Have an encrypted copy made',
  copying: 'Your encrypted copy is being made.',
  back: 'Back',
  /** By the code of a refusal. */
  why: {
    pgp_unfit:
      'We can’t encrypt to this key. Perhaps it has expired, was revoked, is too weak, or is not a single key that encrypts.',
    too_fast:
      'That was done a short time ago. A conversation is mailed once in ten minutes, and few copies are made in a day.',
    too_large: 'This conversation is too long for a mail. Have a copy made.',
    address_unproved: 'You have not confirmed an address yet to which we could mail it.',
  } as Readonly<Record<string, string>>,
};
export type OpenPgpWords = typeof english;
