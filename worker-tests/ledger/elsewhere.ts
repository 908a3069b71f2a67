/**
 * Doors that nobody passes in doors.test.ts, since they take more than a right: a proof, a link, something that was lost.
 * They are passed in these tests, each of which looks for what the ledger has of them.
 */
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { ledgerOf } from '../../src/ledger.ts';
import { recordedDoors } from '../../src/protocol/ledger.ts';

export const elsewhere = {
  'people/sign-in.test.ts': [
    'POST /setup',
    'POST /sign-in',
    'POST /sign-in/totp',
    'POST /sign-in/enrolment/confirm',
    'POST /sign-in/enrolment/finish',
    'POST /sign-in/recovery',
    'POST /invitations/redeem',
  ],
  'people/passkeys.test.ts': [
    'POST /sign-in/enrolment/passkey/confirm',
    'POST /sign-in/passkey',
    'POST /me/passkeys',
    'DELETE /me/totp',
  ],
  'people/my-sign-in.test.ts': [
    'POST /me/step-up',
    'POST /me/password',
    'POST /me/recovery-codes/keep',
    'POST /me/totp/confirm',
  ],
  'people/links.test.ts': ['POST /resets/redeem', 'POST /addresses/redeem'],
  'people/people.test.ts': ['POST /people/:id/reset/approve', 'DELETE /people/:id/reset'],
  'people/owner-key.test.ts': [
    'POST /sign-in/owner-key',
    'POST /owner-key/cancel',
    'POST /me/owner-key/keep',
  ],
  'people/organisation.test.ts': ['PUT /organisation/pgp'],
  'people/codes.test.ts': ['POST /sites/:site/visitor/proof'],
  'duties/privacy.test.ts': ['POST /sites/:site/visitor/requests'],
  'duties/rights.test.ts': ['POST /sites/:site/visitor/consents/withdraw'],
  'duties/transcripts.test.ts': ['POST /conversations/:id/transcripts'],
  'duties/incidents.test.ts': [
    'POST /incidents/:id/close',
    'PUT /incident-plan/policy',
    'POST /incident-plan/policy/:version/approval',
  ],
  'duties/returns.test.ts': ['POST /backups/returns'],
  'duties/training.test.ts': ['POST /training/lessons/:lesson/answers'],
} as const;

/** The doors by which anything was done here, each as what its entries say: `POST /teams teams.create`. */
export async function entered(): Promise<Set<string>> {
  await ledgerOf(env).checkpoint();
  const query = `SELECT DISTINCT leaf ->> '$.facts.door' AS door, action FROM ledger WHERE leaf ->> '$.outcome' = 'done'`;
  const { results } = await env.DB.prepare(query).all<{ door: string | null; action: string }>();
  return new Set(results.map(({ door, action }) => `${door ?? ''} ${action}`));
}

/** What was done by these doors stands in the ledger as what it is recorded, by whichever way it is told of it. */
export async function enters(file: keyof typeof elsewhere): Promise<void> {
  const found = await entered();
  const isThere = (door: string) => {
    const action = recordedDoors[door] ?? '';
    // What can be asked again and again is entered once, apart from the request.
    return found.has(`${door} ${action}`) || found.has(` ${action}`);
  };
  expect(elsewhere[file].filter((door) => !isThere(door))).toEqual([]);
}
