/** How long things live, in milliseconds. */

export const staffAccess = 5 * 60_000;
export const visitorAccess = 15 * 60_000;
export const ticket = 60_000;
/** A password that was proved waits for a second factor, and one that is being set up for its first proof. */
export const passwordOnly = 15 * 60_000;
/** How long a wish to reset somebody's factors waits for a second person. */
export const resetWish = 24 * 3_600_000;
/** How long an owner who has lost everything waits to be let in with the owner key, and until when they can be. */
export const ownerWait = 24 * 3_600_000;
export const ownerWaitOpen = 7 * 86_400_000;
/** From asking for a passkey to its answer. */
export const ceremony = 5 * 60_000;
/** How old a second factor may be for what needs it anew. */
export const stepUp = 5 * 60_000;
/** For how long what somebody has opened counts against their budget. */
export const budget = 3_600_000;
/** How long a browser, or a network, is known again after a sign-in. */
export const browserKnown = 90 * 86_400_000;
/** The key that signs tokens is made anew when it is this old. */
export const tokenKey = 30 * 86_400_000;
/** How long the published keys may be kept by whoever has fetched them. */
export const keySet = 60_000;
/** How long a session waits for its person to do something: until an organisation says so, and what it may say. */
export const sessionIdle = 30 * 60_000;
export const sessionIdleMin = 5 * 60_000;
export const sessionIdleMax = 120 * 60_000;
export const sessionAbsolute = 12 * 3_600_000;
/** The same refresh token again within this time gives the same successor, while that is unused. */
export const refreshGrace = 10_000;
export const invitation = 72 * 3_600_000;
/** A link for a forgotten password or another address. */
export const mailedLink = 15 * 60_000;
/** A code that is mailed to a visitor. */
export const visitorCode = 10 * 60_000;
/** How long an author may take back a message. */
export const deletion = 5 * 60_000;
/** How long somebody is shown as writing after they last said so. */
export const typing = 6_000;
/** A member of staff whose page has given no sign of life for this long is not there. */
export const presence = 90_000;
/** How far ahead a conversation can be put off. */
export const snooze = 90 * 86_400_000;
/** How far ahead a site's token about its customer may run out. */
export const vouch = 10 * 60_000;
/** A visitor's cookie, from the last visit on. */
export const visitorHold = 30 * 86_400_000;
/** From a file's opening on, the browser that opened it can load it. */
export const fileLink = 10 * 60_000;
/** For how long a conversation goes by what it knows of what its site has masked. */
export const maskingRule = 30_000;
/** How long an upload that is not finished is waited for. */
export const upload = 24 * 3_600_000;
/** How old a mailed code may be for what needs it anew. */
export const visitorStepUp = 15 * 60_000;
/** The longest ban: every one ends, and can be made anew. */
export const ban = 5 * 365 * 86_400_000;
/** What is older than this leaves the database for the ledger's archive. */
export const ledgerInDatabase = 400 * 86_400_000;
/**
 * What is younger than this stays there, however much there is: pages, copies, checks, and what is put back from a backup
 * (of 35 days) ask the database alone.
 */
export const ledgerAtHand = 92 * 86_400_000;
/** For how long more can be logged than usually is. */
export const raisedLogging = 86_400_000;
/** How long a copy of everything about a person lies there, from when it was asked for. */
export const copy = 7 * 86_400_000;
/** For how long a conversation is not mailed again for the same side. */
export const transcriptAgain = 600_000;
/** For how long whoever asks for it again is given the same one. */
export const copyAgain = 86_400_000;
/** For how long it can be accepted that a security check does not pass. */
export const checkException = 366 * 86_400_000;
/** For how long what security checks have found is kept. */
export const checkHistory = 400 * 86_400_000;
