/**
 * Every bound on what comes from outside, in one table. Each is far above what an honest client sends, so that
 * meeting one is always worth a refusal.
 */

/** One message's text, in bytes of UTF-8. */
export const textBytes = 16 * 1024;
/** One WebSocket frame from a client, in bytes: the longest text fits even if JSON escapes all of it (6 to 1). */
export const frameBytes = 128 * 1024;
/** Posts in one frame: an offline queue comes back in a few frames, each one commit. */
export const postsPerFrame = 200;
/** One HTTP body, in bytes, for the same reason. */
export const bodyBytes = 128 * 1024;
/** A page of history, in messages. */
export const pageMessages = 100;
/** What a first join shows, in messages. */
export const joinMessages = 50;
/** Messages in one frame to a client that comes back. */
export const frameMessages = 50;
/** How far above `since` a repeated post is looked for, in messages; beyond it the client resyncs first. */
export const sinceStretch = 1_000;
/** Sockets of one person in one room; the oldest makes room. */
export const socketsPerPerson = 10;
/** Sessions of one member of staff: one more ends the oldest. */
export const sessionsPerPerson = 20;
/** Open seats of one member of staff in all rooms together. */
export const seatsPerPerson = 500;
/** Frames refused for haste, each forgiven by a second, before the socket is closed with 4429. */
export const hastyFrames = 50;
/** What a reader may leave untaken on its socket, in bytes, before it is closed with 4408. */
export const bufferedBytes = 1024 * 1024;
/** Conversations in a visitor's list, and in one frame of an inbox's. */
export const listConversations = 500;
/**
 * Teams of the organisation: a page of whoever sees all of them has a socket in each, and so it takes as many of
 * their seats.
 */
export const teams = 200;
/** Teams of one person: their ids are kept with each of that person's sockets, in at most 16 KiB. */
export const teamsPerPerson = 100;
/** Members of one team: a change asks up to three things of each of them (10,000 in one request are possible). */
export const membersPerTeam = 1_000;
/** Visitors in one page of their list. */
export const listVisitors = 100;
/** Bans of the organisation. */
export const bans = 5_000;
/** Why somebody bans a customer, or answers for an alarm, in code points. */
export const reason = 300;
/** A conversation that is mailed, in characters: mail takes no more than some megabytes. */
export const transcriptLength = 1_000_000;
/** An OpenPGP public key as text, in characters: without what others have signed of it. */
export const pgpKeyLength = 32_768;
/** Webhooks of the organisation, and the address of one in characters. */
export const webhooks = 5;
export const webhookLength = 2_048;
/** Alarms on a page. */
export const listAlarms = 50;
/** Incidents on a page, and what the ledger says of one. */
export const listIncidents = 50;
/** Incidents that are worked on, and that one person declares within an hour, of which whoever has a role is mailed. */
export const openIncidents = 500;
export const incidentsAnHour = 20;
export const incidentTimeline = 100;
/** What is said in words of an incident: a note, a task, a reason; its review; and the policy. In code points. */
export const incidentText = 4_000;
export const incidentReview = 20_000;
export const incidentPolicy = 30_000;
/** Ids of what an incident is about; its notes, tasks and what its review asks for. */
export const incidentThings = 20;
export const incidentNotes = 1_000;
export const incidentTasks = 200;
export const incidentActions = 20;
/** How often a duty is begun within a day that takes a consent of one visitor back (D85). */
export const withdrawalsADay = 20;
/** Requests about somebody's own data, on a page. */
export const listRequests = 50;
/** Roles that the organisation makes. */
export const roles = 100;
/** Sites of the organisation. */
export const sites = 200;
/** Canned replies of one team, or for all teams, and of the organisation: an admin's page has all of them. */
export const repliesPerTeam = 200;
export const replies = 1_000;
/** Conversations that an inbox gives back to its queue at one look, when somebody may no longer have them. */
export const givenBack = 200;
/** Conversations whose customers' names are asked for at once. */
export const namesAtOnce = 50;
/** Notes of staff between one message and the next. */
export const notesPerMessage = 200;
/** Tags of one conversation, and the length of each in code points. */
export const tags = 20;
export const tagLength = 40;
/** What a customer may say about a conversation that they rate, in code points. */
export const commentLength = 1_000;
/** Questions before a chat, and the length of an answer in code points. */
export const questions = 8;
export const answerLength = 500;
/** A text that a site shows: a greeting, a question, what is consented to. In code points. */
export const siteTextLength = 2_000;
/** Languages of one such text. */
export const languages = 40;
/** A canned reply's shortcut, in characters. */
export const shortcutLength = 32;
/** A person's or a thing's name, in code points. */
export const nameLength = 100;
/** An e-mail address, in characters (RFC 5321, 4.5.3.1.3). */
export const addressLength = 254;
/** A password, in code points after NFC (NIST SP 800-63B-4, 3.1.1.2). */
export const passwordMin = 12;
export const passwordMax = 256;
/** How hard to guess it has to be: more than 10^10 guesses. */
export const passwordStrength = 4;
/** A recovery code, in characters of this alphabet: 5 random bits each. */
export const recoveryCodeLength = 24;
export const recoveryAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** The owner key, in characters of the same. */
export const ownerKeyLength = 32;
/** Passkeys of one person. */
export const passkeys = 20;
/** A passkey's id, in characters of base64url (WebAuthn Level 3, 4: at most 1,023 bytes), and each part of what it says. */
export const credentialIdLength = 1_364;
export const credentialLength = 16_384;
/** The address of the page that a customer writes from, in characters. */
export const pageLength = 2048;
/** Allowed origins of one site. */
export const originsPerSite = 20;
/** Keys by which a site vouches for its customers: two, so that one can take the other's place. */
export const identityKeys = 2;
/** What a site calls its customer, and its token, in characters. */
export const subjectLength = 255;
/**
 * Conversations that somebody on staff opens within an hour before they are asked for their second factor, unless the
 * organisation says otherwise for their role, and what it may say.
 */
