/** Mail. Locally the platform writes it to files; `npm start` says where. */
import type { Env } from '../config.ts';
import { configOf } from '../config.ts';
import { logFault } from '../log.ts';
import type { RequestId } from '../protocol/ids.ts';
import { answerWords, type RequestNews } from './mail/answer-words.ts';

export type { RequestNews };
import { sealedMail } from './mail/sealed.ts';

/** The link's token stands in the fragment, which no server and no link scanner sees. */
export async function mailInvitation(env: Env, to: string, token: string): Promise<void> {
  const { origin } = configOf(env);
  await send(
    env,
    to,
    'Your invitation to Sotto',
    `You have been invited to answer customers in Sotto.

Open this link within 72 hours to choose your password. It works once.

${origin}/#/invitation/${token}

If you did not expect this, you need not do anything.
`,
  );
}

export async function mailReset(env: Env, to: string, token: string): Promise<void> {
  const { origin } = configOf(env);
  await send(
    env,
    to,
    'A new password for Sotto',
    `Somebody asked for a new password for your account at ${origin}.

Open this link within 15 minutes to choose one. It works once, and signs you out everywhere. You still need your second factor to sign in.

${origin}/#/reset/${token}

If it was not you, you need not do anything: nothing has changed.
`,
  );
}

/** To the new address, which only then is one. */
export async function mailAddress(env: Env, to: string, token: string): Promise<void> {
  const { origin } = configOf(env);
  await send(
    env,
    to,
    'Your new address for Sotto',
    `Somebody wants to sign in at ${origin} with this address from now on.

Open this link within 15 minutes if that is you. It works once, and signs you out everywhere.

${origin}/#/address/${token}

If it is not, you need not do anything: nothing has changed.
`,
  );
}

