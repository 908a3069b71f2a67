/** What is held back, and the incident that it is held back for, outlast the loss of a whole deployment. */
import { Secret, TOTP } from 'otpauth';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { heldNow } from '../../src/people/containment.ts';
import { hashPassword } from '../../src/people/identity/password.ts';
import { setPassword, StaffDirectory } from '../../src/people/staff.ts';
import type { ContainmentAnswer, ContainmentsAnswer } from '../../src/protocol/containment.ts';
import type { IncidentAnswer } from '../../src/protocol/incidents.ts';
import type { CodesAnswer, EnrolmentAnswer, SignInAnswer, StaffSession } from '../../src/protocol/sign-in.ts';
import { call } from '../cast.ts';
import { begins, here, owner } from '../chat/files-scene.ts';
import { backedUp, beginsWithNothing, lost, putBack } from './restore-scene.ts';

const password = 'a long enough pass phrase';

beforeEach(async () => {
  await beginsWithNothing();
  await heldNow(env, 'now');
  await begins();
  const member = await new StaffDirectory(env).byId(owner.id);
  if (member === undefined) throw new Error('nobody is there');
  await setPassword(env, member, await hashPassword(await vaultOf(env), password));
});
afterEach(async () => {
  await env.DB.prepare('DELETE FROM containment').run();
  await heldNow(env, 'now');
});

const ask = <T = Record<string, unknown>>(
  token: string | undefined,
  method: string,
  path: string,
  body?: object,
) => call<T>(method, `/api/v1${path}`, { token, ...(body && { body }) });
const contains = async (wish: object): Promise<string> => {
  const { status, text, body } = await ask<ContainmentAnswer>(owner.access, 'POST', '/containment', {
    reason: 'account',
    ...wish,
  });
  expect(status, text).toBe(201);
  return body.containment.id;
};

/** As somebody who had no factor yet: they enrol on the way. */
async function signsIn(): Promise<string> {
  const half = await ask<SignInAnswer>(undefined, 'POST', '/sign-in', { address: owner.address, password });
  const { token } = half.body;
  const { secret } = (await ask<EnrolmentAnswer>(token, 'POST', '/sign-in/enrolment', {})).body;
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const shown = (await ask<CodesAnswer>(token, 'POST', '/sign-in/enrolment/confirm', { code })).body;
  const kept = { code: shown.recoveryCodes[0] };
  const done = await ask<StaffSession>(shown.token, 'POST', '/sign-in/enrolment/finish', kept);
  expect(done.status, done.text).toBe(200);
  return done.body.access;
}

it('R10 what is held back and the incidents are as the newest backup has them, though an older one is put back', async () => {
  const before = await contains({ kind: 'files' });
  const older = await backedUp();
  await ask(owner.access, 'DELETE', `/containment/${before}`);
  await contains({ kind: 'exports' });
  const locked = await contains({ kind: 'person', target: here.ben.id });
  const incident = {
    ...{
      title: 'A stolen account',
      what: 'Ben gave his code away.',
      kind: 'account',
      severity: 2,
      things: [],
    },
    ...{ noticedAt: Date.now(), beganAt: Date.now(), alarm: null, drill: false },
  };
  const declared = await ask<IncidentAnswer>(owner.access, 'POST', '/incidents', incident);
  expect(declared.status, declared.text).toBe(201);
  const { id } = declared.body.incident;
  // So many that they lie in another part than what they belong to.
  for (let note = 0; note < 20; note++)
    await env.DB.prepare(
      `INSERT INTO incident_notes VALUES (?, ?, ?, ?, 'note', CAST(randomblob(300000) AS BLOB))`,
    )
      .bind(`note ${note}`, id, note, owner.id)
      .run();
  const tables = ['incident_notes', 'incident_tasks', 'incident_clocks'];
  const counted = () =>
    Promise.all(
      tables.map((table) => env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<number>('n')),
    );
  const counts = await counted();
  await backedUp();
  await lost();
  expect(await putBack(older)).toMatchObject({ state: 'done' });
  await heldNow(env, 'now');
  expect(await counted()).toEqual(counts);
  await env.DB.prepare(`DELETE FROM incident_notes WHERE id LIKE 'note %'`).run();
  const access = await signsIn();
  const { containments } = (await ask<ContainmentsAnswer>(access, 'GET', '/containment')).body;
  expect(containments.map(({ kind }) => kind).toSorted()).toEqual(['exports', 'person']);
  expect((await ask<IncidentAnswer>(access, 'GET', `/incidents/${id}`)).body.incident.title).toBe(
    incident.title,
  );
  // Being enabled does not let them in: whoever contains it does.
  const enabled = await ask(access, 'PATCH', `/people/${here.ben.id}`, { state: 'active' });
  expect(enabled.body.code).toBe('not_allowed');
  expect((await ask(access, 'DELETE', `/containment/${locked}`)).status).toBe(200);
});

it('N20 R9 a backup that was made while all was read-only comes back so, and whoever may end it gets in and does', async () => {
  await contains({ kind: 'readOnly' });
  await backedUp();
  await lost();
  expect(await putBack()).toMatchObject({ state: 'done' });
  await heldNow(env, 'now');
  const reset = { address: owner.address };
  expect((await ask(undefined, 'POST', '/resets', reset)).status).toBe(202);
  const link = { token: 'of-nobody', password };
  expect((await ask(undefined, 'POST', '/resets/redeem', link)).body.code).not.toBe('read_only');
  const passkey = await ask(undefined, 'POST', '/sign-in/enrolment/passkey', {});
  expect(passkey.body.code).toBe('signed_out');
  const access = await signsIn();
  const [held] = (await ask<ContainmentsAnswer>(access, 'GET', '/containment')).body.containments;
  expect(held?.kind).toBe('readOnly');
  expect((await ask(access, 'POST', '/replies', {})).body.code).toBe('read_only');
  expect((await ask(access, 'DELETE', `/containment/${held?.id}`)).status).toBe(200);
});
