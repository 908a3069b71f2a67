/** What a person reads about their own sign-in. */
export const words = {
  title: 'Your sign-in',
  back: 'Back to the inbox',
  intro: 'How you get in, and where you are signed in now. Every change here is told to you by mail.',
  done: 'Done.',

  passkeys: 'Passkeys',
  passkeysHow:
    'A passkey lives in your device or security key. It signs you in by itself and only ever at the real Sotto, so it can’t be given away by mistake.',
  passkeysNone: 'You have none yet.',
  passkeysImpossible: 'This browser does not know passkeys.',
  added: 'Added',
  lastUsed: 'last used',
  neverUsed: 'not used yet',
  addPasskey: 'Add a passkey',
  passkeyName: 'Name',
  passkeyNameHint: 'By which you will know it again, like “My laptop”.',
  rename: 'Rename',
  renameIt: (name: string) => `Rename ${name}`,
  saveName: 'Save the name',
  remove: 'Remove',
  removeIt: (name: string) => `Remove ${name}`,
  removeAsk: (name: string) => ({
    title: `Remove ${name}?`,
    text: 'It does not sign you in any more. In the device itself it can be deleted too.',
    yes: 'Remove',
  }),

  totp: 'Authenticator app',
  totpHave: 'Set up. Its codes are your second step after the password.',
  totpNone: 'Not set up.',
  totpSet: 'Set up an app',
  totpReplace: 'Set up another app',
  totpReplaceHow: 'Until the new app has shown a code that fits, the old one goes on working.',
  totpRemoveAsk: {
    title: 'Remove the authenticator app?',
    text: 'Its codes do not work any more. Your passkeys go on working.',
    yes: 'Remove',
  },

  codes: 'Recovery codes',
  codesLeft: (left: number) => `${left} of 10 are left.`,
  codesFew: 'Make new ones before you need them.',
  codesNew: 'Make new codes',
  codesHow:
    'The old ones work until you type one of these back. Keep them where you keep what matters, not on the phone. They are shown only now.',

  password: 'Password',
  current: 'Password now',
  next: 'New password',
  change: 'Change the password',
  changeHow: 'Wherever else you are signed in, you are signed out.',
  changed: 'Changed.',

  address: 'Address',
  addressHow:
    'A link goes to the new address. Once you have followed it, you sign in with that one, and are signed out everywhere.',
  addressNew: 'New e-mail address',
  addressSend: 'Send the link',
  addressSent: (address: string) => `Sent to ${address}. It works once, within 15 minutes.`,

  sessions: 'Where you are signed in',
  here: 'Here and now',
  unknownDevice: 'Unknown device',
  since: 'Signed in',
  used: 'last used',
  end: 'Sign out there',
  endIt: (device: string) => `Sign out there: ${device}`,
  endOthers: 'Sign out everywhere else',
  endOthersAsk: {
    title: 'Sign out everywhere else?',
    text: 'Whatever is open there closes at once. Here you stay signed in.',
    yes: 'Sign out there',
  },
};