/** To everybody concerned: whoever finds it wrong ends it. @param opens Unix milliseconds */
export async function mailOwnerWait(
  env: Env,
  to: string,
  name: string,
  token: string,
  opens: number,
): Promise<void> {
  const { origin } = configOf(env);
  const when = `${new Date(opens).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  await send(
    env,
    to,
    'Somebody asks to be let in to Sotto with the owner key',
    `Somebody gave the password of ${name} and the owner key at ${origin}, and says to have lost every second factor.

If nobody objects, they can set up others from ${when} on, with the same password and key.

If it is really ${name}, you need not do anything. If it is not, or you do not know, open this link and end it:

${origin}/#/owner-key/${token}

That signs ${name} out everywhere and makes the password void. ${name} can choose another by “I have forgotten my password”, and the owner key stays good. The link works until they have been let in.
`,
  );
}

/** To the ledger's witness, once a day. The head says nothing of anybody, and the same head makes the same mail. */
export async function mailHead(
  env: Env,
  to: string,
  name: string,
  { size, note }: { size: number; note: string },
  keys: readonly string[],
): Promise<void> {
  await send(
    env,
    to,
    `The ledger of ${name} at size ${size}`,
    `This is the signed head of the ledger of ${name} as it stands today. Please keep it: with it, and the ledger as a file, anybody can prove later that nothing before it was removed or rewritten.

${note}
It is signed by one of these keys:

${keys.join('\n')}
`,
  );
}

export async function mailWitnessGone(env: Env, to: string, name: string): Promise<void> {
  await send(
    env,
    to,
    `The ledger of ${name}`,
    `An owner of ${name} has decided that the head of its ledger is not sent to this address any more. If you did not expect this, ask them why.
`,
  );
}

/** To whoever may see alarms. Whom it is about stands behind the sign-in. */
export async function mailAlarm(env: Env, to: string, what: readonly string[]): Promise<void> {
  const { origin } = configOf(env);
  await send(
    env,
    to,
    'An alarm in Sotto',
    `${what.map((each) => `${each}.`).join('\n')}

Please look at it, and say there why it is well or what you did:

${origin}/#/settings/alarms
`,
  );
}

/** To whoever has a role in it. `kind`, `severity`: in words. */
export async function mailIncident(
  env: Env,
  to: string,
  what: { kind: string; severity: string; isDrill: boolean; address: string },
): Promise<void> {
  const { kind, severity, isDrill, address } = what;
  await send(
    env,
    to,
    isDrill ? 'DRILL: an incident is played in Sotto' : 'An incident was declared in Sotto',
    `${isDrill ? 'This is a drill. Nothing has happened.\n\n' : ''}${kind}.
How grave it is: ${severity}.

You have a role in incidents, or are a deputy. What is known, and what to do now, stands here:

${address}
`,
  );
}

/** To whoever has a role in incidents. @param due how many scenarios nobody has played for a quarter */
export async function mailDrills(
  env: Env,
  to: string,
  { due, address }: { due: number; address: string },
): Promise<void> {
  await send(
    env,
    to,
    'Incidents should be played again in Sotto',
    `${due === 1 ? 'One drill was' : `${due} drills were`} not played for a quarter of a year.

A drill takes half an hour at most, and touches nobody's data but its own:

${address}
`,
  );
}

/** To whoever has lessons to take. Which these are stands behind the sign-in. @param first when the first of them is due */
export async function mailTraining(
  env: Env,
  to: string,
  { overdue, soon, first }: { overdue: number; soon: number; first: number },
): Promise<void> {
  const { origin } = configOf(env);
  const lessons = (count: number) => (count === 1 ? 'One lesson is' : `${count} lessons are`);
  const lines = [
    ...(overdue > 0 ? [`${lessons(overdue)} overdue.`] : []),
    ...(soon > 0 ? [`${lessons(soon)} due within 14 days.`] : []),
    ...(overdue === 0 ? [`The first is due on ${new Date(first).toISOString().slice(0, 10)}.`] : []),
  ];
  await send(
    env,
    to,
    'Your lessons in Sotto',
    `${lines.join('\n')}

Each takes about five minutes. What your organisation lets nobody do who has not taken a lesson is closed to you while it is overdue, and open again as soon as you have taken it:

${origin}/#/training
`,
  );
}

/** What a code is mailed with, by language; English to whoever speaks none of these. */
const codeWords = {
  en: {
    subject: (site: string) => `Your code for the chat with ${site}`,
    text: (site: string, code: string) => `${code} is your code for the chat with ${site}.

It works once, within 10 minutes, in the chat window that asked for it.

If it was not you who asked, ignore this mail and give the code to nobody.
`,
  },
  de: {
    subject: (site: string) => `Ihr Code für den Chat mit ${site}`,
    text: (site: string, code: string) => `${code} ist Ihr Code für den Chat mit ${site}.

Er gilt einmal, 10 Minuten lang, in dem Chatfenster, das ihn angefordert hat.

Wenn Sie ihn nicht angefordert haben, beachten Sie diese Mail nicht und geben Sie den Code niemandem.
`,
  },
  ar: {
    subject: (site: string) => `رمزك للمحادثة مع ${site}`,
    text: (site: string, code: string) => `${code} هو رمزك للمحادثة مع ${site}.

يصلح مرة واحدة خلال 10 دقائق، في نافذة المحادثة التي طلبته.

إذا لم تكن أنت من طلبه فتجاهل هذه الرسالة ولا تعط الرمز لأحد.
`,
  },
} as const;

/** To whoever reads a visitor's mail: nothing that somebody else wrote stands in it. */
export async function mailCode(
  env: Env,
  to: string,
  { site, code, language = 'en' }: { site: string; code: string; language: string | undefined },
): Promise<void> {
  const { subject, text } = codeWords[codeLanguageOf(language)];
  await send(env, to, subject(site), text(site, code));
}

function codeLanguageOf(tag: string): keyof typeof codeWords {
  const spoken = tag.split('-')[0] ?? '';
  return Object.hasOwn(codeWords, spoken) ? (spoken as keyof typeof codeWords) : 'en';
}

/**
 * To a customer whose address is proved. What is said in the request and in its answer stays where they have to show that
 * it is they.
 */
export async function mailAnswer(
  env: Env,
  to: string,
  {
    id,
    site,
    language,
    news,
    openedAt,
    dueAt,
  }: {
    id: RequestId;
    site: string;
    language: string | null;
    news: RequestNews;
    openedAt: number;
    dueAt: number;
  },
): Promise<void> {
  const words = answerWords[codeLanguageOf(language ?? 'en')];
  const date = new Intl.DateTimeFormat(words.date, { dateStyle: 'long', timeZone: 'UTC' });
  const receipt = `${configOf(env).origin}/receipts/${id}`;
  const facts = { site, asked: date.format(openedAt), due: date.format(dueAt), receipt };
  const lines = [words.begins(facts), words.news[news](facts)];
  const where = news === 'erasing' ? [] : [words.where(site)];
  await send(env, to, words.subject(site), `${[...lines, ...where].join('\n\n')}\n`);
}

/** What happened to somebody's sign-in, which they hear of in case it was not they. */
const notices = {
  crowded:
    'You were signed in at as many places as can be. Whoever has signed in now has ended the oldest of these sessions.',
  browser: 'Somebody signed in to your account in a browser that you have not used lately.',
  reused:
    'Somebody used a copy of what keeps you signed in, after it had been used elsewhere. That session was ended, for whoever has it. If you were signed out somewhere, sign in again, and look whether somebody else can use that browser.',
  enrolled:
    'Your second factor and your recovery codes were set up, and somebody signed in for the first time.',
  recovered: 'Somebody signed in with your password and one of your recovery codes, which is used up now.',
  steppedUp: 'One of your recovery codes was used to confirm a change, and is used up now.',
  password: 'Your password was changed. Everybody who was signed in elsewhere is signed out.',
  addressAsked: 'Another address was asked for, to sign in with. A link was mailed there that confirms it.',
  address: 'The address that you sign in with was changed. Everybody who was signed in is signed out.',
  resetAsked:
    'A colleague asked that your second factors and recovery codes are taken away, so that you can set up others. Another colleague has to approve it.',
  reset:
    'Two colleagues took away your second factors and recovery codes. Sign in with your password to set up others.',
  resetOfOther:
    'You asked, or approved, that the second factors of a colleague are taken away. It has been done.',
  ownerKey: 'A new owner key was made. One that was there before does not work any more.',
  ownerWaitOver:
    'Somebody who waited to be let in with the owner key has signed in with a second factor, so that the wait is over. The key stays good. If it was not they who began to wait, the password and the owner key are known to somebody else and have to be replaced at once.',
  ownerWaitCancelled:
    'Somebody waited to be let in with the owner key, and this was ended by the link that was mailed. The password is void, and everybody is signed out of that account: another password takes “I have forgotten my password”. The owner key stays good until an owner has a new one made, which should be done at once if it was stolen.',
  ownerKeyUsed:
    'Somebody waited a day, was let in with the owner key, and now sets up second factors anew. The key is used up; a new one is made next.',
  codes: 'New recovery codes were made. The old ones do not work any more.',
  totp: 'An authenticator app was set up. One that was there before does not work any more.',
  totpRemoved: 'Your authenticator app was removed. Its codes do not work any more.',
  passkey: 'A passkey was added. It signs in to your account by itself.',
  passkeyRemoved: 'A passkey was removed. It does not work any more.',
} as const;
export type Notice = keyof typeof notices;

/** Tells somebody what happened to their sign-in. Where they can't be told, it has happened all the same. */
export async function notify(env: Env, to: string, notice: Notice, more?: string): Promise<void> {
  const { origin } = configOf(env);
  const text = `${notices[notice]}${more === undefined ? '' : `\n\n${more}`}

This was at ${origin}.

If it was not you, tell an admin of your organisation at once.
`;
  try {
    await send(env, to, 'A change to how you sign in to Sotto', text);
  } catch (error) {
    logFault('mail.notice', error);
  }
}

export function leftCodes(left: number): string {
  return `${left} recovery codes are left.`;
}

async function send(env: Env, to: string, subject: string, text: string): Promise<void> {
  await env.MAIL.send({ from: configOf(env).mailFrom, to, subject, text });
}

/** A text that the holder of an OpenPGP key alone can read. @throws {PgpError} */
export async function mailSealed(
  env: Env,
  to: string,
  text: string,
  key: string,
  now: number,
): Promise<void> {
  const from = configOf(env).mailFrom;
  const raw = await sealedMail({ from, to, text, key }, now);
  const { EmailMessage } = await import('cloudflare:email');
  await env.MAIL.send(new EmailMessage(from, to, raw));
}
