/** Mail. Locally the platform writes it to files; `npm start` says where. */
import type { Env } from '../config.ts';
import { configOf } from '../config.ts';

/** The link's token stands in the fragment, which no server and no link scanner sees. */
export async function mailInvitation(env: Env, to: string, token: string): Promise<void> {
  const { origin, mailFrom } = configOf(env);
  await env.MAIL.send({
    from: mailFrom,
    to,
    subject: 'Your invitation to Sotto',
    text: `You have been invited to answer customers in Sotto.

Open this link within 72 hours to choose your password. It works once.

${origin}/#/invitation/${token}

If you did not expect this, you need not do anything.
`,
  });
}

/** To whoever signs in with a recovery code, in case it is not they. */
export async function mailRecovery(env: Env, to: string, codesLeft: number): Promise<void> {
  const { origin, mailFrom } = configOf(env);
  await env.MAIL.send({
    from: mailFrom,
    to,
    subject: 'A recovery code was used to sign in to Sotto',
    text: `Somebody signed in to ${origin} with your password and one of your recovery codes.

That code is used up; ${codesLeft} are left.

If it was not you, tell an admin of your organisation at once.
`,
  });
}