export const conversationsPerHour = 60;
export const conversationsPerHourMax = 1_000;
/** Files that they open within an hour, as likewise. */
export const filesPerHour = 20;
export const filesPerHourMax = 1_000;
/** One file, in bytes, unless its site allows less, and the parts in which it is sent. */
export const fileBytes = 100 * 1024 * 1024;
export const filePartBytes = 8 * 1024 * 1024;
/** A file's name as it is sent, in characters. */
export const fileNameLength = 1_024;
/** Files of one conversation, what they take together in bytes, and uploads that are under way in it at once. */
export const filesPerConversation = 200;
export const fileBytesPerConversation = 1024 * 1024 * 1024;
export const uploadsAtOnce = 10;
/** Files that a visitor sends within a day, in whatever conversations, and their bytes. */
export const filesPerVisitor = 50;
export const fileBytesPerVisitor = 500 * 1024 * 1024;
/** The same of everybody who writes from one network, which may be a whole company. */
export const filesPerNetwork = 1_000;
export const fileBytesPerNetwork = 10 * 1024 * 1024 * 1024;
/** Files in a copy of everything about a person, and their bytes: what is known of it while it is made has 2 MB. */
export const copyFiles = 2_000;
export const copyBytes = 16 * 1024 * 1024 * 1024;
/** For how many days a site keeps files. */
export const fileDays = 30;
export const fileDaysMax = 3_650;
/** For how many days a site keeps conversations, from what happened last in them. */
export const conversationDays = 365;
export const conversationDaysMax = 3_650;
/** For how many days a site keeps customers of whom no conversation is left, from when they were last seen. */
export const visitorDays = 365;
/** For how many days what is personal in the ledger can be read, month by month; misuse has to be found in it. */
export const ledgerDetailsDays = 365;
export const ledgerDetailsDaysMin = 90;
export const ledgerDetailsDaysMax = 3_650;
/** Entries of the ledger in the database: those beyond it go to the archive once they are old enough. */
export const ledgerRows = 1_000_000;
/** Entries of the ledger on a page. */
export const ledgerPage = 50;
/** A code that is mailed to a visitor, in digits, and how often it can be tried. */
export const codeLength = 6;
export const codeTries = 5;
/** Codes that are asked for within an hour from one network, and on one site for each wish, beyond which none is mailed. */
export const codesPerNetwork = 30;
export const codesPerSite = 200;
/** Networks from which staff may work, and one of them in characters. */
export const networks = 100;
export const networkLength = 64;
/** A signed token, in characters. */
export const tokenLength = 4096;
/** Lessons that somebody can be asked to take, and those of them that the organisation has written. */
export const lessons = 100;
export const ownLessons = 50;
/** One lesson as it is written, in characters, its questions, and the answers of one of these. */
export const lessonLength = 30_000;
export const lessonQuestions = 20;
export const lessonOptions = 8;
/** Of what somebody has seen, how much one answer shows; the file has all of it. */
export const radiusThings = 500;
