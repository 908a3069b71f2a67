/** What an owner reads about the owner key. */
export const words = {
  key: 'Owner key',
  keyHint: 'Eight groups of four letters and digits.',

  lostTitle: 'You have lost everything',
  lostHow: 'If two colleagues can reset your second step, ask them: that is the quickest way.',
  lostKey:
    'An owner for whom fewer than two others could do that is let in with the owner key, after one day in which every owner and admin hears of it and can say no.',
  lostGive: 'Give the owner key',

  waitTitle: 'One day to wait',
  waitUntil: (when: string) =>
    `If nobody objects, you can go on from ${when} on. Sign in with your password then, and give the owner key once more: keep it until you are in.`,
  waitTold:
    'You and every owner and admin are told by mail. If you find a second factor or a recovery code meanwhile, just sign in with it.',
  toDoor: 'Go to the sign-in page',

  keepTitle: 'Keep the owner key',
  keepWhy:
    'There is one for the whole organisation. If an owner loses every second factor and recovery code, and fewer than two others could help, it lets them in, once, a day after they asked.',
  keepHow: 'Keep it on paper, in a safe place that is not on your phone. It is shown only now.',
  keepBack: 'Type the owner key back',
  kept: 'I have kept it',
  later: 'Later, on “Your sign-in”',
  goOn: 'Go on',
  fileName: 'sotto-owner-key.txt',
  file: (host: string) =>
    `The owner key of Sotto at ${host}. Together with an owner’s password it lets them in, once.`,

  stopTitle: 'Stop whoever asks to be let in?',
  stopHow:
    'Somebody gave an owner’s password and the owner key. If you go on, they are not let in: that owner is signed out everywhere, and the password is void until another is chosen by a mailed link.',
  stop: 'Do not let them in',
  stopped: 'They are not let in. Everybody concerned is told by mail.',

  part: 'Owner key',
  partHave: 'One is kept for your organisation. A new one takes its place at once.',
  partNone:
    'There is none yet. Have one made now: without it, an owner who has lost everything needs two other owners to be let in again.',
  make: 'Make an owner key',
  makeAnother: 'Make a new owner key',
  partHow: 'The old one works until you type this one back.',
};
