/** What those parts of the widget say, in English, that are fetched when they are needed. */
export const english = {
  sound: 'Sound for new messages',
  transcript: 'Download this conversation',
  end: 'End this conversation',
  forget: 'Forget me',
  endTitle: 'End this conversation?',
  endText: 'Nobody can write in it any more. You can begin a new one at any time.',
  endYes: 'End it',
  forgetTitle: 'Let this browser forget you?',
  forgetText:
    'This browser lets go of the conversation, and you can not come back to it. ' +
    'What was said stays with the company until it is erased there.',
  forgetYes: 'Forget me',
  forgotten: 'Done. This browser has let go of your conversations.',
  remove: 'Delete this message',
  removeTitle: 'Delete this message?',
  removeText: 'Its text is destroyed for both sides. That a message stood here can still be seen.',
  removeYes: 'Delete it',
  cancel: 'Cancel',
  failed: 'That did not work. Please try again.',
  questionsTitle: 'Before we begin',
  name: 'Your name',
  address: 'Your e-mail address',
  optional: (label: string) => `${label} (optional)`,
  required: 'Please fill this in.',
  addressUnfit: 'This is not an e-mail address.',
  consentNeeded: 'We need your consent to begin.',
  begin: 'Start',
  rateTitle: 'How was this conversation?',
  scores: ['Very bad', 'Bad', 'Neither good nor bad', 'Good', 'Very good'],
  comment: 'What would you like to tell us?',
  rate: 'Send rating',
  thanks: 'Thank you for your rating.',
  transcriptOf: (title: string) => `Conversation: ${title}`,
  transcriptFile: 'conversation',
  /** By the code of a refusal. */
  why: {
    too_late: 'It is too late for that: a message can be deleted for five minutes.',
    conversation_closed: 'This conversation has ended already.',
  } as Readonly<Record<string, string>>,
};
export type LaterWords = typeof english;
