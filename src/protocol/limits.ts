/**
 * Every bound on what comes from outside, in one table. Each is far above what an honest client sends, so that
 * meeting one is always worth a refusal.
 */
export const limits = {
  /** One message's text, in bytes of UTF-8. */
  textBytes: 16 * 1024,
  /** One WebSocket frame from a client, in bytes: the longest text fits even if JSON escapes all of it (6 to 1). */
  frameBytes: 128 * 1024,
  /** Posts in one frame: an offline queue comes back in a few frames, each one commit. */
  postsPerFrame: 200,
  /** One HTTP body, in bytes, for the same reason. */
  bodyBytes: 128 * 1024,
  /** A page of history, in messages. */
  pageMessages: 100,
  /** What a first join shows, in messages. */
  joinMessages: 50,
  /** Messages in one frame to a client that comes back. */
  frameMessages: 50,
  /** How far above `since` a repeated post is looked for, in messages; beyond it the client resyncs first. */
  sinceStretch: 1_000,
  /** Sockets of one person in one room; the oldest makes room. */
  socketsPerPerson: 10,
  /** Open seats of one member of staff in all rooms together. */
  seatsPerPerson: 500,
  /** Frames refused for haste, each forgiven by a second, before the socket is closed with 4429. */
  hastyFrames: 50,
  /** What a reader may leave untaken on its socket, in bytes, before it is closed with 4408. */
  bufferedBytes: 1024 * 1024,
  /** Conversations in a visitor's list, and in one frame of an inbox's. */
  listConversations: 500,
  /** Notes of staff between one message and the next. */
  notesPerMessage: 200,
  /** Tags of one conversation, and the length of each in code points. */
  tags: 20,
  tagLength: 40,
  /** What a customer may say about a conversation that they rate, in code points. */
  commentLength: 1_000,
  /** Questions before a chat, and the length of an answer in code points. */
  questions: 8,
  answerLength: 500,
  /** A text that a site shows: a greeting, a question, what is consented to. In code points. */
  siteTextLength: 2_000,
  /** Languages of one such text. */
  languages: 40,
  /** A canned reply's shortcut, in characters. */
  shortcutLength: 32,
  /** A person's or a thing's name, in code points. */
  nameLength: 100,
  /** An e-mail address, in characters (RFC 5321, 4.5.3.1.3). */
  addressLength: 254,
  /** A password, in code points after NFC (NIST SP 800-63B-4, 3.1.1.2). */
  passwordMin: 12,
  passwordMax: 256,
  /** The address of the page that a customer writes from, in characters. */
  pageLength: 2048,
  /** Allowed origins of one site. */
  originsPerSite: 20,
  /** A signed token, in characters. */
  tokenLength: 4096,
} as const;

/** How long things live, in milliseconds. */
export const lifetimes = {
  staffAccess: 5 * 60_000,
  visitorAccess: 15 * 60_000,
  ticket: 60_000,
  passwordOnly: 5 * 60_000,
  sessionIdle: 30 * 60_000,
  sessionAbsolute: 12 * 3_600_000,
  /** The same refresh token again within this time gives the same successor, while that is unused. */
  refreshGrace: 10_000,
  invitation: 72 * 3_600_000,
  /** How long an author may take back a message. */
  deletion: 5 * 60_000,
  /** How long somebody is shown as writing after they last said so. */
  typing: 6_000,
  /** A member of staff whose page has given no sign of life for this long is not there. */
  presence: 90_000,
  /** How far ahead a conversation can be put off. */
  snooze: 90 * 86_400_000,
  /** A visitor's cookie, from the last visit on. */
  visitorHold: 30 * 86_400_000,
} as const;
